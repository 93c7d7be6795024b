"""Writes the golden files of tensor-io's tests with the libraries whose formats it reads.

Versions: Python 3.11, numpy 1.26.4, torch 2.7.1, safetensors 0.8.0.
Run from the project's root:  python reference/make_tensor_files.py tensor-io/src/test/resources/golden
"""

import collections
import pathlib
import sys

import numpy
import safetensors.torch
import torch

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)

rows = (numpy.arange(12).reshape(3, 1, 4) * 0.5 - 1).astype("<f4")
numpy.save(out / "rows_f4.npy", rows)
numpy.save(out / "rows_f2.npy", rows.astype("<f2"))
numpy.save(out / "rows_f8.npy", rows.astype("<f8"))
numpy.save(out / "scalar.npy", numpy.float32(2.5))
numpy.save(out / "vector.npy", rows.reshape(12))
numpy.save(out / "fortran.npy", numpy.asfortranarray(rows.reshape(3, 4)))
numpy.save(out / "object.npy", numpy.array([{"a": 1}], dtype=object))
numpy.save(out / "big_endian.npy", rows.astype(">f4"))
with open(out / "rows_v2.npy", "wb") as file:
    numpy.lib.format.write_array(file, rows, version=(2, 0))

# Values over the whole range of binary16 and beyond, ties included, and what numpy and torch make of them.
generator = numpy.random.default_rng(7)
halves = numpy.arange(0x7BFF, dtype=numpy.uint16).view("<f2").astype("<f4")
ties = (halves[:-1] + halves[1:]) / 2
floats = numpy.concatenate(
    [
        generator.choice(ties, 200) * generator.choice([-1, 1], 200),
        generator.normal(size=200) * 10.0 ** generator.integers(-8, 7, 200),
        [0.0, -0.0, 65504, 65519.996, 65520, -65520, 1e-8, 2.0**-25, 2.0**-24, numpy.inf, -numpy.inf],
    ]
).astype("<f4")
numpy.save(out / "rounding_f4.npy", floats)
with numpy.errstate(over="ignore"):
    numpy.save(out / "rounding_f2.npy", floats.astype("<f2"))

weight = torch.from_numpy(rows.reshape(3, 4).copy())
tensors = {
    "weight": weight,
    "half": weight.flatten()[:5].half(),
    "brain": weight.flatten()[:3].bfloat16(),
    "ids": torch.tensor([1, -2, 2**40]),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 4),
}
safetensors.torch.save_file(tensors, out / "mixed.safetensors", metadata={"format": "pt"})
safetensors.torch.save_file(
    {"brain": torch.from_numpy(floats).bfloat16(), "half": torch.from_numpy(floats).half()},
    out / "rounding.safetensors",
)

torch.save(tensors, out / "state_dict.bin")
torch.manual_seed(0)
layer = torch.nn.Linear(4, 3)
with torch.no_grad():
    layer.weight.copy_(weight)
    layer.bias.copy_(torch.tensor([1.0, 2.0, 3.0]))
torch.save(layer.state_dict(), out / "module.bin")  # an OrderedDict with attributes
torch.save(
    collections.OrderedDict(
        parameter=torch.nn.Parameter(weight),
        transposed=weight.t(),
        column=weight[:, 1],
        tail=weight[1:],
    ),
    out / "views.bin",
)
torch.save({"model": {"weight": weight}}, out / "nested.bin")
torch.save({"layer": layer}, out / "whole_module.bin")
