# ResNet of basic blocks (He et al. 2015, arXiv:1512.03385), as torchvision has it. Weights lie in the order of their names in
# ResNet18.java. A convolution has no bias, as a batch norm follows.

# In training by the pictures' own statistics, which then move the running ones, w[2] and w[3].
def resnet_norm(self, x: Tensor, w: List[Tensor], training: bool) -> Tensor:
  return torch.batch_norm(x, w[0], w[1], w[2], w[3], training, 0.1, 1e-5, True)

# relu(norm(conv2(relu(norm(conv1(x))))) + x), x shortened like the rest where the block has weights for that.
def resnet_block(self, x: Tensor, w: List[Tensor], stride: int, training: bool) -> Tensor:
  y = torch.conv2d(x, w[0], None, [stride, stride], [1, 1])
  y = torch.relu_(self.resnet_norm(y, w[1:5], training))
  y = torch.conv2d(y, w[5], None, [1, 1], [1, 1])
  y = self.resnet_norm(y, w[6:10], training)
  if len(w) > 10:
    x = torch.conv2d(x, w[10], None, [stride, stride])
    x = self.resnet_norm(x, w[11:15], training)
  return torch.relu_(torch.add_(y, x))

# Pictures [N, 3, S, S] to [N, C].
def resnet(self, x: Tensor, w: List[Tensor], training: bool, depths: List[int]) -> Tensor:
  x = torch.conv2d(x, w[0], None, [2, 2], [3, 3])
  x = torch.relu_(self.resnet_norm(x, w[1:5], training))
  x = torch.max_pool2d(x, [3, 3], [2, 2], [1, 1])
  i = 5
  for stage in range(len(depths)):
    for block in range(depths[stage]):
      first = stage > 0 and block == 0
      stride = 2 if first else 1
      end = i + (15 if first else 10)
      x = self.resnet_block(x, w[i:end], stride, training)
      i = end
  return x.mean([2, 3])
