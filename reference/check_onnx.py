"""Checks an exported vision module with ONNX's own checker, and compares what ONNX Runtime makes of it with torchvision
(ResNet-18) or timm (the others), given the same weights; to be run by hand:

    ./eegvlm export-onnx --vision runs/vision
    python reference/check_onnx.py runs/vision

Error of two tensors: max|a - b| / max|b|. Exits with 1 where it exceeds 1e-4.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import timm
import torch
import torchvision
from safetensors.torch import load_file

LIMIT = 1e-4
TIMM = {
    "convnext_tiny": "convnext_tiny",
    "convnext_base": "convnext_base",
    "vit_small": "vit_small_patch16_224",
    "vit_base": "vit_base_patch16_224",
}


def peer(network: dict) -> torch.nn.Module:
    name = network["architecture"]
    if name == "resnet18":
        model = torchvision.models.resnet18()
        model.fc = torch.nn.Identity()
        return model
    sizes = {"img_size": network["input_size"]} if name.startswith("vit") else {}
    return timm.create_model(TIMM[name], num_classes=0, **sizes)


def features(network: dict, weights: dict, pictures: torch.Tensor) -> torch.Tensor:
    model = peer(network)
    left = set(model.load_state_dict(weights, strict=False).missing_keys)
    assert all(key.endswith("num_batches_tracked") for key in left), left
    x = model.eval()(pictures)
    if "projection.weight" in weights:
        x = torch.nn.functional.linear(x, weights["projection.weight"], weights["projection.bias"])
    return x


@torch.no_grad()
def main(folder: Path) -> int:
    file = folder / "model.onnx"
    onnx.checker.check_model(str(file), full_check=True)
    network = json.loads((folder / "config.json").read_text())["network"]
    side = network["input_size"]
    pictures = torch.randn(3, 3, side, side, generator=torch.Generator().manual_seed(0))
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    made = session.run(["features"], {"pictures": pictures.numpy()})[0]
    wanted = features(network, load_file(folder / "model.safetensors"), pictures).numpy()
    error = np.abs(made - wanted).max() / np.abs(wanted).max()
    print(f"{network['architecture']}: checked; features {made.shape} differ by {error:.1e} (limit {LIMIT})")
    return int(not error <= LIMIT)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
