# Four-bit NormalFloat (Dettmers et al. 2023, arXiv:2305.14314) as bitsandbytes 0.50.2 computes it and lays it out.
#
# A weight of n values, row after row, in blocks of 64, is held in
#   packed uint8 [(n + 1) / 2]: the number of a level for each value, the first of two in the high half
#   absmax [blocks]: the largest magnitude of each block, fp32; or, quantised once more in blocks of 256, uint8 codes with
#   scales fp32 [blocks / 256] and
#   table fp32 [257]: what each code means, and at its end the mean of absmax. Both are empty where absmax is fp32.

# The quantiles of a normal distribution, scaled to [-1, 1], with an exact zero.
def nf4_levels(self, like: Tensor) -> Tensor:
  return torch.tensor([-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0], dtype=6, device=like.device)

# The dynamic eight-bit code (Dettmers 2016, arXiv:1511.04561): of each power of ten as many means as bits are left for it.
def nf4_code(self) -> Tensor:
  values = [torch.zeros([1], dtype=6), torch.ones([1], dtype=6)]
  steps = 1
  for i in range(7):
    edges = torch.linspace(0.1, 1.0, steps + 1, dtype=6)
    means = (edges[:-1] + edges[1:]) / 2.0 * 10.0 ** (i - 6)
    values = values + [means, -means]
    steps = steps * 2
  ordered, order = torch.sort(torch.cat(values))
  return ordered

# values fp32 [n] divided by the largest magnitude of their block of `size`, and those magnitudes [blocks]
def nf4_scaled(self, values: Tensor, size: int) -> Tuple[Tensor, Tensor]:
  whole = values.size(0) // size * size
  blocks = values[:whole].view([-1, size])
  absmax = blocks.abs().amax([1])
  scaled = torch.clamp(blocks * (1.0 / torch.clamp(absmax, 1e-38)).unsqueeze(1), -1.0, 1.0).view([-1])
  if whole < values.size(0):
    # bitsandbytes divides in a last short block, and never calls its magnitude less than 1e-38.
    last = torch.clamp(values[whole:].abs().max(), 1e-38)
    scaled = torch.cat([scaled, torch.clamp(values[whole:] / last, -1.0, 1.0)])
    absmax = torch.cat([absmax, last.view([1])])
  return scaled, absmax

# The number of the nearest of ascending levels; of two as near, the lower.
def nf4_nearest(self, values: Tensor, levels: Tensor) -> Tensor:
  return torch.bucketize(values, (levels[:-1] + levels[1:]) / 2.0, out_int32=True).to(0)

# Four million values at a time, so that what is in between stays small. Any shape and floating type -> packed, absmax fp32
def nf4_quantize(self, weight: Tensor) -> Tuple[Tensor, Tensor]:
  flat = weight.reshape([-1])
  levels = self.nf4_levels(weight)
  packed = annotate(List[Tensor], [])
  absmax = annotate(List[Tensor], [])
  for start in range(0, flat.size(0), 4194304):
    scaled, magnitudes = self.nf4_scaled(flat[start:start + 4194304].to(6), 64)
    numbers = self.nf4_nearest(torch.cat([scaled, torch.zeros([scaled.size(0) % 2], dtype=6, device=weight.device)]), levels)
    high, low = numbers.view([-1, 2]).unbind(1)
    packed = packed + [high * 16 + low]
    absmax = absmax + [magnitudes]
  return torch.cat(packed), torch.cat(absmax)

# absmax fp32 -> codes uint8 and scales fp32, given the code [256] and the mean of absmax
def nf4_quantize_absmax(self, absmax: Tensor, code: Tensor, mean: Tensor) -> Tuple[Tensor, Tensor]:
  scaled, scales = self.nf4_scaled(absmax - mean, 256)
  return self.nf4_nearest(scaled, code), scales

# absmax fp32 -> codes, scales and table
def nf4_compress(self, absmax: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
  code = self.nf4_code().to(absmax.device)
  mean = absmax.mean()
  codes, scales = self.nf4_quantize_absmax(absmax, code, mean)
  return codes, scales, self.nf4_table(code, mean)

def nf4_table(self, code: Tensor, mean: Tensor) -> Tensor:
  return torch.cat([code, mean.view([1])])

# fp32 magnitudes of the blocks from `first` up to `end`
def nf4_absmax(self, absmax: Tensor, scales: Tensor, table: Tensor, first: int, end: int) -> Tensor:
  part = absmax[first:end]
  if part.dtype == 0:
    blocks = torch.arange(first, end, dtype=4, device=part.device)
    scale = scales.index_select(0, torch.div(blocks, 256, rounding_mode="floor"))
    part = table.index_select(0, part.to(3)) * scale + table[256]
  return part

# Values from `first`, the first of a block, up to `end`: [end - first]. Both values of a byte are looked up at once.
def nf4_dequantize(self, packed: Tensor, absmax: Tensor, scales: Tensor, table: Tensor, first: int, end: int, dtype: int) -> Tensor:
  levels = self.nf4_levels(packed)
  pairs = torch.stack([levels.repeat_interleave(16), levels.repeat([16])], 1)
  magnitudes = self.nf4_absmax(absmax, scales, table, first // 64, (end + 63) // 64)
  values = pairs.index_select(0, packed[first // 2:(end + 1) // 2].to(3)).view([-1])
  whole = (end - first) // 64 * 64
  rest = magnitudes[whole // 64:]
  torch.mul_(values[:whole].view([-1, 64]), magnitudes[:whole // 64].unsqueeze(1))
  if rest.size(0) > 0:
    torch.mul_(values[whole:], rest)
  return values[:end - first].to(dtype)

# x W' for a quantised W, some rows of which are dequantised at a time. x [..., in] -> [..., out]
def nf4_linear(self, x: Tensor, packed: Tensor, absmax: Tensor, scales: Tensor, table: Tensor) -> Tensor:
  width = x.size(-1)
  rows = packed.size(0) * 2 // width
  tile = self.tile(width)
  parts = annotate(List[Tensor], [])
  for start in range(0, rows, tile):
    end = rows if start + tile > rows else start + tile
    weight = self.nf4_dequantize(packed, absmax, scales, table, start * width, end * width, x.dtype)
    parts = parts + [self.times(x, weight.view([-1, width]), None)]
  return parts[0] if len(parts) == 1 else torch.cat(parts, -1)

# The gradient of x for y = x W', some rows of a quantised W dequantised at a time, whose shares are added up in fp32: in
# bfloat16 a large sum would swallow the small ones. gradient [N, out] -> [N, in]
def nf4_back(self, gradient: Tensor, packed: Tensor, absmax: Tensor, scales: Tensor, table: Tensor) -> Tensor:
  rows = gradient.size(-1)
  width = packed.size(0) * 2 // rows
  tile = self.tile(width)
  total = torch.zeros([gradient.size(0), width], dtype=7 if gradient.dtype == 7 else 6, device=gradient.device)
  for start in range(0, rows, tile):
    end = rows if start + tile > rows else start + tile
    weight = self.nf4_dequantize(packed, absmax, scales, table, start * width, end * width, gradient.dtype)
    torch.add_(total, self.times_back(gradient[:, start:end], weight.view([-1, width])))
  return total.to(gradient.dtype)

# All values, in a matrix
def nf4_matrix(self, packed: Tensor, absmax: Tensor, scales: Tensor, table: Tensor, shape: List[int], dtype: int) -> Tensor:
  return self.nf4_dequantize(packed, absmax, scales, table, 0, shape[0] * shape[1], dtype).view(shape)
