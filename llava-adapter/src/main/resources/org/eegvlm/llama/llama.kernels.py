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

# x W' for the projection whose weight is w[i], quantised or not
def product(self, x: Tensor, w: List[Tensor], i: int) -> Tensor:
  if w[i].dtype != 0:
    return self.times(x, w[i], None)
  statistics = 9 + 3 * (i - 1 if i < 5 else i - 2)
  return self.nf4_linear(x, w[i], w[statistics], w[statistics + 1], w[statistics + 2])

# Which numbers of x are dropped, each by itself with the given probability: the gaps between them are drawn, of which there
# are few. They depend on the seed alone, so that a layer computed twice drops the same.
def dropped(self, x: Tensor, probability: float, seed: int) -> Tensor:
  generator = torch.Generator(device=x.device, seed=seed)
  mean = x.numel() * probability
  uniform = torch.empty([int(mean + 10.0 * mean ** 0.5 + 10.0)], dtype=6, device=x.device).uniform_(0.0, 1.0, generator=generator)
  gaps = torch.ceil(torch.log1p(-uniform) / torch.log(1.0 - probability)) # 0 is drawn at times, 1 never
  at = torch.cumsum(torch.clamp(gaps, 1.0, float(x.numel())).to(4), 0) - 1
  return at[:int(torch.sum(at < x.numel()))]

# x without them
def dropout(self, x: Tensor, dropped: Tensor) -> Tensor:
  return x.reshape([-1]).index_fill(0, dropped, 0.0).view(x.size())

# x W' + scale (dropout(x) A') B', W being w[i]. Scaling the narrow product and adding inside the last matrix product saves
# three passes over the wide one.
def linear(self, x: Tensor, w: List[Tensor], i: int, lora: List[Tensor], slot: int, scale: float) -> Tensor:
  return self.adapted(x, w, i, lora, slot, scale, 0.0, 0)[0]

# The same as in training. Where the projection is adapted there follow the narrow product [N, r], scaled, and, if any are,
# the numbers of x that were dropped: the way back needs them.
def adapted(self, x: Tensor, w: List[Tensor], i: int, lora: List[Tensor], slot: int, scale: float, dropout: float, seed: int) -> List[Tensor]:
  y = self.product(x, w, i)
  if slot < 0:
    return [y]
  dropped = annotate(List[Tensor], [])
  if dropout > 0.0:
    dropped = [self.dropped(x, dropout, seed + slot)]
    x = self.dropout(x, dropped[0])
  narrow = torch.linear(x, lora[2 * slot].to(x.dtype)).view([-1, lora[2 * slot].size(0)]) * (scale / (1.0 - dropout))
  torch.addmm_(y.view([-1, y.size(-1)]), narrow, lora[2 * slot + 1].to(x.dtype).t())
  return [y, narrow] + dropped

# Cosines and sines for x's T tokens in x's type and place, [B or 1, T, 1, head] each: one angle for the dimensions j and
# j + head / 2, as in transformers; the first half of the sines has its sign turned. positions [B or 1, T]
def rotation(self, positions: Tensor, frequencies: Tensor, x: Tensor) -> List[Tensor]:
  angles = (positions.to(6).unsqueeze(-1) * frequencies.to(x.device)).unsqueeze(2)
  cos, sin = torch.cos(angles), torch.sin(angles)
  return [torch.cat([cos, cos], -1).to(x.dtype), torch.cat([-sin, sin], -1).to(x.dtype)]

# x [B, T, H, head]
def rotate(self, x: Tensor, rotation: List[Tensor]) -> Tensor:
  return x * rotation[0] + torch.roll(x, [x.size(-1) // 2], [-1]) * rotation[1]

# Every key or value for each of the queries that share it. [B, S, K, head] -> [B, S, H, head]
def repeated(self, x: Tensor, heads: int) -> Tensor:
  B, S, K, head = x.size()
  if K == heads:
    return x
  return x.unsqueeze(3).expand([-1, -1, -1, heads // K, -1]).reshape([B, S, heads, head])

# q [B, T, H, head], k and v [B, S, K, head], mask [B or 1, 1, T, S] or none -> [B, T, H head].
# Fused attention wants as many keys as queries on a CPU. One token's queries that share a key go as if they were tokens;
# for several tokens the keys are repeated.
def attend(self, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], causal: bool) -> Tensor:
  B, T, H, head = q.size()
  K = k.size(2)
  if T == 1 and H != K:
    y = torch.scaled_dot_product_attention(q.view([B, K, -1, head]), k.transpose(1, 2), v.transpose(1, 2), mask, 0.0, False)
    return y.reshape([B, 1, -1])
  k, v = self.repeated(k, H).transpose(1, 2), self.repeated(v, H).transpose(1, 2)
  y = torch.scaled_dot_product_attention(q.transpose(1, 2), k, v, mask, 0.0, causal)
  return y.transpose(1, 2).reshape([B, T, -1])

# What follows the attention: output projection and SwiGLU, each added to the stream. attended [B, T, H head]. In place, for
# nothing here is kept for a way back.
def finish_layer(self, x: Tensor, attended: Tensor, w: List[Tensor], lora: List[Tensor], slots: List[int], eps: float, scale: float) -> Tensor:
  x = torch.add_(self.linear(attended, w, 4, lora, slots[3], scale), x)
  h = self.norm(x, w[5], eps)
  gate = torch.silu_(self.linear(h, w, 6, lora, slots[4], scale))
  torch.mul_(gate, self.linear(h, w, 7, lora, slots[5], scale))
  return torch.add_(self.linear(gate, w, 8, lora, slots[6], scale), x)

# One layer over whole samples that lie end to end, each from position 0 on: nothing is computed for padding.
# x [B, T, D], lengths: of the samples, B T together; x comes to where the layer lies.
# Returns the output and what is inside that the way back needs: queries, keys and values before they are rotated, the
# attention with its own way back to these, the stream after it, both halves of the SwiGLU; then, for each adapted
# projection, what `adapted` tells.
def layer(self, x: Tensor, lengths: List[int], frequencies: Tensor, w: List[Tensor], lora: List[Tensor], slots: List[int], eps: float, scale: float, dropout: float, seed: int) -> List[Tensor]:
  x = x.to(w[0].device)
  h = self.norm(x, w[0], eps)
  q = self.adapted(h, w, 1, lora, slots[0], scale, dropout, seed)
  k = self.adapted(h, w, 2, lora, slots[1], scale, dropout, seed)
  v = self.adapted(h, w, 3, lora, slots[2], scale, dropout, seed)
  start = [q[0].detach().requires_grad_(True), k[0].detach().requires_grad_(True), v[0].detach().requires_grad_(True)]
  attended = self.attend_samples(start[0], start[1], start[2], lengths, frequencies)
  o = self.adapted(attended.detach(), w, 4, lora, slots[3], scale, dropout, seed)
  middle = torch.add_(o[0], x)
  h = self.norm(middle, w[5], eps)
  gate = self.adapted(h, w, 6, lora, slots[4], scale, dropout, seed)
  up = self.adapted(h, w, 7, lora, slots[5], scale, dropout, seed)
  down = self.adapted(torch.mul_(torch.silu(gate[0]), up[0]), w, 8, lora, slots[6], scale, dropout, seed)
  told = q[1:] + k[1:] + v[1:] + o[1:] + gate[1:] + up[1:] + down[1:]
  return [torch.add_(down[0], middle)] + start + [attended, middle, gate[0], up[0]] + told

# Causal attention within each sample. q [B, T, H head], k and v [B, T, K head] -> [B, T, H head]
def attend_samples(self, q: Tensor, k: Tensor, v: Tensor, lengths: List[int], frequencies: Tensor) -> Tensor:
  head = 2 * frequencies.size(0)
  positions = annotate(List[Tensor], [])
  for length in lengths:
    positions = positions + [torch.arange(length, device=q.device)]
  rotation = self.rotation(torch.cat(positions).unsqueeze(0), frequencies, q)
  queries = self.rotate(q.view([1, -1, q.size(-1) // head, head]), rotation)
  keys = self.rotate(k.view([1, -1, k.size(-1) // head, head]), rotation)
  values = v.view([1, -1, v.size(-1) // head, head])
  samples = torch.split_with_sizes(queries, lengths, 1)
  seen = torch.split_with_sizes(self.repeated(keys, queries.size(2)), lengths, 1)
  said = torch.split_with_sizes(self.repeated(values, queries.size(2)), lengths, 1)
  parts = annotate(List[Tensor], [])
  for i in range(len(lengths)):
    parts = parts + [self.attend(samples[i], seen[i], said[i], None, True)]
  return torch.cat(parts, 1).view(q.size())

# dy W for the projection whose weight is w[i], quantised or not
def product_back(self, gradient: Tensor, w: List[Tensor], i: int) -> Tensor:
  if w[i].dtype != 0:
    return self.times_back(gradient, w[i])
  statistics = 9 + 3 * (i - 1 if i < 5 else i - 2)
  return self.nf4_back(gradient, w[i], w[statistics], w[statistics + 1], w[statistics + 2])

# For y = linear(x), x and the gradient of y [N, width]: the gradient of x, and, if it is adapted, those of its A and B.
# told: what `adapted` told of every projection
def linear_back(self, x: Tensor, gradient: Tensor, w: List[Tensor], i: int, lora: List[Tensor], slot: int, told: List[Tensor], scale: float, dropout: float) -> List[Tensor]:
  dx = self.product_back(gradient, w, i)
  if slot < 0:
    return [dx]
  down, up = lora[2 * slot].to(x.dtype), lora[2 * slot + 1].to(x.dtype)
  of_narrow = torch.mm(gradient, up) * (scale / (1.0 - dropout))
  if dropout > 0.0:
    narrow, dropped = told[2 * slot], told[2 * slot + 1]
    x = self.dropout(x, dropped)
    through = torch.mm(of_narrow, down)
    torch.index_fill_(through.view([-1]), 0, dropped, 0.0)
    torch.add_(dx, through)
  else:
    narrow = told[slot]
    torch.addmm_(dx, of_narrow, down)
  of_down = torch.mm(of_narrow.t(), x)
  of_up = torch.mm(narrow.t(), gradient).t().contiguous()
  return [dx, of_down.to(lora[2 * slot].dtype), of_up.to(lora[2 * slot + 1].dtype)]

# For y = norm(x), both [N, D]: the gradient of x
def norm_back(self, x: Tensor, gradient: Tensor, weight: Tensor, eps: float) -> Tensor:
  wide = x if x.dtype == 7 else x.to(6)
  scale = torch.rsqrt(torch.mean(wide * wide, [-1], True) + eps)
  normal = wide * scale
  g = (gradient * weight).to(wide.dtype)
  return (torch.addcmul(g, normal, torch.mean(g * normal, [-1], True), value=-1.0) * scale).to(x.dtype)

# The way back through a layer, once, from what is inside it, or, where that was not kept, computing it again. The base
# stays as it is: of its products only the gradient of what goes in is needed, and nothing of what comes out.
# Returns the gradients of x and of every tensor in lora.
def layer_vjp(self, x: Tensor, inside: List[Tensor], gradient: Tensor, lengths: List[int], frequencies: Tensor, w: List[Tensor], lora: List[Tensor], slots: List[int], eps: float, scale: float, dropout: float, seed: int) -> List[Tensor]:
  x = x.to(w[0].device)
  if len(inside) == 0:
    inside = self.layer(x, lengths, frequencies, w, lora, slots, eps, scale, dropout, seed)[1:]
  q, k, v, attended, middle, gate, up = inside[:7]
  told = inside[7:]
  rows = [-1, x.size(-1)]
  dy = gradient.to(x.device).reshape(rows)

  middle = middle.view(rows)
  gate, up = gate.view([-1, gate.size(-1)]), up.view([-1, up.size(-1)])
  activated = torch.silu(gate)
  of_down = self.linear_back(activated * up, dy, w, 8, lora, slots[6], told, scale, dropout)
  of_gate = ops.aten.silu_backward(of_down[0] * up, gate)
  h = self.norm(middle, w[5], eps)
  of_up = self.linear_back(h, torch.mul_(activated, of_down[0]), w, 7, lora, slots[5], told, scale, dropout)
  of_gate = self.linear_back(h, of_gate, w, 6, lora, slots[4], told, scale, dropout)
  dy = dy + self.norm_back(middle, torch.add_(of_gate[0], of_up[0]), w[5], eps)

  of_o = self.linear_back(attended.detach().view([-1, attended.size(-1)]), dy, w, 4, lora, slots[3], told, scale, dropout)
  outer = annotate(List[Optional[Tensor]], [of_o[0].view(attended.size())])
  of_q, of_k, of_v = self.present(torch.grad([attended], [q, k, v], outer, None, False, False))
  x = x.reshape(rows)
  h = self.norm(x, w[0], eps)
  from_q = self.linear_back(h, of_q.view([-1, of_q.size(-1)]), w, 1, lora, slots[0], told, scale, dropout)
  from_k = self.linear_back(h, of_k.view([-1, of_k.size(-1)]), w, 2, lora, slots[1], told, scale, dropout)
  from_v = self.linear_back(h, of_v.view([-1, of_v.size(-1)]), w, 3, lora, slots[2], told, scale, dropout)
  dx = dy + self.norm_back(x, torch.add_(torch.add_(from_q[0], from_k[0]), from_v[0]), w[0], eps)
  return [dx.view(gradient.size())] + from_q[1:] + from_k[1:] + from_v[1:] + of_o[1:] + of_gate[1:] + of_up[1:] + of_down[1:]

def present(self, gradients: List[Optional[Tensor]]) -> List[Tensor]:
  found = annotate(List[Tensor], [])
  for gradient in gradients:
    found = found + [torch._unwrap_optional(gradient)]
  return found

def embed(self, weight: Tensor, ids: Tensor) -> Tensor:
  return torch.embedding(weight, ids)

# What the head says of the last layer's output, which comes to where the head lies: [..., V]
def scores(self, x: Tensor, norm: Tensor, head: Tensor, eps: float) -> Tensor:
  return self.times(self.norm(x.to(norm.device), norm, eps), head, None)

def logits(self, x: Tensor, norm: Tensor, head: Tensor, eps: float) -> Tensor:
  return self.scores(x, norm, head, eps).to(6)

# Mean cross entropy over the positions whose label is not -100. labels [B, T]: the token that should follow;
# chunk: how many positions have their logits in memory at a time: in fp32, or in fp64 where the layers compute in it.
# Returns it, the gradient of x and the number of those positions.
def loss_vjp(self, x: Tensor, labels: Tensor, norm: Tensor, head: Tensor, eps: float, chunk: int) -> List[Tensor]:
  rows = torch.nonzero(labels.reshape([-1]) != -100).view([-1])
  supervised = x.reshape([-1, x.size(-1)]).index_select(0, rows).to(norm.device)
  targets = labels.reshape([-1]).index_select(0, rows).unsqueeze(1).to(norm.device)
  total = torch.zeros([], dtype=7, device=norm.device)
  gradient = torch.empty_like(supervised)
  for start in range(0, rows.size(0), chunk):
    part, target = supervised[start:start + chunk], targets[start:start + chunk]
    scores = self.scores(part, norm, head, eps)
    likely = torch.log_softmax(scores, -1, 7 if x.dtype == 7 else 6)
    total = total - torch.sum(torch.gather(likely, 1, target)) / rows.size(0)
    torch.scatter_add_(torch.exp_(likely), 1, target, torch.full_like(target, -1.0, dtype=likely.dtype))
    of_scores = torch.div_(likely, float(rows.size(0))).to(x.dtype)
    gradient[start:start + chunk] = self.norm_back(part, self.times_back(of_scores, head), norm, eps)
  everywhere = torch.zeros_like(x).view([-1, x.size(-1)]).index_copy(0, rows, gradient.to(x.device))
  return [total.to(x.device), everywhere.view(x.size()), torch.tensor(rows.size(0))]

# T new tokens after what the cache holds; their keys and values are written to it. keys, values: a [B, S, K, head] a layer.
# starts [B]: the slot of each row's first new token; a token sees the slots up to its own.
# last: the token of each row whose output is wanted, so that the last layer answers for no other; empty: all are.
# w, lora: the layers' tensors one after another, pairs: the number of adapted projections of a layer.
# Returns the last layer's output, [B, T, D] or [B, 1, D].
def extend(self, x: Tensor, starts: List[int], last: List[int], keys: List[Tensor], values: List[Tensor], frequencies: Tensor, w: List[Tensor], lora: List[Tensor], pairs: int, slots: List[int], eps: float, scale: float) -> Tensor:
  B, T, D = x.size()
  start, end = min(starts), max(starts) + T
  even = end == start + T
  positions = torch.arange(start, end, device=x.device).unsqueeze(0)
  if not even:
    positions = torch.tensor(starts, device=x.device).unsqueeze(1) + torch.arange(T, device=x.device)
  rows = torch.arange(B, device=x.device).unsqueeze(1)
  mask = annotate(Optional[Tensor], None)
  causal = even and start == 0 and T > 1
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
    h = self.norm(x, layer_w[0], eps)
    k = self.rotate(self.heads(h, rotation, layer_w, 2, layer_lora, slots[1], scale), rotation)
    v = self.heads(h, rotation, layer_w, 3, layer_lora, slots[2], scale)
    if even:
      keys[l][:, start:end] = k
      values[l][:, start:end] = v
    else:
      torch.index_put_(keys[l], [rows, positions], k)
      torch.index_put_(values[l], [rows, positions], v)
    if l + 1 == len(keys) and T > 1 and len(last) > 0:
      wanted = torch.tensor(last, device=x.device).unsqueeze(1)
      x, h = torch.index(x, [rows, wanted]), torch.index(h, [rows, wanted])
      positions = torch.index(positions.expand([B, -1]), [rows, wanted])
      mask = positions.unsqueeze(1).unsqueeze(3) >= torch.arange(end, device=x.device)
      rotation = self.rotation(positions, frequencies, x)
      causal = False
    q = self.rotate(self.heads(h, rotation, layer_w, 1, layer_lora, slots[0], scale), rotation)
    attended = self.attend(q, keys[l][:, :end], values[l][:, :end], mask, causal)
    x = self.finish_layer(x, attended, layer_w, layer_lora, slots, eps, scale)
  return x

# Queries, keys or values of h [B, T, D]: [B, T, H or K, head]
def heads(self, h: Tensor, rotation: List[Tensor], w: List[Tensor], i: int, lora: List[Tensor], slot: int, scale: float) -> Tensor:
  return self.linear(h, w, i, lora, slot, scale).view([h.size(0), h.size(1), -1, rotation[0].size(-1)])

def zeros(self, like: Tensor, shape: List[int]) -> Tensor:
  return torch.zeros(shape, dtype=like.dtype, device=like.device)

# W + scale B A, computed in fp32
def merged(self, weight: Tensor, down: Tensor, up: Tensor, scale: float) -> Tensor:
  return (weight.to(6) + torch.matmul(up.to(6), down.to(6)) * scale).to(weight.dtype)
