"""Loads adapters that we saved in PEFT and compares logits, over a plain Llama and over the decoder of a LLaVA in the
original layout; to be run by hand:

    mvn -pl llava-adapter test -Dtest=HandOverTest -Deegvlm.handOver=/tmp/hand-over
    python reference/check_peft.py /tmp/hand-over

Error of two tensors: max|a - b| / max|b|. Exits with 1 where one exceeds 1e-5.
"""

import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import LlamaConfig, LlamaForCausalLM

LIMIT = 1e-5


def error(a: torch.Tensor, b: torch.Tensor) -> float:
    return ((a - b).abs().max() / b.abs().max()).item()


def decoder(folder: Path) -> LlamaForCausalLM:
    """LLaVA's own class is a LlamaForCausalLM with a projector beside the layers."""
    settings = json.loads((folder / "config.json").read_text())
    model = LlamaForCausalLM(LlamaConfig(**{key: value for key, value in settings.items() if key != "model_type"}))
    weights = {k: v for k, v in load_file(folder / "model.safetensors").items() if "mm_projector" not in k}
    model.load_state_dict(weights)
    return model.eval()


def main(folder: Path) -> None:
    golden = load_file(folder / "golden.safetensors")
    worst = 0.0
    for key, ours in golden.items():
        name = key.removeprefix("logits.")
        if not key.startswith("logits.") or not (folder / name / "adapter_config.json").exists():
            continue
        base = decoder(folder / name.split("-")[0])
        adapted = PeftModel.from_pretrained(base, folder / name).eval()
        assert not adapted.load_adapter(folder / name, "again").missing_keys
        adapted.set_adapter("default")
        with torch.no_grad():
            theirs = adapted(input_ids=golden["ids"][None]).logits
            with adapted.disable_adapter():
                without = adapted(input_ids=golden["ids"][None]).logits
        worst = max(worst, error(theirs, ours))
        print(f"{name}: {error(theirs, ours):.1e} (the adapter itself changes {error(without, ours):.1e})")
    sys.exit(worst > LIMIT or worst == 0.0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
