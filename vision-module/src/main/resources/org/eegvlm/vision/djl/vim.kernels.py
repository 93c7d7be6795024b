# Vision Mamba, Vim (Zhu et al. 2024, arXiv:2401.09417): bidirectional, the class token in the middle. Weights lie in the
# order of their names in VisionMamba.java.

# One direction of a mixer: xz [N, L, 2E] to [N, L, E].
def vim_direction(self, xz: Tensor, w: List[Tensor]) -> Tensor:
  x, z = xz.chunk(2, -1)
  N, L, E = x.size()
  taps = w[0].size(2)
  x = torch.conv1d(x.transpose(1, 2), w[0], w[1], [1], [taps - 1], [1], E)
  x = torch.silu(x.narrow(2, 0, L).transpose(1, 2))
  rank = w[3].size(1)
  states = w[5].size(1)
  dt, b, c = torch.split_with_sizes(torch.linear(x, w[2]), [rank, states, states], -1)
  dt = torch.softplus(torch.linear(dt, w[3], w[4]))
  y = self.selective_scan(x, dt, -torch.exp(w[5]), b, c, w[6])
  return y * torch.silu(z)

# x [N, L, D]: read from both ends, the mean of both.
def vim_mixer(self, x: Tensor, w: List[Tensor]) -> Tensor:
  xz = torch.linear(x, w[0])
  y = self.vim_direction(xz, w[1:8])
  back = self.vim_direction(xz.flip([1]), w[8:15]).flip([1])
  return torch.linear((y + back) / 2, w[15])

# Pictures [N, 3, S, S] to the class token [N, D].
def vim(self, x: Tensor, w: List[Tensor], training: bool, depth: int) -> Tensor:
  patch = w[2].size(2)
  x = torch.conv2d(x, w[2], w[3], [patch, patch]).flatten(2).transpose(1, 2)
  N, T, D = x.size()
  middle = T // 2
  x = torch.cat([x[:, :middle], w[0].expand([N, 1, D]), x[:, middle:]], 1) + w[1]
  for i in range(depth):
    first = 4 + 17 * i
    x = x + self.vim_mixer(torch.rms_norm(x, [D], w[first], 1e-5), w[first + 1:first + 17])
  return torch.rms_norm(x.select(1, middle), [D], w[4 + 17 * depth], 1e-5)
