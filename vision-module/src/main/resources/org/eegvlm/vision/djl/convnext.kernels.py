# ConvNeXt (Liu et al. 2022, arXiv:2201.03545). Weights lie in the order of their names in ConvNeXt.java. Activations stay
# channels-last, where both the convolutions and the linear layers want them.

# Norm over the channels of [N, C, H, W].
def convnext_norm(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  y = torch.layer_norm(x.permute([0, 2, 3, 1]), [x.size(1)], weight, bias, 1e-6)
  return y.permute([0, 3, 1, 2])

# x + gamma fc2(gelu(fc1(norm(conv_dw(x)))))
def convnext_block(self, x: Tensor, w: List[Tensor]) -> Tensor:
  C = x.size(1)
  y = torch.conv2d(x, w[1], w[2], [1, 1], [3, 3], [1, 1], C)
  y = torch.layer_norm(y.permute([0, 2, 3, 1]), [C], w[3], w[4], 1e-6)
  y = torch.linear(torch.gelu(torch.linear(y, w[5], w[6])), w[7], w[8])
  return x + (y * w[0]).permute([0, 3, 1, 2])

# Pictures [N, 3, S, S] to [N, C].
def convnext(self, x: Tensor, w: List[Tensor], training: bool, depths: List[int]) -> Tensor:
  x = torch.contiguous(x, memory_format=2)
  x = torch.conv2d(x, w[0], w[1], [4, 4])
  x = self.convnext_norm(x, w[2], w[3])
  i = 4
  for stage in range(len(depths)):
    if stage > 0:
      x = self.convnext_norm(x, w[i], w[i + 1])
      x = torch.conv2d(x, w[i + 2], w[i + 3], [2, 2])
      i = i + 4
    for block in range(depths[stage]):
      x = self.convnext_block(x, w[i:i + 9])
      i = i + 9
  return torch.layer_norm(x.mean([2, 3]), [x.size(1)], w[i], w[i + 1], 1e-6)
