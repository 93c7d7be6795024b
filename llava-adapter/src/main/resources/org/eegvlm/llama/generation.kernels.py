# Choosing tokens, and moving keys and values between rows. B rows, V words, K beams; caches as in llama.kernels.py: a
# tensor [B, S, ...] a layer, each on its layer's device.

# The likeliest token of every row and its logit, so that a row without a number is noticed. logits [B, V] -> [2, B]
def likeliest(self, logits: Tensor) -> Tensor:
  greatest, token = torch.max(logits, -1)
  return torch.stack([token.to(7), greatest.to(7)])

# log p of some tokens in every row. logits [B, V], tokens [N] -> [B, N]
def log_probabilities(self, logits: Tensor, tokens: Tensor) -> Tensor:
  return torch.log_softmax(logits, -1).index_select(-1, tokens)

# The best continuations of each prompt's beams, best first. logits [B K, V], scores [B K] of what the beams said so far.
# Scores and numbers (beam * V + token), both [B, keep].
def best_continuations(self, logits: Tensor, scores: Tensor, beams: int, keep: int) -> Tuple[Tensor, Tensor]:
  log_p = torch.log_softmax(logits, -1) + scores.unsqueeze(1)
  return torch.topk(log_p.view([-1, beams * logits.size(-1)]), keep)

# The rows of x in the given order, again or left out
def select(self, x: Tensor, rows: Tensor) -> Tensor:
  return x.index_select(0, rows.to(x.device))

# Rows change places in some slots alone.
def reorder(self, caches: List[Tensor], rows: Tensor, start: int, end: int) -> None:
  for cache in caches:
    slots = cache[:, start:end]
    slots.copy_(slots.index_select(0, rows.to(cache.device)))

# The first slots of the first row of other caches, for every row of these
def begin_with(self, caches: List[Tensor], others: List[Tensor], slots: int) -> None:
  for l in range(len(caches)):
    caches[l][:, :slots].copy_(others[l][:1, :slots])
