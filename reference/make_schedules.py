"""Writes the learning rates of transformers' schedules, as its Trainer makes them from its flags, at every step.

Made with Python 3.11, torch 2.7.1, transformers 4.52.4:

    python reference/make_schedules.py finetune/src/test/resources/org/eegvlm/finetune/step
"""

import json
import sys
from pathlib import Path

import torch
from transformers import TrainingArguments, get_scheduler

STEPS = 37


def factors(kind: str, ratio: float, warmup: int) -> list[float]:
    arguments = TrainingArguments("unused", warmup_ratio=ratio, warmup_steps=warmup, use_cpu=True, report_to=[])
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = get_scheduler(kind, optimizer, arguments.get_warmup_steps(STEPS), STEPS)
    found = []
    for _ in range(STEPS):
        found.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return found


def main(folder: Path) -> None:
    cases = [
        {"kind": kind, "ratio": ratio, "warmup": warmup, "factors": factors(kind, ratio, warmup)}
        for kind in ("cosine", "linear", "constant", "constant_with_warmup")
        for ratio, warmup in ((0.0, 0), (0.03, 0), (0.2, 0), (0.2, 5), (1.0, 0))
    ]
    (folder / "schedules.json").write_text(json.dumps({"steps": STEPS, "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
