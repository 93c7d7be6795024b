"""Makes the golden numbers of llava-adapter's vision tests: a tiny CLIP tower by transformers, a projector by torch.nn,
and the splice of pictures and feature rows written out sample by sample, with its gradients by autograd.

Versions: Python 3.11, torch 2.7.1, transformers 4.52.4, safetensors 0.8.0.
Run from the root of the project: python reference/make_tiny_clip.py
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import CLIPVisionConfig, CLIPVisionModel

OUT = Path("llava-adapter/src/test/resources/org/eegvlm/llava/tiny-clip")
WIDTH, HIDDEN, PATCHES = 32, 24, 9


def tower():
    config = CLIPVisionConfig(
        hidden_size=WIDTH, intermediate_size=40, num_hidden_layers=3, num_attention_heads=4, image_size=12, patch_size=4
    )
    model = CLIPVisionModel(config).eval()
    for parameter in model.parameters():  # the defaults are too small to show an error
        torch.nn.init.normal_(parameter, 0.5 if parameter.dim() == 1 else 0.0, 0.3)
    return model


def splice(projector, mode, pictures, rows, text):
    """LLaVA's interleaving of one sample: text 2, slot, text 1, slot, text 2."""
    clip = projector(pictures)
    first = clip[0]
    if mode == "fuse":
        second = clip[0] + projector(rows)[0]
    elif mode == "token":
        second = projector(rows)
    else:
        second = clip[1]
    return torch.cat([text[:2], first, text[2:3], second, text[3:]])


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(3)
    model = tower()
    model.save_pretrained(OUT)
    pixels = torch.randn(2, 3, 12, 12)
    with torch.no_grad():
        states = model(pixels, output_hidden_states=True).hidden_states
    projector = torch.nn.Sequential(torch.nn.Linear(WIDTH, HIDDEN), torch.nn.GELU(), torch.nn.Linear(HIDDEN, HIDDEN))
    golden = {"pixels": pixels}
    for layer in (0, 1, 2, 3):
        golden[f"hidden.{layer}"] = states[layer][:, 1:].contiguous()
    pictures = states[-2][:, 1:].detach()
    rows = torch.randn(1, WIDTH)
    text = torch.randn(5, HIDDEN)
    golden |= {"rows": rows, "text": text, "projected": projector(pictures).detach()}
    golden |= {f"projector.{name}": value.detach() for name, value in projector.named_parameters()}
    for mode in ("fuse", "token", "off"):
        spliced = splice(projector, mode, pictures, rows, text)
        gradient = torch.randn_like(spliced)
        gradients = torch.autograd.grad(spliced, list(projector.parameters()), gradient)
        golden |= {f"{mode}.spliced": spliced.detach(), f"{mode}.gradient": gradient}
        for (name, _), value in zip(projector.named_parameters(), gradients):
            golden[f"{mode}.{name}"] = value
    save_file({name: value.contiguous() for name, value in golden.items()}, OUT / "golden.safetensors")


if __name__ == "__main__":
    main()
