# Products with a model's matrices W [E, D], each in the way in which a processor is quickest.
#
# bfloat16 halves what is read; whether it also multiplies quicker depends on the processor, as bf16_is_quick tells. Where it
# does not, many rows are multiplied in float32, some of the matrix widened at a time: the products of two bfloat16 numbers are
# exact there, so nothing changes but the order of the sum.

def is_bf16_here(self, x: Tensor) -> bool:
  return x.dtype == 15 and not x.is_cuda and not x.requires_grad

# Whether x [.., T, D] is worth a wide copy of the matrix. T counts and not all rows, so that a sample comes out the same in
# whatever company.
def is_widened(self, x: Tensor) -> bool:
  return self.is_bf16_here(x) and not self.bf16_is_quick() and x.size(-2) >= 128

# How many rows of a matrix with that many columns are widened, or dequantised, at a time: four million numbers, and whole
# blocks of quantised ones, whatever the width
def tile(self, columns: int) -> int:
  return (4194304 // columns + 63) // 64 * 64

# x W' + b. A few bfloat16 rows on a processor go to oneDNN itself: torch's own product first copies the matrix, every time.
def times(self, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  if self.is_widened(x):
    return self.times_widened(x, weight, bias)
  few = x.numel() <= 16 * x.size(-1)
  if few and self.is_bf16_here(x) and ops.mkldnn._is_mkldnn_bf16_supported():
    return ops.mkldnn._linear_pointwise(x, weight, bias, "none", annotate(List[Optional[number]], []), "")
  return torch.linear(x, weight, bias)

def times_widened(self, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  E, D = weight.size()
  wide = x.reshape([-1, D]).to(6)
  y = torch.empty([wide.size(0), E], dtype=x.dtype)
  for start in range(0, E, self.tile(D)):
    end = min(start + self.tile(D), E)
    part = torch.mm(wide, weight[start:end].to(6).t())
    if bias is not None:
      torch.add_(part, bias[start:end])
    y[:, start:end] = part
  return y.view(x.size()[:-1] + [E])

# y W, such as the gradient of x, given that of x W'. y [N, E] -> [N, D]
def times_back(self, y: Tensor, weight: Tensor) -> Tensor:
  if not self.is_widened(y):
    return torch.mm(y, weight)
  E, D = weight.size()
  total = torch.zeros([y.size(0), D], dtype=6)
  for start in range(0, E, self.tile(D)):
    end = min(start + self.tile(D), E)
    torch.addmm_(total, y[:, start:end].to(6), weight[start:end].to(6))
  return total.to(y.dtype)
