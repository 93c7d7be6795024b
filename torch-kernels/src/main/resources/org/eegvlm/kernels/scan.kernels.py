# The selective scan of Mamba (Gu & Dao 2023, arXiv:2312.00752), a linear recurrence whose coefficients depend on the input:
#   h[t] = exp(dt[t] a) h[t-1] + dt[t] b[t] x[t],   y[t] = c[t] . h[t] + d x[t],   h[-1] = 0
# x and dt are [N, L, E], a is [E, S] and negative, b and c are [N, L, S], d is [E]; y is [N, L, E].
def selective_scan(self, x: Tensor, dt: Tensor, a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
  step = dt.transpose(0, 1).unsqueeze(-1)
  decay = torch.unbind(torch.exp(step * a), 0)
  inflow = torch.unbind((step * x.transpose(0, 1).unsqueeze(-1)) * b.transpose(0, 1).unsqueeze(2), 0)
  h = inflow[0]
  states = [h]
  for t in range(1, len(decay)):
    h = torch.addcmul(inflow[t], decay[t], h)
    states.append(h)
  y = torch.matmul(torch.stack(states), c.transpose(0, 1).unsqueeze(-1)).squeeze(-1)
  return y.transpose(0, 1) + d * x
