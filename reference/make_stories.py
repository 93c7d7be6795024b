"""Tells the story that stories260K tells without chance: the weights of Karpathy's llama2.c, as transformers computes
with them, 256 tokens from the begin token alone.

The weights are no part of this repository; give the folder that holds stories260K.bin and tok512.bin.

Made with Python 3.11, torch 2.7.1, transformers 4.52.4:

    python reference/make_stories.py DATA/llama llava-adapter/src/test/resources/org/eegvlm/llama/stories260K.json
"""

import json
import struct
import sys
from pathlib import Path

import numpy
import torch
from transformers import LlamaConfig, LlamaForCausalLM

NEW_TOKENS = 256


def read(file: Path) -> LlamaForCausalLM:
    data = file.read_bytes()
    width, hidden, layers, heads, kv_heads, words, positions = struct.unpack("7i", data[:28])
    assert words > 0  # head and embedding are one
    floats, at = numpy.frombuffer(data, "<f4", offset=28), 0
    head = width // heads

    def take(*shape: int) -> torch.Tensor:
        nonlocal at
        count = int(numpy.prod(shape))
        at += count
        return torch.from_numpy(floats[at - count : at].reshape(shape).copy())

    def half_split(matrix: torch.Tensor, many: int) -> torch.Tensor:
        """llama2.c turns neighbours, transformers turns the halves."""
        return matrix.view(many, head // 2, 2, width).transpose(1, 2).reshape(many * head, width)

    tensors = {"model.embed_tokens.weight": take(words, width)}
    shapes = {
        "input_layernorm": (width,), "self_attn.q_proj": (width, width), "self_attn.k_proj": (kv_heads * head, width),
        "self_attn.v_proj": (kv_heads * head, width), "self_attn.o_proj": (width, width),
        "post_attention_layernorm": (width,), "mlp.gate_proj": (hidden, width), "mlp.down_proj": (width, hidden),
        "mlp.up_proj": (hidden, width),
    }
    for name, shape in shapes.items():
        for layer, each in enumerate(take(layers, *shape)):
            if name.endswith("q_proj"):
                each = half_split(each, heads)
            elif name.endswith("k_proj"):
                each = half_split(each, kv_heads)
            tensors[f"model.layers.{layer}.{name}.weight"] = each.contiguous()
    tensors["model.norm.weight"] = take(width)
    tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"]
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=words, hidden_size=width, intermediate_size=hidden, num_hidden_layers=layers,
            num_attention_heads=heads, num_key_value_heads=kv_heads, max_position_embeddings=positions,
            rms_norm_eps=1e-5, tie_word_embeddings=True,
        )
    )
    model.load_state_dict(tensors)
    return model.eval()


def pieces(file: Path, words: int) -> list[bytes]:
    data, at, found = file.read_bytes(), 4, []
    for _ in range(words):
        _, length = struct.unpack_from("fi", data, at)
        piece = data[at + 8 : at + 8 + length]
        found.append(bytes([int(piece[3:5], 16)]) if piece.startswith(b"<0x") else piece)
        at += 8 + length
    return found


def main(folder: Path, out: Path) -> None:
    model = read(folder / "stories260K.bin")
    ids = model.generate(
        torch.tensor([[1]]), attention_mask=torch.ones(1, 1).long(), max_new_tokens=NEW_TOKENS, do_sample=False,
        eos_token_id=None, pad_token_id=0,
    )[0, 1:].tolist()
    words = pieces(folder / "tok512.bin", model.config.vocab_size)
    text = b"".join(words[token] for token in ids).decode().removeprefix(" ")
    out.write_text(json.dumps({"ids": ids, "text": text}) + "\n")
    print(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
