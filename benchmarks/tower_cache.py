"""What remembering the vision tower's output is worth, for three shapes of a model. Started by tower_cache.sh.

    python tower_cache.py EEGVLM MODELS WORK RUNS [SHAPE ...]

An epoch is the trainer's own loop, from before the first step to the end of the last, as it tells itself; a
process is the whole command.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import finetune_memory

TOWER = "clip"
SMALL = ["--lora-r", "16", "--lora-alpha", "32"]
BATCH = "--per-device-train-batch-size"
CACHES = ["without", "filling", "filled"]

# name: what it is, samples, flags
SHAPES = {
    "nano": ("the demo's model: 2 of CLIP's layers, 64 patches; decoder 2 × 128", 320, SMALL),
    "nano, ViT-L": ("CLIP ViT-L/14-336, 576 patches; the demo's decoder, 2 × 128", 8, SMALL + [BATCH, "4"]),
    "135M, ViT-L": ("CLIP ViT-L/14-336, 576 patches; a decoder of 135M", 4, SMALL + [BATCH, "2"]),
}


def main():
    eegvlm, models, work, runs = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    print("| shape | samples | | epoch, s | process, s |\n|---|---|---|---|---|")
    for name in sys.argv[5:] or SHAPES:
        what, samples, flags = SHAPES[name]
        folder = work / name.replace(", ", "-")
        command = [eegvlm, "finetune", "--model-name-or-path", str(model(name, models, folder)), "--num-train-epochs", "1",
                   "--report-to", "none", *finetune_memory.data(folder, 100, 40, 2, samples), *flags]
        seconds = {cache: [] for cache in CACHES}
        for _ in range(runs):
            shutil.rmtree(folder / "cache", ignore_errors=True)
            for cache in CACHES:
                kept = ["--tower-cache-gib", "0"] if cache == "without" else ["--tower-cache", str(folder / "cache")]
                seconds[cache].append(timed([*command, *kept, "--output-dir", str(folder / cache), "--overwrite"]))
        tell(f"{name}: {what}", samples, seconds)
        equal = (folder / "without/adapter_model.safetensors").read_bytes() == (
            folder / "filled/adapter_model.safetensors").read_bytes()
        print(f"| | | | the adapters are {'equal' if equal else 'NOT EQUAL'} | |", flush=True)


def tell(shape, samples, seconds):
    medians = {cache: [statistics.median(each) for each in zip(*seconds[cache])] for cache in CACHES}
    for cache, (epoch, process) in medians.items():
        print(f"| {shape} | {samples} | {cache} | {epoch:.1f} | {process:.1f} |")
        shape = samples = ""
    without, filled = medians["without"], medians["filled"]
    print(f"| | | filled is faster by | {without[0] / filled[0]:.2f} | {without[1] / filled[1]:.2f} |")
    print(f"| | | the tower's share of an epoch without | {1 - filled[0] / without[0]:.0%} | |", flush=True)


def model(name, models, folder):
    """The model's folder; a decoder as small as the demo's under a whole tower is put together here."""
    if name == "nano":
        return models / "nano-llava"
    whole = models / "llava-fp32/original"
    if name != "nano, ViT-L":
        return whole
    mixed = folder / "model"
    if not mixed.exists():
        shutil.copytree(models / "nano-llava", mixed)
        shutil.rmtree(mixed / TOWER)
        os.symlink((whole / TOWER).resolve(), mixed / TOWER)
        config = json.loads((mixed / "config.json").read_text())
        config["max_position_embeddings"] = 2048  # two pictures are 1152; nothing is stored for a position
        (mixed / "config.json").write_text(json.dumps(config))
    return mixed


def timed(command):
    """Seconds of the epoch and of the process."""
    begun = time.monotonic()
    process = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    seconds = time.monotonic() - begun
    epoch = re.search(r"tokens in ([\d.]+) s", process.stderr)
    if process.returncode or not epoch:
        sys.exit(process.stderr)
    return float(epoch[1]), seconds


if __name__ == "__main__":
    main()
