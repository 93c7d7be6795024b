"""Writes the golden files of NF4: what bitsandbytes makes of awkward weights, and the tiny Llama as bitsandbytes saves it.

Made with Python 3.11, torch 2.7.1, transformers 4.52.4, safetensors 0.8.0, bitsandbytes 0.50.2, on a CPU; needs the
files of make_tiny_llama.py:

    python reference/make_nf4.py torch-kernels/src/test/resources/org/eegvlm/kernels \
        llava-adapter/src/test/resources/org/eegvlm/llama

The block statistics are put in eight bits by the kernel that bitsandbytes calls "default", whose rule, the nearest of
256 values, is that of its CUDA kernel. Its compiled CPU kernel first rounds to one of 65536 steps, and so takes another
code than the nearest for about one statistic in 700; what it takes is written beside, as `codes.cpu`. Dequantising is
left to the "default" kernel where the compiled one is wrong: with AVX-512 it mistakes the block of a weight in rows that
are no whole number of blocks.
"""

import json
import os
import sys
from pathlib import Path

os.environ["TORCHDYNAMO_DISABLE"] = "1"  # the default kernels as they are written

import bitsandbytes.functional as bnb
import torch
from safetensors.torch import load_file, save_file
from transformers import LlamaConfig, LlamaForCausalLM

TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def awkward() -> dict[str, torch.Tensor]:
    levels = bnb.get_4bit_type("nf4", device="cpu")
    ties = torch.cat([(levels[1:] + levels[:-1]) / 2, torch.ones(1), -torch.ones(1), torch.zeros(47)]).view(2, 32)
    zeros = torch.randn(4, 64)
    zeros[1] = 0.0
    zeros[2] = -0.0
    return {
        # 260 blocks: the second block of statistics is a short one
        "large": (torch.randn(130, 128) * torch.exp(torch.randn(130, 1))).bfloat16(),
        # rows that are no whole number of blocks, and a last block of 22 values
        "rest": torch.randn(3, 50),
        "odd": torch.randn(5, 7),
        "half": torch.randn(2, 96).half(),
        "ties": torch.cat([ties, ties * 0.25, ties * 3.0]),
        "zeros": zeros,
        "nothing": torch.zeros(2, 40),
        "tiny": torch.randn(4, 64) * torch.tensor([[1e-38], [1e-40], [3e-44], [1e-30]]),
        "huge": torch.rand(4, 64) * torch.tensor([[3.2e38], [-1e37], [65504.0], [1e20]]),
    }


def default_kernel(operator, *arguments):
    """What bitsandbytes computes on devices that it has no compiled kernel for."""
    return operator._op_dk(torch._C.DispatchKey.CompositeExplicitAutograd, *arguments)


def quantize(weight: torch.Tensor) -> tuple[torch.Tensor, bnb.QuantState, torch.Tensor, torch.Tensor]:
    """Packed weights, their state with statistics of eight bits, the statistics, and the compiled kernel's codes."""
    packed, plain = bnb.quantize_4bit(weight, quant_type="nf4", compress_statistics=False)
    _, nested = bnb.quantize_4bit(weight, quant_type="nf4", compress_statistics=True)
    compiled = nested.absmax
    nested.absmax, nested.state2.absmax = default_kernel(
        torch.ops.bitsandbytes.quantize_blockwise.default,
        plain.absmax - nested.offset,
        nested.state2.code,
        nested.state2.blocksize,
    )
    return packed, nested, plain.absmax, compiled


def dequantize(packed: torch.Tensor, state: bnb.QuantState, dtype: torch.dtype) -> torch.Tensor:
    state.dtype = dtype
    compiled = bnb.dequantize_4bit(packed, state)
    absmax = bnb.dequantize_blockwise(state.absmax, state.state2) + state.offset if state.nested else state.absmax
    arguments = (packed, absmax, state.blocksize, state.quant_type, state.shape, dtype)
    default = default_kernel(torch.ops.bitsandbytes.dequantize_4bit.default, *arguments)
    assert torch.equal(default, compiled) or state.shape[-1] % state.blocksize != 0
    return default


def golden(weight: torch.Tensor) -> dict[str, torch.Tensor]:
    packed, state, absmax, compiled = quantize(weight)
    return {
        "weight": weight,
        "packed": packed,
        "absmax": absmax,
        "codes": state.absmax,
        "codes.cpu": compiled,
        "scales": state.state2.absmax,
        "offset": state.offset.view(1),
    } | {name: dequantize(packed, state, dtype) for name, dtype in TYPES.items()}


def write_awkward(folder: Path) -> None:
    tensors = {"map": bnb.create_dynamic_map(), "levels": bnb.get_4bit_type("nf4", device="cpu")}
    for name, weight in awkward().items():
        made = golden(weight)
        print(name, "codes that the compiled kernel takes otherwise:", (made["codes"] != made["codes.cpu"]).sum().item())
        tensors |= {f"{name}.{key}": tensor for key, tensor in made.items()}
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, folder / "nf4.safetensors")


def write_model(llama: Path) -> None:
    """The tiny Llama with double quantisation in the layers, the last of which has its statistics in fp32."""
    plain = load_file(llama / "tiny-llama" / "model.safetensors")
    saved, dequantized = {}, {}
    for name, tensor in plain.items():
        if not name.endswith("proj.weight"):
            saved[name] = dequantized[name] = tensor
            continue
        packed, state, _, _ = quantize(tensor)
        if ".layers.2." in name:
            packed, state = bnb.quantize_4bit(tensor, quant_type="nf4", compress_statistics=False)
        saved[name] = packed
        saved |= {f"{name}.{key}": part for key, part in state.as_dict(packed=True).items()}
        dequantized[name] = dequantize(packed, state, torch.float32)

    folder = llama / "tiny-llama-nf4"
    folder.mkdir(parents=True, exist_ok=True)
    config = json.loads((llama / "tiny-llama" / "config.json").read_text())
    model = LlamaForCausalLM(LlamaConfig(**config)).eval()
    model.load_state_dict(dequantized)
    config["quantization_config"] = {
        "quant_method": "bitsandbytes",
        "load_in_4bit": True,
        "bnb_4bit_quant_type": "nf4",
        "bnb_4bit_use_double_quant": True,
        "bnb_4bit_compute_dtype": "float32",
        "bnb_4bit_quant_storage": "uint8",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    save_file({name: tensor.contiguous() for name, tensor in saved.items()}, folder / "model.safetensors")
    ids = load_file(llama / "tiny-llama" / "golden.safetensors")["ids"][:1]
    with torch.no_grad():
        logits = model(input_ids=ids).logits
    save_file({"ids": ids, "logits": logits.contiguous()}, folder / "golden.safetensors")


if __name__ == "__main__":
    torch.manual_seed(42)
    write_awkward(Path(sys.argv[1]))
    write_model(Path(sys.argv[2]))
