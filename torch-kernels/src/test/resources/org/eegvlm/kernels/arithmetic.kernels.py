# y = sum(x * x), and its gradient 2x.
def square(self, x: Tensor) -> Tensor:
  return torch.sum(x * x)

def square_vjp(self, x: Tensor) -> List[Tensor]:
  x = x.detach().requires_grad_(True)
  y = self.square(x)
  g = torch.grad([y], [x], None, None, False, False)
  first = g[0]
  assert first is not None
  return [y.detach(), first]

def sum_all(self, tensors: List[Tensor], scale: float, times: int, flag: bool, shape: List[int]) -> Tensor:
  total = torch.zeros(shape)
  for t in tensors:
    total = total + t
  if flag:
    total = total * scale * times
  return total
