# The Llama decoder. B rows, T tokens, D width, H heads, S slots of the cache, V words.
#
# w: the nine tensors of a layer: 0 input norm; 1 q, 2 k, 3 v, 4 o; 5 post-attention norm; 6 gate, 7 up, 8 down
# lora: A and B of every adapted projection of the layer, pair after pair
# slots: for q, k, v, o, gate, up, down: the number of its pair in lora, or -1
# frequencies [head / 2]: the inverse frequencies of the rotary embedding, fp32

# x W' + scale (dropout(x) A') B'. The mask depends on the seed alone: a layer computed twice drops the same.
# Scaling the narrow product and adding inside the last matrix product saves three passes over the wide one.
def linear(self, x: Tensor, weight: Tensor, lora: List[Tensor], slot: int, scale: float, dropout: float, seed: int) -> Tensor:
  y = torch.linear(x, weight)
  if slot >= 0:
    down = lora[2 * slot].to(x.dtype)
    up = lora[2 * slot + 1].to(x.dtype)
    if dropout > 0.0:
      generator = torch.Generator(device=x.device, seed=seed + slot)
      x = x * torch.bernoulli(x.detach(), 1.0 - dropout, generator=generator)
    narrow = torch.linear(x, down) * (scale / (1.0 - dropout))
    y = torch.addmm(y.view([-1, y.size(-1)]), narrow.view([-1, narrow.size(-1)]), up.t()).view(y.size())
  return y

# One angle for the dimensions j and j + head / 2, as in transformers. x [B, H, T, head], angles [B or 1, 1, T, head / 2]
def rotate(self, x: Tensor, angles: Tensor) -> Tensor:
  cos = torch.cos(angles).to(x.dtype)
  sin = torch.sin(angles).to(x.dtype)
  left, right = x.chunk(2, -1)
  return torch.cat([left * cos - right * sin, right * cos + left * sin], -1)

# Queries, keys and values [B, H, T, head], the first two rotated. positions [B or 1, T]
def attention_inputs(self, x: Tensor, positions: Tensor, frequencies: Tensor, w: List[Tensor], lora: List[Tensor], slots: List[int], eps: float, scale: float, dropout: float, seed: int) -> Tuple[Tensor, Tensor, Tensor]:
  B, T, D = x.size()
  head = 2 * frequencies.size(0)
  h = torch.rms_norm(x, [D], w[0], eps)
  q = self.linear(h, w[1], lora, slots[0], scale, dropout, seed).view([B, T, -1, head]).transpose(1, 2)
  k = self.linear(h, w[2], lora, slots[1], scale, dropout, seed).view([B, T, -1, head]).transpose(1, 2)
  v = self.linear(h, w[3], lora, slots[2], scale, dropout, seed).view([B, T, -1, head]).transpose(1, 2)
  angles = (positions.to(6).unsqueeze(-1) * frequencies).unsqueeze(1)
  return self.rotate(q, angles), self.rotate(k, angles), v

# What follows the attention: output projection and SwiGLU, each added to the stream. attended [B, H, T, head]
def finish_layer(self, x: Tensor, attended: Tensor, w: List[Tensor], lora: List[Tensor], slots: List[int], eps: float, scale: float, dropout: float, seed: int) -> Tensor:
  B, T, D = x.size()
  x = x + self.linear(attended.transpose(1, 2).reshape([B, T, -1]), w[4], lora, slots[3], scale, dropout, seed)
  h = torch.rms_norm(x, [D], w[5], eps)
  gate = torch.silu(self.linear(h, w[6], lora, slots[4], scale, dropout, seed))
  up = self.linear(h, w[7], lora, slots[5], scale, dropout, seed)
  return x + self.linear(gate * up, w[8], lora, slots[6], scale, dropout, seed)

# One layer over whole sequences that begin at position 0; padding stands on the right, where no token sees it.
def layer(self, x: Tensor, frequencies: Tensor, w: List[Tensor], lora: List[Tensor], slots: List[int], eps: float, scale: float, dropout: float, seed: int) -> Tensor:
  positions = torch.arange(x.size(1), device=x.device).unsqueeze(0)
  q, k, v = self.attention_inputs(x, positions, frequencies, w, lora, slots, eps, scale, dropout, seed)
  attended = torch.scaled_dot_product_attention(q, k, v, None, 0.0, True, scale=None, enable_gqa=q.size(1) != k.size(1))
  return self.finish_layer(x, attended, w, lora, slots, eps, scale, dropout, seed)

# Recomputes the layer; returns the gradients of x and of every tensor in lora.
def layer_vjp(self, x: Tensor, gradient: Tensor, frequencies: Tensor, w: List[Tensor], lora: List[Tensor], slots: List[int], eps: float, scale: float, dropout: float, seed: int) -> List[Tensor]:
  inputs = [x.detach().requires_grad_(True)]
  for tensor in lora:
    inputs = inputs + [tensor.detach().requires_grad_(True)]
  y = self.layer(inputs[0], frequencies, w, inputs[1:], slots, eps, scale, dropout, seed)
  outer = annotate(List[Optional[Tensor]], [gradient])
  return self.present(torch.grad([y], inputs, outer, None, False, False))

def present(self, gradients: List[Optional[Tensor]]) -> List[Tensor]:
  found = annotate(List[Tensor], [])
  for gradient in gradients:
    found = found + [torch._unwrap_optional(gradient)]
  return found

def embed(self, weight: Tensor, ids: Tensor) -> Tensor:
  return torch.embedding(weight, ids)

# fp32 logits [..., V] of the last layer's output
def logits(self, x: Tensor, norm: Tensor, head: Tensor, eps: float) -> Tensor:
  return torch.linear(torch.rms_norm(x, [x.size(-1)], norm, eps), head).to(6)

def cross_entropy_sum(self, x: Tensor, targets: Tensor, norm: Tensor, head: Tensor, eps: float) -> Tensor:
  return torch.cross_entropy_loss(self.logits(x, norm, head, eps), targets, None, 2, -100, 0.0)

# Mean cross entropy over the positions whose label is not -100. labels [B, T]: the token that should follow;
# chunk: how many positions have their logits in memory at a time.
def loss(self, x: Tensor, labels: Tensor, norm: Tensor, head: Tensor, eps: float, chunk: int) -> Tensor:
  rows = torch.nonzero(labels.reshape([-1]) != -100).view([-1])
  supervised = x.reshape([-1, x.size(-1)]).index_select(0, rows)
  targets = labels.reshape([-1]).index_select(0, rows)
  total = torch.zeros([], dtype=6, device=x.device)
  for start in range(0, rows.size(0), chunk):
    total = total + self.cross_entropy_sum(supervised[start:start + chunk], targets[start:start + chunk], norm, head, eps)
  return total / rows.size(0)

# The same; returns the loss, the gradient of x and the number of those positions.
def loss_vjp(self, x: Tensor, labels: Tensor, norm: Tensor, head: Tensor, eps: float, chunk: int) -> List[Tensor]:
  rows = torch.nonzero(labels.reshape([-1]) != -100).view([-1])
  supervised = x.detach().reshape([-1, x.size(-1)]).index_select(0, rows)
  targets = labels.reshape([-1]).index_select(0, rows)
  total = torch.zeros([], dtype=6, device=x.device)
  gradient = torch.zeros_like(supervised)
  for start in range(0, rows.size(0), chunk):
    part = supervised[start:start + chunk].detach().requires_grad_(True)
    loss = self.cross_entropy_sum(part, targets[start:start + chunk], norm, head, eps) / rows.size(0)
    total = total + loss.detach()
    gradient[start:start + chunk] = self.present(torch.grad([loss], [part], None, None, False, False))[0]
  everywhere = torch.zeros_like(x).view([-1, x.size(-1)]).index_copy(0, rows, gradient)
  return [total, everywhere.view(x.size()), torch.tensor(rows.size(0))]

# T new tokens after what the cache holds; their keys and values are written to it. keys, values: a [B, S, H, head] a layer.
# positions [B, T]: the slot of each token; a token sees the slots up to its own. end: one more than the largest of them.
# w, lora: the layers' tensors one after another, pairs: the number of adapted projections of a layer.
def extend(self, x: Tensor, positions: Tensor, end: int, keys: List[Tensor], values: List[Tensor], frequencies: Tensor, w: List[Tensor], lora: List[Tensor], pairs: int, slots: List[int], eps: float, scale: float) -> Tensor:
  rows = torch.arange(x.size(0), device=x.device).unsqueeze(1)
  seen = positions.unsqueeze(1).unsqueeze(3) >= torch.arange(end, device=x.device)
  for l in range(len(keys)):
    layer_w = w[9 * l:9 * l + 9]
    layer_lora = lora[2 * pairs * l:2 * pairs * (l + 1)]
    q, k, v = self.attention_inputs(x, positions, frequencies, layer_w, layer_lora, slots, eps, scale, 0.0, 0)
    torch.index_put_(keys[l], [rows, positions], k.transpose(1, 2))
    torch.index_put_(values[l], [rows, positions], v.transpose(1, 2))
    past_keys = keys[l][:, :end].transpose(1, 2)
    past_values = values[l][:, :end].transpose(1, 2)
    attended = torch.scaled_dot_product_attention(q, past_keys, past_values, seen, 0.0, False, scale=None, enable_gqa=q.size(1) != k.size(1))
    x = self.finish_layer(x, attended, layer_w, layer_lora, slots, eps, scale, 0.0, 0)
  return x

def zeros(self, like: Tensor, shape: List[int]) -> Tensor:
  return torch.zeros(shape, dtype=like.dtype, device=like.device)

# The last token's output of every row. x [B, T, D], last [B] -> [B, D]
def at(self, x: Tensor, last: Tensor) -> Tensor:
  rows = torch.arange(x.size(0), device=x.device)
  return torch.index(x, [rows, last])

# log p of targets [B, T] after x [B, T, D], summed over T -> [B]
def log_probability(self, x: Tensor, targets: Tensor, norm: Tensor, head: Tensor, eps: float) -> Tensor:
  log_p = torch.log_softmax(self.logits(x, norm, head, eps), -1)
  return log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1).sum(-1)

# W + scale B A, computed in fp32
def merged(self, weight: Tensor, down: Tensor, up: Tensor, scale: float) -> Tensor:
  return (weight.to(6) + torch.matmul(up.to(6), down.to(6)) * scale).to(weight.dtype)
