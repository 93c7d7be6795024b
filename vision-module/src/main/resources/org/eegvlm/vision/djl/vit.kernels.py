# The Vision Transformer (Dosovitskiy et al. 2021, arXiv:2010.11929), norms first. Weights lie in the order of their names in
# VisionTransformer.java.

# x + attention(norm1(x)), then x + mlp(norm2(x)); x is [N, T, D].
def vit_block(self, x: Tensor, w: List[Tensor], heads: int) -> Tensor:
  N, T, D = x.size()
  qkv = torch.linear(torch.layer_norm(x, [D], w[0], w[1], 1e-6), w[2], w[3])
  q, k, v = torch.unbind(qkv.view([N, T, 3, heads, D // heads]).permute([2, 0, 3, 1, 4]), 0)
  y = torch.scaled_dot_product_attention(q, k, v)
  x = x + torch.linear(y.transpose(1, 2).reshape([N, T, D]), w[4], w[5])
  y = torch.layer_norm(x, [D], w[6], w[7], 1e-6)
  return x + torch.linear(torch.gelu(torch.linear(y, w[8], w[9])), w[10], w[11])

# Pictures [N, 3, S, S] to the class token [N, D].
def vit(self, x: Tensor, w: List[Tensor], training: bool, heads: int, depth: int) -> Tensor:
  patch = w[2].size(2)
  x = torch.conv2d(x, w[2], w[3], [patch, patch]).flatten(2).transpose(1, 2)
  N, T, D = x.size()
  x = torch.cat([w[0].expand([N, 1, D]), x], 1) + w[1]
  for i in range(depth):
    x = self.vit_block(x, w[4 + 12 * i:16 + 12 * i], heads)
  last = 4 + 12 * depth
  return torch.layer_norm(x.select(1, 0), [D], w[last], w[last + 1], 1e-6)
