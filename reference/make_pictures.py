"""Makes the golden pictures of llava-adapter's tests: what Pillow and CLIP's own processor make of odd sizes.

Versions: Python 3.11, pillow 11.2.1, numpy 1.26.4, torch 2.7.1, transformers 4.52.4, safetensors 0.8.0.
Run from the root of the project: python reference/make_pictures.py
"""

from pathlib import Path

import numpy as np
from PIL import Image
from safetensors.numpy import save_file
from transformers import CLIPImageProcessor

OUT = Path("llava-adapter/src/test/resources/org/eegvlm/llava/pictures")
SIZE = 48
MEAN = [0.48145466, 0.4578275, 0.40821073]
STD = [0.26862954, 0.26130258, 0.27577711]
SIZES = {
    "wide": (131, 37),
    "tall": (23, 97),
    "larger": (101, 100),
    "smaller": (17, 19),
    "same": (48, 48),
    "line": (90, 1),
    "double": (96, 96),
    "prime": (61, 53),
}


def picture(width, height, seed):
    """Noise, a ramp and hard edges: everything that rounding can get wrong."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    ramp = np.stack([x * 255 // max(1, width - 1), y * 255 // max(1, height - 1), (x + y) % 256], -1)
    noise = random.integers(0, 256, (height, width, 3))
    edges = np.where(((x // 5 + y // 3) % 2)[..., None] == 0, 0, 255)
    kind = (x * 3 // width)[..., None]
    return Image.fromarray(np.select([kind == 0, kind == 1], [ramp, noise], edges).astype(np.uint8))


def padded(image):
    """LLaVA's expand2square."""
    side = max(image.size)
    square = Image.new("RGB", (side, side), tuple(int(m * 255) for m in MEAN))
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return square


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    processor = CLIPImageProcessor(size={"shortest_edge": SIZE}, crop_size=SIZE, image_mean=MEAN, image_std=STD)
    golden = {}
    for seed, (name, size) in enumerate(SIZES.items()):
        image = picture(*size, seed)
        image.save(OUT / f"{name}.png", optimize=True)
        padded(image).resize((SIZE, SIZE), Image.BICUBIC).save(OUT / f"{name}-padded.png", optimize=True)
        if name != "line":  # without padding it would become 4320 pixels wide
            short = min(size)
            resized = image.resize(tuple(int(SIZE * edge / short) for edge in size), Image.BICUBIC)
            left, top = (resized.width - SIZE) // 2, (resized.height - SIZE) // 2
            resized.crop((left, top, left + SIZE, top + SIZE)).save(OUT / f"{name}-cropped.png", optimize=True)
        if name in ("wide", "prime"):
            golden[f"{name}.padded"] = processor(padded(image), return_tensors="np")["pixel_values"][0]
            golden[f"{name}.cropped"] = processor(image, return_tensors="np")["pixel_values"][0]
    save_file(golden, OUT / "pixels.safetensors")
    small = picture(9, 7, 99)
    small.save(OUT / "rgb.png")
    small.convert("L").save(OUT / "grey.png")
    small.convert("L").convert("RGB").save(OUT / "grey-as-rgb.png")
    small.convert("P", palette=Image.ADAPTIVE, colors=6).save(OUT / "palette.png")
    small.convert("P", palette=Image.ADAPTIVE, colors=6).convert("RGB").save(OUT / "palette-as-rgb.png")
    with_alpha = small.copy()
    with_alpha.putalpha(small.convert("L"))
    with_alpha.save(OUT / "alpha.png")
    small.save(OUT / "rgb.bmp")
    small.save(OUT / "rgb.jpg", quality=95)


if __name__ == "__main__":
    main()
