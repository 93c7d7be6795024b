"""Trains a backbone with ours and with PyTorch's eager loop in turns, and prints the medians. Started by vision_speed.sh.

    python vision_speed.py PAIRS THREADS PIXELS BATCH STEPS resnet18 [convnext_tiny ...]
    python vision_speed.py peer BACKBONE PIXELS BATCH THREADS STEPS
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
JAVA = os.environ.get("JAVA_HOME", "") and os.environ["JAVA_HOME"] + "/bin/"


def main():
    pairs, threads, pixels, batch, steps = sys.argv[1:6]
    ours = [JAVA + "java", *os.environ["SPEED_JAVA_OPTS"].split(), "-cp", os.environ["SPEED_CLASS_PATH"]]
    print(f"{pixels}² pixels, batch {batch}, {threads} threads, median of {pairs} runs, pictures a second\n")
    print("| | PyTorch, train | ours, train | ratio | PyTorch, encode | ours, encode | ratio |")
    print("|---|---|---|---|---|---|---|")
    for backbone in sys.argv[6:]:
        start = [backbone, pixels, batch, threads, steps]
        sides = ([sys.executable, __file__, "peer"] + start, ours + [str(HERE / "VisionSpeed.java")] + start)
        figures = ([], [])
        for _ in range(int(pairs)):  # in turns: what disturbs the machine disturbs both
            for side, done in zip(sides, figures):
                done.append(run(side))
        cells = []
        for what in ("train", "encode"):
            peer, our = (statistics.median(each[what] for each in side) for side in figures)
            cells += [f"{peer:.1f}", f"{our:.1f}", f"{our / peer:.2f}"]
        print(f"| {backbone} | {' | '.join(cells)} |", flush=True)
    print(f"\nload average at the end: {os.getloadavg()[0]:.1f}")


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def peer(backbone, pixels, batch, threads, steps):
    """torchvision's or timm's network with the same head, AdamW fused, gradients set to None: the loop of the tutorials."""
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    network = stage_network(torch, backbone, pixels)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-5, weight_decay=0.05, fused=True)
    pictures = torch.randn(batch, 3, pixels, pixels)
    stages = torch.arange(batch) % 5

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(network(pictures), stages)
        loss.backward()
        optimizer.step()
        loss.item()

    def encode():
        with torch.inference_mode():
            network(pictures).numpy()

    network.train()
    train = batch / median(steps, step)
    network.eval()
    print(json.dumps({"train": train, "encode": batch / median(steps, encode)}))


def stage_network(torch, backbone, pixels):
    if backbone == "resnet18":
        from torchvision.models import resnet18

        encoder, width = resnet18(), 512
        encoder.fc = torch.nn.Identity()
    elif backbone.startswith("convnext"):
        import timm

        encoder = timm.create_model(backbone, num_classes=0)
        width = encoder.num_features
    else:
        import timm

        encoder = timm.create_model(f"{backbone}_patch16_224", num_classes=0, img_size=pixels)
        width = encoder.num_features
    head = [] if width == 1024 else [torch.nn.Linear(width, 1024)]
    return torch.nn.Sequential(encoder, *head, torch.nn.Linear(1024, 5))


def median(runs, work):
    seconds = []
    for i in range(-2, runs):
        start = time.perf_counter()
        work()
        if i >= 0:
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


if sys.argv[1] == "peer":
    peer(sys.argv[2], *map(int, sys.argv[3:7]))
else:
    main()
