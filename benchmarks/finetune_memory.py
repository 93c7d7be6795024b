"""Compares what 'eegvlm finetune --dry-run' says a run will need with the most that the run then had resident. Started by
finetune_memory.sh.

    python finetune_memory.py EEGVLM MODELS WORK [CASE ...]
"""

import json
import os
import random
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

LIMIT = 0.20
SAMPLES = 16
UNITS = {"MiB": 2**20, "GiB": 2**30}
WORDS = "delta theta alpha sigma spindle wave slow burst quiet rapid vertex arousal".split()

BATCH = "--per-device-train-batch-size"
KEEP = ["--gradient-checkpointing", "False"]
BF16 = ["--bf16", "True"]
NANO, LLAMA, LLAMA_BF16 = "nano-llava", "llama-fp32", "llama-bf16"
LLAVA, LLAVA_BF16 = "llava-fp32/original", "llava-bf16/original"
SMALL = ["--lora-r", "16", "--lora-alpha", "32"]

# name: model, characters of a question, characters of an answer, pictures a sample, flags
CASES = {
    "nano, pictures": (NANO, 100, 40, 2, SMALL),
    "nano, pictures, layers kept": (NANO, 100, 40, 2, SMALL + KEEP),
    "nano, pictures, bf16": (NANO, 100, 40, 2, SMALL + BF16),
    "nano, no tower cache": (NANO, 100, 40, 2, SMALL + ["--tower-cache-gib", "0"]),
    "135M, fp32": (LLAMA, 600, 100, 0, SMALL + [BATCH, "4"]),
    "135M, fp32, r 128": (LLAMA, 600, 100, 0, [BATCH, "4"]),
    "135M, fp32, layers kept": (LLAMA, 600, 100, 0, SMALL + [BATCH, "4"] + KEEP),
    "135M, fp32, all learnt": (LLAMA, 10, 1200, 0, SMALL + [BATCH, "4"]),
    "135M, fp32, two batches a step": (
        LLAMA, 600, 100, 0, [BATCH, "2", "--gradient-accumulation-steps", "2"]),
    "135M, bf16": (LLAMA_BF16, 600, 100, 0, SMALL + BF16 + [BATCH, "4"]),
    "135M, bf16, layers kept": (LLAMA_BF16, 600, 100, 0, SMALL + BF16 + [BATCH, "4"] + KEEP),
    "135M, bf16 of an fp32 file": (LLAMA, 600, 100, 0, SMALL + BF16 + [BATCH, "4"]),
    "135M, 4 bits": (LLAMA_BF16, 600, 100, 0, SMALL + BF16 + [BATCH, "4", "--bits", "4"]),
    "LLaVA of 135M, fp32, pictures": (LLAVA, 100, 40, 2, SMALL + [BATCH, "1"]),
    "LLaVA of 135M, fp32, layers kept": (LLAVA, 100, 40, 2, SMALL + [BATCH, "1"] + KEEP),
    "LLaVA of 135M, bf16, pictures": (LLAVA_BF16, 100, 40, 2, SMALL + BF16 + [BATCH, "2"]),
    "LLaVA of 135M, no tower cache": (LLAVA, 100, 40, 2, SMALL + [BATCH, "1", "--tower-cache-gib", "0"]),
}


def main():
    eegvlm, models, work = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    print("| run | estimate, MiB | most resident, MiB | difference | parts |\n|---|---|---|---|---|")
    wrong = 0
    for name in sys.argv[4:] or CASES:
        model, question, answer, pictures, flags = CASES[name]
        folder = work / re.sub(r"\W+", "-", name)
        command = [eegvlm, "finetune", "--model-name-or-path", str(models / model), "--output-dir", str(folder / "out"),
                   "--overwrite", "--max-steps", "3", "--report-to", "none", "--tower-cache", str(folder / "cache"),
                   *data(folder, question, answer, pictures), *flags]
        line = dry(command)
        sizes = [float(number) * UNITS[unit] for number, unit in re.findall(r"([\d.]+) (MiB|GiB)", line)]
        measured = peak(command)
        difference = sizes[0] / measured - 1
        wrong += abs(difference) > LIMIT
        print(f"| {name} | {sizes[0] / 2**20:.0f} | {measured / 2**20:.0f} | {difference:+.0%} | "
              f"{line.split(':', 1)[1].strip()} |", flush=True)
    print(f"\n{wrong} of these differ by more than {LIMIT:.0%}")
    sys.exit(1 if wrong else 0)


def dry(command):
    """What a dry run says of memory."""
    said = subprocess.run([*command, "--dry-run"], capture_output=True, text=True)
    if said.returncode:
        sys.exit(said.stderr)
    return next(line for line in said.stdout.splitlines() if line.startswith("memory"))


def peak(command):
    """The most bytes that the command had resident."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"failed: {' '.join(command)}")
    return usage.ru_maxrss * 1024


def data(folder, question, answer, pictures, count=SAMPLES):
    """Writes the samples; gives the flags that name them."""
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    chance = random.Random(1)
    samples = []
    for n in range(count):
        (images / f"{n}.png").write_bytes(png(336, chance)) if pictures else None
        samples.append({
            "id": f"sample-{n}",
            "image": [f"{n}.png"] * pictures,
            "conversations": [
                {"from": "human", "value": "<image>\n" * pictures + text(question, chance)},
                {"from": "gpt", "value": text(answer, chance)}]})
    (folder / "data.json").write_text(json.dumps(samples))
    return ["--data-path", str(folder / "data.json"), "--image-folder", str(images),
            "--feature-mode", "zero" if pictures else "off"]


def text(length, chance):
    words = ""
    while len(words) < length:
        words += chance.choice(WORDS) + " "
    return words.strip()


def png(size, chance):
    """A grey picture of that width and height."""
    rows = b"".join(b"\0" + chance.randbytes(size) for _ in range(size))

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


if __name__ == "__main__":
    main()
