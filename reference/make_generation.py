"""Writes the golden file of generation: the probabilities that transformers' warpers leave, and the sequences that its
beam search finds with the tiny Llama of make_tiny_llama.py.

Made with Python 3.11, torch 2.7.1, transformers 4.52.4, peft 0.15.2, safetensors 0.8.0:

    python reference/make_generation.py llava-adapter/src/test/resources/org/eegvlm/llama
"""

import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import LlamaForCausalLM, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

LENGTHS = (9, 6)
# temperature, top_k (0: all), top_p (1: all)
SAMPLING = [(1.0, 0, 1.0), (0.2, 0, 1.0), (1.7, 50, 1.0), (0.7, 5, 1.0), (1.0, 0, 0.9), (0.9, 12, 0.6), (0.5, 40, 0.95)]
# beams, new tokens, end tokens
BEAMS = [(2, 12, []), (3, 24, [2]), (4, 24, [2, 11, 38]), (5, 40, [17, 29, 33, 50]), (3, 16, [5, 7, 21, 40, 44, 60])]


def warped(logits: torch.Tensor, temperature: float, top_k: int, top_p: float) -> list[float]:
    scores = TemperatureLogitsWarper(temperature)(None, logits[None]) if temperature != 1.0 else logits[None]
    if top_k > 0:
        scores = TopKLogitsWarper(top_k)(None, scores)
    if top_p < 1.0:
        scores = TopPLogitsWarper(top_p)(None, scores)
    return scores.softmax(-1)[0].tolist()


def sampling() -> list[dict]:
    cases = []
    for temperature, top_k, top_p in SAMPLING:
        logits = torch.randn(64) * 1.2
        cases.append({
            "temperature": temperature,
            "top_k": top_k,
            "top_p": top_p,
            "logits": logits.tolist(),
            "probabilities": warped(logits, temperature, top_k, top_p),
        })
    # Three tokens share the third place: all of them stay.
    ties = torch.tensor([0.5, 2.0, 1.0, 3.0, 1.0, 1.0, -1.0, 0.0])
    cases.append({
        "temperature": 1.0,
        "top_k": 3,
        "top_p": 1.0,
        "logits": ties.tolist(),
        "probabilities": warped(ties, 1.0, 3, 1.0),
    })
    return cases


def beam_search(folder: Path) -> list[dict]:
    base = LlamaForCausalLM.from_pretrained(folder)
    model = PeftModel.from_pretrained(base, folder / "adapter").eval()
    ids = load_file(folder / "golden.safetensors")["ids"]
    cases = []
    for beams, new_tokens, ends in BEAMS:
        for row, length in enumerate(LENGTHS):
            prompt = ids[row, :length][None]
            output = model.generate(
                input_ids=prompt,
                attention_mask=torch.ones_like(prompt),
                num_beams=beams,
                do_sample=False,
                max_new_tokens=new_tokens,
                eos_token_id=ends or [1000],
                pad_token_id=0,
                length_penalty=1.0,
                early_stopping=False,
            )
            cases.append({
                "row": row,
                "beams": beams,
                "max_new_tokens": new_tokens,
                "ends": ends or [1000],
                "tokens": output[0, length:].tolist(),
            })
    return cases


def main(folder: Path) -> None:
    torch.manual_seed(20)
    golden = {"sampling": sampling(), "beams": beam_search(folder / "tiny-llama")}
    (folder / "generation.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
