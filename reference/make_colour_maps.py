"""Writes the colour maps of spectrograms, 256 colours each: viridis and magma, which their authors gave away (CC0)."""

from pathlib import Path

import matplotlib

resources = Path(__file__).parent.parent / "vision-module/src/main/resources/org/eegvlm/vision/render"
for name in ("viridis", "magma"):
    colours = matplotlib.colormaps[name](range(256), bytes=True)[:, :3]
    lines = [colours[i:i + 16].tobytes().hex() for i in range(0, 256, 16)]
    (resources / f"{name}.hex").write_text("\n".join(lines) + "\n")
