# What every model needs and no model owns. dtype numbers: 0 uint8, 1 int8, 3 int32, 4 int64, 5 float16, 6 float32,
# 7 float64, 15 bfloat16.

# Always a copy: a tensor made from a Java array lives in that array's buffer, which goes when the tensor is closed, so
# nothing that outlives it may share its memory.
def cast(self, x: Tensor, dtype: int) -> Tensor:
  return x.to(dtype, False, True)

# Maps a whole file as one flat tensor; pages are read when they are touched.
def map_file(self, path: str, elements: int, dtype: int) -> Tensor:
  return torch.from_file(path, False, elements, dtype=dtype)

# A tensor inside a mapped file, without a copy.
def part(self, mapped: Tensor, first: int, elements: int, shape: List[int]) -> Tensor:
  return mapped.slice(0, first, first + elements).view(shape)

# A tensor inside a mapped file whose elements are not one block: a copy.
def gathered(self, mapped: Tensor, first: int, sizes: List[int], strides: List[int], shape: List[int]) -> Tensor:
  return torch.as_strided(mapped, sizes, strides, first).clone().contiguous().view(shape)

# The gradient of a loss by each of the tensors it was recorded from, zero where it does not depend on one; nothing is added to
# what a tensor keeps. Laid out as the tensors are, whatever a convolution preferred: the fused optimiser goes through memory.
def gradients(self, loss: Tensor, tensors: List[Tensor]) -> List[Tensor]:
  found = torch.grad([loss], tensors, None, None, False, True)
  gradients = annotate(List[Tensor], [])
  for i in range(len(tensors)):
    gradient = found[i]
    if gradient is not None:
      gradients.append(gradient.contiguous())
    else:
      gradients.append(torch.zeros_like(tensors[i]))
  return gradients

# Adam with decoupled weight decay (Loshchilov & Hutter 2019, arXiv:1711.05101), in place.
def adamw(self, parameters: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], lr: float, beta1: float, beta2: float, weight_decay: float, eps: float) -> Tensor:
  none = annotate(List[Tensor], [])
  torch._foreach_add_(steps, 1)
  torch._fused_adamw_(parameters, gradients, first, second, none, steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay, eps=eps, amsgrad=False, maximize=False)
  return steps[0]

# Scales gradients in place so that their joint L2 norm is at most max_norm; returns the norm they had. They may lie on
# several devices.
def clip(self, gradients: List[Tensor], max_norm: float) -> Tensor:
  norms = [norm.to(gradients[0].device) for norm in torch._foreach_norm(gradients)]
  norm = torch.norm(torch.stack(norms))
  factor = torch.clamp(max_norm / (norm + 1e-6), max=1.0)
  for gradient in gradients:
    torch.mul_(gradient, factor.to(gradient.device))
  return norm

# Moves averages towards parameters by a share of the distance, in place.
def average(self, averages: List[Tensor], parameters: List[Tensor], share: float) -> Tensor:
  torch._foreach_lerp_(averages, parameters, share)
  return averages[0]

# Exchanges the values of tensors.
def swap(self, one: List[Tensor], other: List[Tensor]) -> Tensor:
  for i in range(len(one)):
    kept = one[i].clone()
    one[i].copy_(other[i])
    other[i].copy_(kept)
  return one[0]

# Multiplies tensors by a number, in place; they may lie on several devices.
def scale(self, tensors: List[Tensor], factor: float) -> Tensor:
  for tensor in tensors:
    torch.mul_(tensor, factor)
  return tensors[0]

# sums + factor terms, in place; a term comes to where its sum lies
def add_scaled(self, sums: List[Tensor], terms: List[Tensor], factor: float) -> Tensor:
  for i in range(len(sums)):
    torch.add_(sums[i], terms[i].to(sums[i].device), alpha=factor)
  return sums[0]

# The values of tensors, into others of the same shapes, which may lie elsewhere
def copy(self, values: List[Tensor], into: List[Tensor]) -> Tensor:
  for i in range(len(values)):
    torch.copy_(into[i], values[i])
  return into[0]
