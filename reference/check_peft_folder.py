"""Loads what our fine-tuning wrote as others load it, and compares logits; to be run by hand:

    mvn -pl finetune test -Dtest=RunHandOverTest -Deegvlm.handOver=/tmp/run
    python reference/check_peft_folder.py /tmp/run

The finished folder and a checkpoint of it: the projector by the rules of LLaVA's own loader (names of
non_lora_trainables.bin stripped as in llava/model/builder.py, loaded non-strictly), the adapter by PEFT and merged, as
that loader does. trainer_state.json is read by transformers, TensorBoard's files by TensorBoard.

Error of two tensors: max|a - b| / max|b|. Exits with 1 where one exceeds 1e-5.
"""

import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import load_file
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from transformers import LlamaConfig, LlamaForCausalLM, TrainerState

LIMIT = 1e-5
IMAGE = -200


def error(a: torch.Tensor, b: torch.Tensor) -> float:
    return ((a - b).abs().max() / b.abs().max()).item()


def llava(base: Path) -> LlamaForCausalLM:
    """LLaVA's own class is a LlamaForCausalLM with a projector in its model."""
    settings = json.loads((base / "config.json").read_text())
    config = LlamaConfig(**{key: value for key, value in settings.items() if key != "model_type"})
    model = LlamaForCausalLM(config)
    model.model.mm_projector = torch.nn.Sequential(
        torch.nn.Linear(settings["mm_hidden_size"], config.hidden_size),
        torch.nn.GELU(),
        torch.nn.Linear(config.hidden_size, config.hidden_size),
    )
    missing, unexpected = model.load_state_dict(load_file(base / "model.safetensors"), strict=False)
    assert set(missing) <= {"lm_head.weight"} and not unexpected, (missing, unexpected)
    model.tie_weights()
    return model.eval()


def tuned(base: Path, folder: Path) -> LlamaForCausalLM:
    model = llava(base)
    others = torch.load(folder / "non_lora_trainables.bin", map_location="cpu", weights_only=True)
    others = {(k[11:] if k.startswith("base_model.") else k): v for k, v in others.items()}
    if any(k.startswith("model.model.") for k in others):
        others = {(k[6:] if k.startswith("model.") else k): v for k, v in others.items()}
    missing, unexpected = model.load_state_dict(others, strict=False)
    assert not unexpected and not [key for key in missing if "mm_projector" in key], (missing, unexpected)
    adapted = PeftModel.from_pretrained(model, folder)
    assert not adapted.load_adapter(folder, "again").missing_keys
    adapted.set_adapter("default")
    return adapted.merge_and_unload().eval()


def logits(model: LlamaForCausalLM, ids: torch.Tensor, patches: torch.Tensor) -> torch.Tensor:
    """Each <image> becomes the projected patches of its picture."""
    parts, picture = [], 0
    for i in ids.tolist():
        if i == IMAGE:
            parts.append(model.model.mm_projector(patches[picture]))
            picture += 1
        else:
            parts.append(model.model.embed_tokens(torch.tensor([i])))
    with torch.no_grad():
        return model(inputs_embeds=torch.cat(parts)[None]).logits


def main(folder: Path) -> None:
    golden = load_file(folder / "golden.safetensors")
    worst = 0.0
    for name in ["out", "out.checkpoint-4"]:
        path = folder / name.replace(".", "/")
        theirs = logits(tuned(folder / "base", path), golden[name + ".ids"], golden[name + ".patches"])
        without = logits(llava(folder / "base"), golden[name + ".ids"], golden[name + ".patches"])
        ours = golden[name + ".logits"]
        worst = max(worst, error(theirs, ours))
        print(f"{name}: {error(theirs, ours):.1e} (what was trained changes {error(without, ours):.1e})")

        state = TrainerState.load_from_json(path / "trainer_state.json")
        steps = [json.loads(line) for line in (path / "loss.jsonl").read_text().splitlines()]
        assert state.global_step == len(steps) == len(state.log_history)
        assert [e["loss"] for e in state.log_history] == [s["loss"] for s in steps]

    events = EventAccumulator(str(folder / "out/runs")).Reload()
    final = [json.loads(line) for line in (folder / "out/loss.jsonl").read_text().splitlines()]
    told = [(e.step, e.value) for e in events.Scalars("train/loss")]
    assert [step for step, _ in told] == [s["step"] for s in final], told
    assert all(abs(value - s["loss"]) < 1e-6 * s["loss"] for (_, value), s in zip(told, final))
    print(f"TensorBoard: {len(told)} steps of {len(list((folder / 'out/runs').iterdir()))} files, each once")
    sys.exit(worst > LIMIT or worst == 0.0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
