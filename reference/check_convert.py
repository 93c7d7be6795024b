"""Loads what `eegvlm convert` and `eegvlm merge` wrote in transformers and compares logits, to be run by hand:

    mvn -pl llava-adapter test -Dtest=HandOverTest -Deegvlm.handOver=/tmp/hand-over
    python reference/check_convert.py /tmp/hand-over

Error of two tensors: max|a - b| / max|b|. Exits with 1 where one exceeds 1e-4.
"""

import sys
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import load_file
from transformers import AutoProcessor, LlamaForCausalLM, LlavaForConditionalGeneration

LIMIT = 1e-4
PICTURE = -200


def error(a: torch.Tensor, b: torch.Tensor) -> float:
    return ((a - b).abs().max() / b.abs().max()).item()


def pictures(folder: Path, golden: dict[str, torch.Tensor]) -> dict[str, float]:
    model, loading = LlavaForConditionalGeneration.from_pretrained(
        folder / "hf", output_loading_info=True, attn_implementation="eager"
    )
    assert not loading["missing_keys"] and not loading["unexpected_keys"], loading
    processor = AutoProcessor.from_pretrained(folder / "hf")
    images = [Image.open(folder / name).convert("RGB") for name in ("tall.png", "wide.png")]
    prompt = "USER: <image>\n<image>\nWhich stage? ASSISTANT:"
    made = processor(images=images, text=prompt, return_tensors="pt")
    patches = (made.input_ids == model.config.image_token_index).sum().item() // 2

    ids = []
    for token in golden["pictures.ids"].tolist():
        ids += [model.config.image_token_index] * patches if token == PICTURE else [token]
    with torch.no_grad():
        logits = model.eval()(input_ids=torch.tensor([ids]), pixel_values=made.pixel_values).logits
    ours = golden["pictures.logits"]
    pixels = torch.stack([golden["pictures.pixels.0"], golden["pictures.pixels.1"]])
    assert patches == model.config.image_seq_length
    return {
        "pixels of the written processor": error(made.pixel_values, pixels),
        "logits of a question with two pictures": error(logits[..., : ours.shape[-1]], ours),
    }


def text(folder: Path, golden: dict[str, torch.Tensor]) -> dict[str, float]:
    errors = {}
    for name, ours in (("llama", "logits.llama"), ("llama-merged", "logits.llama-all")):
        model, loading = LlamaForCausalLM.from_pretrained(folder / name, output_loading_info=True)
        assert not loading["missing_keys"] and not loading["unexpected_keys"], loading
        with torch.no_grad():
            errors[f"logits of {name}"] = error(model.eval()(input_ids=golden["ids"][None]).logits, golden[ours])
    return errors


def main(folder: Path) -> None:
    golden = load_file(folder / "golden.safetensors")
    errors = pictures(folder, golden) | text(folder, golden)
    for what, value in errors.items():
        print(f"{what}: {value:.1e}")
    sys.exit(max(errors.values()) > LIMIT)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
