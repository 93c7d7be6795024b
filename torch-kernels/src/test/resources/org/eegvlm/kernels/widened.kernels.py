def widened(self, x: Tensor) -> Tensor:
  return torch.tensor(self.is_widened(x))
