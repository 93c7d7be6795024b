# The Llama decoder. B rows, T tokens, D width, H heads, S slots of the cache, V words.
#
# w: the nine tensors of a layer: 0 input norm; 1 q, 2 k, 3 v, 4 o; 5 post-attention norm; 6 gate, 7 up, 8 down. Where
#   projections are quantised to NF4, those are uint8, and three tensors for each of the seven follow
# lora: A and B of every adapted projection of the layer, pair after pair
# slots: for q, k, v, o, gate, up, down: the number of its pair in lora, or -1
# frequencies [head / 2]: the inverse frequencies of the rotary embedding, fp32

# Normalised in fp32 and rounded before it is weighted, as in transformers
def norm(self, x: Tensor, weight: Tensor, eps: float) -> Tensor:
  return torch.rms_norm(x, [x.size(-1)], None, eps) * weight

# x W'. For a few bfloat16 tokens on a processor oneDNN itself: torch's own product first copies the matrix, every time.
def times(self, x: Tensor, weight: Tensor) -> Tensor:
  few = x.numel() <= 16 * x.size(-1) and x.dtype == 15
  if few and not x.is_cuda and not x.requires_grad and ops.mkldnn._is_mkldnn_bf16_supported():
    return ops.mkldnn._linear_pointwise(x, weight, None, "none", annotate(List[Optional[number]], []), "")
  return torch.linear(x, weight)

# x W' for the projection whose weight is w[i], quantised or not
def product(self, x: Tensor, w: List[Tensor], i: int) -> Tensor:
  if w[i].dtype != 0:
    return self.times(x, w[i])
  statistics = 9 + 3 * (i - 1 if i < 5 else i - 2)
  return self.nf4_linear(x, w[i], w[statistics], w[statistics + 1], w[statistics + 2])

# x W' + scale (dropout(x) A') B', W being w[i]. The mask depends on the seed alone: a layer computed twice drops the same.
# Scaling the narrow product and adding inside the last matrix product saves three passes over the wide one.
def linear(self, x: Tensor, w: List[Tensor], i: int, lora: List[Tensor], slot: int, scale: float, dropout: float, seed: int) -> Tensor:
  y = self.product(x, w, i)
  if slot >= 0:
    down = lora[2 * slot].to(x.dtype)
    up = lora[2 * slot + 1].to(x.dtype)
    if dropout > 0.0:
      generator = torch.Generator(device=x.device, seed=seed + slot)
      x = x * torch.bernoulli(x.detach(), 1.0 - dropout, generator=generator)
    narrow = torch.linear(x, down) * (scale / (1.0 - dropout))
    y = torch.addmm(y.view([-1, y.size(-1)]), narrow.view([-1, narrow.size(-1)]), up.t()).view(y.size())
  return y

# Cosines and sines for x's T tokens in x's type and place, [B or 1, T, 1, head] each: one angle for the dimensions j and
# j + head / 2, as in transformers; the first half of the sines has its sign turned. positions [B or 1, T]
def rotation(self, positions: Tensor, frequencies: Tensor, x: Tensor) -> List[Tensor]:
  angles = (positions.to(6).unsqueeze(-1) * frequencies.to(x.device)).unsqueeze(2)
  cos, sin = torch.cos(angles), torch.sin(angles)
  return [torch.cat([cos, cos], -1).to(x.dtype), torch.cat([-sin, sin], -1).to(x.dtype)]

# x [B, T, H, head]
def rotate(self, x: Tensor, rotation: List[Tensor]) -> Tensor:
  return x * rotation[0] + torch.roll(x, [x.size(-1) // 2], [-1]) * rotation[1]

# Queries [B, T, H, head], keys and values [B, T, K, head], the first two rotated.
def attention_inputs(self, x: Tensor, rotation: List[Tensor], w: List[Tensor], lora: List[Tensor], slots: List[int], eps: float, scale: float, dropout: float, seed: int) -> Tuple[Tensor, Tensor, Tensor]:
  B, T, D = x.size()
  head = rotation[0].size(-1)
  h = self.norm(x, w[0], eps)
  q = self.linear(h, w, 1, lora, slots[0], scale, dropout, seed).view([B, T, -1, head])
  k = self.linear(h, w, 2, lora, slots[1], scale, dropout, seed).view([B, T, -1, head])
  v = self.linear(h, w, 3, lora, slots[2], scale, dropout, seed).view([B, T, -1, head])
  return self.rotate(q, rotation), self.rotate(k, rotation), v

# q [B, T, H, head], k and v [B, S, K, head], mask [B or 1, 1, T, S] or none -> [B, T, H head].
# Fused attention wants as many keys as queries on a CPU. One token's queries that share a key go as if they were tokens;
# for several tokens the keys are repeated.
def attend(self, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], causal: bool) -> Tensor:
  B, T, H, head = q.size()
  K = k.size(2)
  if T == 1 and H != K:
    y = torch.scaled_dot_product_attention(q.view([B, K, -1, head]), k.transpose(1, 2), v.transpose(1, 2), mask, 0.0, False)
    return y.reshape([B, 1, -1])
  if H != K:
    k = k.unsqueeze(3).expand([-1, -1, -1, H // K, -1]).reshape([B, -1, H, head])
    v = v.unsqueeze(3).expand([-1, -1, -1, H // K, -1]).reshape([B, -1, H, head])
  y = torch.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), mask, 0.0, causal)
  return y.transpose(1, 2).reshape([B, T, -1])

# What follows the attention: output projection and SwiGLU, each added to the stream. attended [B, T, H head]
def finish_layer(self, x: Tensor, attended: Tensor, w: List[Tensor], lora: List[Tensor], slots: List[int], eps: float, scale: float, dropout: float, seed: int) -> Tensor:
  x = x + self.linear(attended, w, 4, lora, slots[3], scale, dropout, seed)
  h = self.norm(x, w[5], eps)
  gate = torch.silu(self.linear(h, w, 6, lora, slots[4], scale, dropout, seed))
  up = self.linear(h, w, 7, lora, slots[5], scale, dropout, seed)
  return x + self.linear(gate * up, w, 8, lora, slots[6], scale, dropout, seed)

# One layer over whole sequences that begin at position 0; padding stands on the right, where no token sees it. x comes to
# where the layer lies.
def layer(self, x: Tensor, frequencies: Tensor, w: List[Tensor], lora: List[Tensor], slots: List[int], eps: float, scale: float, dropout: float, seed: int) -> Tensor:
  x = x.to(w[0].device)
  rotation = self.rotation(torch.arange(x.size(1), device=x.device).unsqueeze(0), frequencies, x)
  q, k, v = self.attention_inputs(x, rotation, w, lora, slots, eps, scale, dropout, seed)
  attended = self.attend(q, k, v, None, True)
  return self.finish_layer(x, attended, w, lora, slots, eps, scale, dropout, seed)

# Recomputes the layer; returns the gradients of x and of every tensor in lora.
def layer_vjp(self, x: Tensor, gradient: Tensor, frequencies: Tensor, w: List[Tensor], lora: List[Tensor], slots: List[int], eps: float, scale: float, dropout: float, seed: int) -> List[Tensor]:
  inputs = [x.detach().to(w[0].device).requires_grad_(True)]
  for tensor in lora:
    inputs = inputs + [tensor.detach().requires_grad_(True)]
  y = self.layer(inputs[0], frequencies, w, inputs[1:], slots, eps, scale, dropout, seed)
  outer = annotate(List[Optional[Tensor]], [gradient.to(y.device)])
  return self.present(torch.grad([y], inputs, outer, None, False, False))

def present(self, gradients: List[Optional[Tensor]]) -> List[Tensor]:
  found = annotate(List[Tensor], [])
  for gradient in gradients:
    found = found + [torch._unwrap_optional(gradient)]
  return found

def embed(self, weight: Tensor, ids: Tensor) -> Tensor:
  return torch.embedding(weight, ids)

# What the head says of the last layer's output, which comes to where the head lies: [..., V]
def scores(self, x: Tensor, norm: Tensor, head: Tensor, eps: float) -> Tensor:
  return self.times(self.norm(x.to(norm.device), norm, eps), head)

def logits(self, x: Tensor, norm: Tensor, head: Tensor, eps: float) -> Tensor:
  return self.scores(x, norm, head, eps).to(6)

# In fp32, or in fp64 where the layers compute in it
def cross_entropy_sum(self, x: Tensor, targets: Tensor, norm: Tensor, head: Tensor, eps: float) -> Tensor:
  scores = self.scores(x, norm, head, eps)
  scores = scores if scores.dtype == 7 else scores.to(6)
  return torch.cross_entropy_loss(scores, targets, None, 2, -100, 0.0)

# Mean cross entropy over the positions whose label is not -100. labels [B, T]: the token that should follow;
# chunk: how many positions have their logits in memory at a time.
def loss(self, x: Tensor, labels: Tensor, norm: Tensor, head: Tensor, eps: float, chunk: int) -> Tensor:
  rows = torch.nonzero(labels.reshape([-1]) != -100).view([-1])
  supervised = x.reshape([-1, x.size(-1)]).index_select(0, rows)
  targets = labels.reshape([-1]).index_select(0, rows)
  total = torch.zeros([], dtype=7, device=x.device)
  for start in range(0, rows.size(0), chunk):
    total = total + self.cross_entropy_sum(supervised[start:start + chunk], targets[start:start + chunk], norm, head, eps)
  return total / rows.size(0)

# The same; returns the loss, the gradient of x and the number of those positions.
def loss_vjp(self, x: Tensor, labels: Tensor, norm: Tensor, head: Tensor, eps: float, chunk: int) -> List[Tensor]:
  rows = torch.nonzero(labels.reshape([-1]) != -100).view([-1])
  supervised = x.detach().reshape([-1, x.size(-1)]).index_select(0, rows)
  targets = labels.reshape([-1]).index_select(0, rows)
  total = torch.zeros([], dtype=7, device=x.device)
  gradient = torch.zeros_like(supervised)
  for start in range(0, rows.size(0), chunk):
    part = supervised[start:start + chunk].detach().requires_grad_(True)
    loss = self.cross_entropy_sum(part, targets[start:start + chunk], norm, head, eps) / rows.size(0)
    total = total + loss.detach()
    gradient[start:start + chunk] = self.present(torch.grad([loss], [part], None, None, False, False))[0]
  everywhere = torch.zeros_like(x).view([-1, x.size(-1)]).index_copy(0, rows, gradient)
  return [total, everywhere.view(x.size()), torch.tensor(rows.size(0))]

# T new tokens after what the cache holds; their keys and values are written to it. keys, values: a [B, S, K, head] a layer.
# starts [B]: the slot of each row's first new token; a token sees the slots up to its own.
# w, lora: the layers' tensors one after another, pairs: the number of adapted projections of a layer.
def extend(self, x: Tensor, starts: List[int], keys: List[Tensor], values: List[Tensor], frequencies: Tensor, w: List[Tensor], lora: List[Tensor], pairs: int, slots: List[int], eps: float, scale: float) -> Tensor:
  T = x.size(1)
  start, last = min(starts), max(starts)
  even = start == last
  end = last + T
  positions = torch.arange(start, end, device=x.device).unsqueeze(0)
  if not even:
    positions = torch.tensor(starts, device=x.device).unsqueeze(1) + torch.arange(T, device=x.device)
  rows = torch.arange(x.size(0), device=x.device).unsqueeze(1)
  mask = annotate(Optional[Tensor], None)
  causal = even and start == 0
  if not causal and not (even and T == 1):
    mask = positions.unsqueeze(1).unsqueeze(3) >= torch.arange(end, device=x.device)
  rotation = self.rotation(positions, frequencies, x)
  tensors = len(w) // len(keys)
  for l in range(len(keys)):
    layer_w = w[tensors * l:tensors * (l + 1)]
    layer_lora = lora[2 * pairs * l:2 * pairs * (l + 1)]
    if x.device != layer_w[0].device:
      x = x.to(layer_w[0].device)
      rotation = [rotation[0].to(x.device), rotation[1].to(x.device)]
      positions, rows = positions.to(x.device), rows.to(x.device)
      if mask is not None:
        mask = mask.to(x.device)
    q, k, v = self.attention_inputs(x, rotation, layer_w, layer_lora, slots, eps, scale, 0.0, 0)
    if even:
      keys[l][:, start:end] = k
      values[l][:, start:end] = v
    else:
      torch.index_put_(keys[l], [rows, positions], k)
      torch.index_put_(values[l], [rows, positions], v)
    attended = self.attend(q, keys[l][:, :end], values[l][:, :end], mask, causal and T > 1)
    x = self.finish_layer(x, attended, layer_w, layer_lora, slots, eps, scale, 0.0, 0)
  return x

def zeros(self, like: Tensor, shape: List[int]) -> Tensor:
  return torch.zeros(shape, dtype=like.dtype, device=like.device)

# The last token's output of every row. x [B, T, D], last [B] -> [B, D]
def at(self, x: Tensor, last: Tensor) -> Tensor:
  rows = torch.arange(x.size(0), device=x.device)
  return torch.index(x, [rows, last])

# W + scale B A, computed in fp32
def merged(self, weight: Tensor, down: Tensor, up: Tensor, scale: float) -> Tensor:
  return (weight.to(6) + torch.matmul(up.to(6), down.to(6)) * scale).to(weight.dtype)
