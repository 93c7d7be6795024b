"""Runs our half and the peer's of the benchmark of a LoRA step in turns and prints the medians. Started by
finetune_speed.sh.

    python finetune_speed.py FOLDER_OF_MODELS PAIRS THREADS fp32 [bf16]
"""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
JAVA = os.environ.get("JAVA_HOME", "") and os.environ["JAVA_HOME"] + "/bin/"
OURS = [JAVA + "java", *os.environ["SPEED_JAVA_OPTS"].split(), "-cp", os.environ["SPEED_CLASS_PATH"],
        str(HERE / "LoraStepSpeed.java")]
PEER = [sys.executable, str(HERE / "peer_lora.py")]

# An answer's share of a sequence of 256 tokens, and all of it
ANSWER, ALL = "32", "255"


def main():
    models, pairs, threads = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    for type in sys.argv[4:]:
        start = [str(models / f"llama-{type}"), type, threads]
        sides = {
            "transformers + PEFT": PEER + start + [ANSWER],
            "ours": OURS + start + [ANSWER, "keep"],
            "ours, layers computed again": OURS + start + [ANSWER, "checkpoint"],
            "ours, every position supervised": OURS + start + [ALL, "keep"],
        }
        figures = {name: [] for name in sides}
        for _ in range(pairs):  # in turns: what disturbs the machine disturbs all
            for name, command in sides.items():
                figures[name].append(run(command))
        report(type, figures)
    print(f"\nload average at the end: {os.getloadavg()[0]:.1f}")


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def report(type, figures):
    peer = median(figures["transformers + PEFT"], "rate")
    print(f"\n### {type}: tokens a second, median of {len(figures['ours'])}\n")
    print("| | tokens/s | least to most | ratio | peak memory, GB |")
    print("|---|---|---|---|---|")
    for name, runs in figures.items():
        rates = [each["rate"] for each in runs]
        print(f"| {name} | {median(runs, 'rate'):.0f} | {min(rates):.0f} to {max(rates):.0f} "
              f"| {median(runs, 'rate') / peer:.2f} | {median(runs, 'peak_bytes') / 1e9:.2f} |", flush=True)
    print("\n" + figures["transformers + PEFT"][0]["versions"])


def median(runs, figure):
    return statistics.median(each[figure] for each in runs)


if __name__ == "__main__":
    main()
