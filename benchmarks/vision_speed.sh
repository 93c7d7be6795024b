#!/usr/bin/env bash
# Training and encoding with a backbone on this processor: ours against PyTorch's own eager loop on torchvision's and timm's
# networks, in turns. Prints a table; takes some minutes on two cores with nothing else running.
#
#   PEER_PYTHON=…/bin/python benchmarks/vision_speed.sh
#
#   PEER_PYTHON  a Python with torch 2.7.1, torchvision 0.22.1, timm 1.0.15
#   BACKBONES    default "resnet18 convnext_tiny vit_small"
#   PAIRS        how often each side runs (default 5)
#   PIXELS, BATCH, STEPS   default 80, 16, 12
#   THREADS      default 2
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=benchmarks/settings.sh
source "$here/settings.sh"
export OMP_WAIT_POLICY=PASSIVE
exec "$PEER_PYTHON" "$here/vision_speed.py" "${PAIRS:-5}" "$THREADS" "${PIXELS:-80}" "${BATCH:-16}" "${STEPS:-12}" \
    ${BACKBONES:-resnet18 convnext_tiny vit_small}
