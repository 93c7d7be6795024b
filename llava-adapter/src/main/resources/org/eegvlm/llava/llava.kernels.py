# CLIP's vision tower, the projector, and the splice of pictures into text.
# N pictures, P patches, W the tower's width, H the decoder's; B samples, T tokens, S injected slots.

def layer_norm(self, x: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
  return torch.layer_norm(x, [x.size(-1)], weight, bias, eps)

# stem: class embedding [W], patch weight [W, 3, p, p], positions [P + 1, W], norm weight and bias [W]
# pixels [N, 3, S, S] -> [N, P + 1, W]
def embed_patches(self, pixels: Tensor, stem: List[Tensor], eps: float) -> Tensor:
  side = stem[1].size(-1)
  patches = torch.conv2d(pixels, stem[1], None, [side, side]).flatten(2).transpose(1, 2)
  N, P, W = patches.size()
  x = torch.cat([stem[0].view([1, 1, W]).expand([N, 1, W]), patches], 1) + stem[2]
  return self.layer_norm(x, stem[3], stem[4], eps)

# w: weights and biases of 0 first norm; 2 q, 4 k, 6 v, 8 out; 10 second norm; 12 fc1, 14 fc2. In place, for the tower is
# frozen: nothing here is kept for a way back
def clip_layer(self, x: Tensor, w: List[Tensor], heads: int, eps: float, quick: bool) -> Tensor:
  N, P, W = x.size()
  h = self.layer_norm(x, w[0], w[1], eps)
  q = self.times(h, w[2], w[3]).view([N, P, heads, -1]).transpose(1, 2)
  k = self.times(h, w[4], w[5]).view([N, P, heads, -1]).transpose(1, 2)
  v = self.times(h, w[6], w[7]).view([N, P, heads, -1]).transpose(1, 2)
  attended = torch.scaled_dot_product_attention(q, k, v, None, 0.0, False)
  x = torch.add_(self.times(attended.transpose(1, 2).reshape([N, P, W]), w[8], w[9]), x)
  h = self.times(self.layer_norm(x, w[10], w[11], eps), w[12], w[13])
  if quick:
    torch.mul_(h, torch.sigmoid_(1.702 * h))
  else:
    h = torch.gelu(h)
  return torch.add_(self.times(h, w[14], w[15]), x)

# w: sixteen tensors a layer, one layer after another. The class token is dropped: -> [N, P, W]
def tower(self, pixels: Tensor, stem: List[Tensor], w: List[Tensor], heads: int, eps: float, quick: bool) -> Tensor:
  x = self.embed_patches(pixels, stem, eps)
  for l in range(len(w) // 16):
    x = self.clip_layer(x, w[16 * l:16 * l + 16], heads, eps, quick)
  return x[:, 1:].contiguous()

# w: 0.weight, 0.bias, 2.weight, 2.bias; kept in fp32, used in x's type
def project(self, x: Tensor, w: List[Tensor]) -> Tensor:
  hidden = torch.gelu(torch.linear(x, w[0].to(x.dtype), w[1].to(x.dtype)))
  return torch.linear(hidden, w[2].to(x.dtype), w[3].to(x.dtype))

# All that can stand in a sequence beside text, one row each: the patches of every picture, then the rows of every
# injected slot, then one row of zeros for "nothing".
# pictures [N, P, W]; rows [S, W]; under [S]: the picture to which a slot's row is added, empty if it stands alone
def visual_table(self, pictures: Tensor, rows: Tensor, under: Tensor, w: List[Tensor]) -> Tensor:
  patches = self.project(pictures, w)
  injected = self.project(rows.to(pictures.dtype), w)
  H = injected.size(-1)
  if under.size(0) > 0:
    injected = (patches.index_select(0, under) + injected.unsqueeze(1)).reshape([-1, H])
  nothing = torch.zeros([1, H], dtype=injected.dtype, device=injected.device)
  return torch.cat([patches.reshape([-1, H]), injected, nothing], 0)

# text [B, T, H] embeddings; source [B, T]: a row of the table, or -1 where the text stays -> [B, T, H]
def splice(self, text: Tensor, source: Tensor, pictures: Tensor, rows: Tensor, under: Tensor, w: List[Tensor]) -> Tensor:
  table = self.visual_table(pictures, rows, under, w)
  is_text = source < 0
  row = source.masked_fill(is_text, table.size(0) - 1)
  seen = table.index_select(0, row.reshape([-1])).view(text.size())
  return torch.where(is_text.unsqueeze(-1), text, seen.to(text.dtype))

# The gradients of the four tensors of w, given the gradient [B, T, H] of the spliced embeddings.
def splice_vjp(self, gradient: Tensor, source: Tensor, pictures: Tensor, rows: Tensor, under: Tensor, w: List[Tensor]) -> List[Tensor]:
  gradient = gradient.to(source.device)
  weights = annotate(List[Tensor], [])
  for tensor in w:
    weights = weights + [tensor.detach().requires_grad_(True)]
  y = self.splice(torch.zeros_like(gradient), source, pictures, rows, under, weights)
  outer = annotate(List[Optional[Tensor]], [gradient])
  found = annotate(List[Tensor], [])
  for g in torch.grad([y], weights, outer, None, False, False):
    found = found + [torch._unwrap_optional(g)]
  return found

# Tensors that may have no element, which Java cannot make; on the device of another.
def integers(self, values: List[int], near: Tensor) -> Tensor:
  return torch.tensor(values, dtype=4, device=near.device)

def empty(self, shape: List[int], near: Tensor) -> Tensor:
  return torch.zeros(shape, dtype=near.dtype, device=near.device)

def joined(self, parts: List[Tensor]) -> Tensor:
  return torch.cat(parts, 0)
