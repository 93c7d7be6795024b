"""Writes one tiny random LLaVA in every layout in which such models are published, and the hash of each tensor.

Made with Python 3.11, torch 2.7.1, transformers 4.52.4, safetensors 0.8.0:

    python reference/make_layouts.py llava-adapter/src/test/resources/org/eegvlm/checkpoint/layouts
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

import torch
from huggingface_hub import save_torch_state_dict
from safetensors.torch import save_file
from transformers import (
    CLIPConfig,
    CLIPModel,
    CLIPTextConfig,
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
)

TOWER = "model.vision_tower.vision_tower.vision_model."
SHARD = 3000

# From the names in memory, transformers 4.52, to the original ones and to those of the files on the Hub.
ORIGINAL = {
    "model.multi_modal_projector.linear_1.": "model.mm_projector.0.",
    "model.multi_modal_projector.linear_2.": "model.mm_projector.2.",
    "model.vision_tower.vision_model.": TOWER,
    "model.language_model.": "model.",
}
HUB = {
    "model.multi_modal_projector.": "multi_modal_projector.",
    "model.vision_tower.": "vision_tower.",
    "model.language_model.": "language_model.model.",
    "lm_head.": "language_model.lm_head.",
}


def vision() -> CLIPVisionConfig:
    return CLIPVisionConfig(
        hidden_size=8,
        intermediate_size=12,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=8,
        patch_size=4,
        projection_dim=8,
    )


def tiny_llava() -> LlavaForConditionalGeneration:
    text = LlamaConfig(
        vocab_size=24,
        hidden_size=8,
        intermediate_size=12,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=64,
        rms_norm_eps=1e-5,
    )
    config = LlavaConfig(
        vision_config=vision(),
        text_config=text,
        image_token_index=22,
        projector_hidden_act="gelu",
        vision_feature_layer=-2,
        vision_feature_select_strategy="default",
        image_seq_length=4,
        torch_dtype="float16",
    )
    model = LlavaForConditionalGeneration(config).eval().half()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter))
    return model


def renamed(tensors: dict[str, torch.Tensor], prefixes: dict[str, str]) -> dict[str, torch.Tensor]:
    def rename(name: str) -> str:
        for before, after in prefixes.items():
            if name.startswith(before):
                return after + name[len(before):]
        return name

    return {rename(name): tensor for name, tensor in tensors.items()}


def original_config(tower: str) -> dict:
    return {
        "architectures": ["LlavaLlamaForCausalLM"],
        "model_type": "llava",
        "hidden_act": "silu",
        "hidden_size": 8,
        "intermediate_size": 12,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "vocab_size": 24,
        "max_position_embeddings": 64,
        "rms_norm_eps": 1e-05,
        "rope_scaling": None,
        "tie_word_embeddings": False,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "pad_token_id": 0,
        "image_aspect_ratio": "pad",
        "mm_hidden_size": 8,
        "mm_projector_type": "mlp2x_gelu",
        "mm_use_im_patch_token": False,
        "mm_use_im_start_end": False,
        "mm_vision_select_feature": "patch",
        "mm_vision_select_layer": -2,
        "mm_vision_tower": tower,
        "torch_dtype": "float16",
    }


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n")


def original_bin(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """As torch.save may store tensors: one transposed, two in one storage, and a table nobody needs."""
    stored = dict(tensors)
    transposed = "model.layers.0.mlp.up_proj.weight"
    stored[transposed] = stored[transposed].t().contiguous().t()
    both = torch.cat([stored["model.norm.weight"], stored["model.mm_projector.0.bias"]])
    stored["model.norm.weight"], stored["model.mm_projector.0.bias"] = both[:8], both[8:]
    stored["model.layers.0.self_attn.rotary_emb.inv_freq"] = torch.ones(2)
    return stored


def tiny_clip(tensors: dict[str, torch.Tensor]) -> CLIPModel:
    text = CLIPTextConfig(
        vocab_size=10,
        hidden_size=8,
        intermediate_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=4,
        projection_dim=8,
    )
    clip = CLIPModel(CLIPConfig.from_text_vision_configs(text, vision(), projection_dim=8)).eval().half()
    tower = {name[len(TOWER):]: tensor for name, tensor in tensors.items() if name.startswith(TOWER)}
    clip.vision_model.load_state_dict(tower)
    return clip


def hashes(tensors: dict[str, torch.Tensor]) -> dict[str, str]:
    return {
        name: hashlib.sha256(tensors[name].contiguous().numpy().tobytes()).hexdigest()[:16] for name in sorted(tensors)
    }


def main(folder: Path) -> None:
    torch.manual_seed(42)
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("hub", "memory", "original", "original-sharded", "original-bin", "original-bin-sharded", "clip-bin"):
        (folder / name).mkdir(parents=True)
    model = tiny_llava()
    memory = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    tensors = renamed(memory, ORIGINAL)
    language = {name: tensor for name, tensor in tensors.items() if not name.startswith(TOWER)}

    model.config.save_pretrained(folder / "hub")
    save_file(renamed(memory, HUB), folder / "hub" / "model.safetensors", {"format": "pt"})
    model.config.save_pretrained(folder / "memory")
    save_file(memory, folder / "memory" / "model.safetensors", {"format": "pt"})

    for name, tower in (("original", "inside"), ("original-sharded", "inside"), ("original-bin", "inside")):
        write_json(folder / name / "config.json", original_config(tower))
    write_json(folder / "original-bin-sharded" / "config.json", original_config("openai/clip-bin"))
    save_file(tensors, folder / "original" / "model.safetensors", {"format": "pt"})
    save_torch_state_dict(tensors, folder / "original-sharded", max_shard_size=SHARD)
    torch.save(original_bin(tensors), folder / "original-bin" / "pytorch_model.bin")
    save_torch_state_dict(
        language, folder / "original-bin-sharded", max_shard_size=SHARD, safe_serialization=False
    )
    tiny_clip(tensors).save_pretrained(folder / "clip-bin", safe_serialization=False)
    write_json(folder / "hashes.json", hashes(tensors))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
