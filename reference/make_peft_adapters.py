"""Writes adapters for the tiny Llama as PEFT saves them in its other ways (.bin, rank-stabilised scale, some targets
only), and the logits that PEFT computes with each.

Made with Python 3.11, torch 2.7.1, transformers 4.52.4, peft 0.15.2, safetensors 0.8.0:

    python reference/make_peft_adapters.py llava-adapter/src/test/resources/org/eegvlm/llama
"""

import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import LlamaForCausalLM

ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

# name: (settings, whether it is saved as safetensors)
ADAPTERS = {
    "bin": (dict(r=4, lora_alpha=8, target_modules=ALL), False),
    "rslora": (dict(r=4, lora_alpha=6, target_modules=ALL, use_rslora=True), True),
    "some-targets": (dict(r=3, lora_alpha=5, target_modules=["q_proj", "v_proj", "down_proj"]), True),
    "some-targets-bin": (dict(r=2, lora_alpha=3, target_modules=["k_proj", "gate_proj"], use_rslora=True), False),
}


def main(resources: Path) -> None:
    torch.manual_seed(7)
    folder = resources / "peft-adapters"
    ids = torch.randint(3, 64, (1, 9))
    tensors = {"ids": ids}
    for name, (settings, safe) in ADAPTERS.items():
        base = LlamaForCausalLM.from_pretrained(resources / "tiny-llama").eval()
        adapted = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", lora_dropout=0.05, **settings)).eval()
        for parameter_name, parameter in adapted.named_parameters():
            if "lora_B" in parameter_name:
                torch.nn.init.normal_(parameter, std=0.1)
        with torch.no_grad():
            tensors[f"logits.{name}"] = adapted(input_ids=ids).logits.contiguous()
        adapted.peft_config["default"].base_model_name_or_path = "tiny-llama"
        adapted.save_pretrained(folder / name, safe_serialization=safe, save_embedding_layers=False)
        (folder / name / "README.md").unlink(missing_ok=True)
    save_file(tensors, folder / "golden.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
