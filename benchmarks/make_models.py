"""Models with random weights in the shapes that the speed and memory benchmarks need.

    python make_models.py FOLDER [llama llava tinyllama ...]

Needs torch 2.7.1, transformers 4.52.4, safetensors and sentencepiece; gguf (part of llama.cpp) where a GGUF is wanted.
What is there already stays. Seeds are fixed, so everybody measures the same weights.
"""

import json
import os
import sys
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
import sentencepiece
import torch
from safetensors.torch import save_file
from sentencepiece.sentencepiece_model_pb2 import ModelProto
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
CONTEXT = 2048

# SmolLM2-135M; the last id ends a text, which random weights hardly ever say.
LLAMA = dict(
    model_type="llama", architectures=["LlamaForCausalLM"], vocab_size=49152, hidden_size=576, intermediate_size=1536,
    num_hidden_layers=30, num_attention_heads=9, num_key_value_heads=3, max_position_embeddings=CONTEXT,
    rms_norm_eps=1e-5, rope_theta=10000.0, tie_word_embeddings=True, hidden_act="silu",
    bos_token_id=1, eos_token_id=49151, pad_token_id=0)

# TinyLlama-1.1B
TINYLLAMA = dict(
    LLAMA, vocab_size=32000, hidden_size=2048, intermediate_size=5632, num_hidden_layers=22, num_attention_heads=32,
    num_key_value_heads=4, tie_word_embeddings=False, eos_token_id=31999)

# CLIP ViT-L/14 at 336 pixels: LLaVA-1.5's tower, 576 patches
CLIP = dict(
    model_type="clip_vision_model", hidden_size=1024, intermediate_size=4096, num_hidden_layers=24,
    num_attention_heads=16, image_size=336, patch_size=14, num_channels=3, projection_dim=768, hidden_act="quick_gelu",
    layer_norm_eps=1e-5)


def tokenizer(folder, size):
    """A SentencePiece model of a few hundred pieces and all bytes, filled up with words that no text has."""
    lines = [
        "A chat between a curious human and an artificial intelligence assistant.",
        "The assistant gives helpful, detailed, and polite answers to the human's questions.",
        "USER: Which sleep stage does the picture of this epoch show? ASSISTANT: The picture shows stage N2."]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines * 100),
        model_prefix=str(folder / "tokenizer"), model_type="bpe", vocab_size=600, byte_fallback=True,
        hard_vocab_limit=False, minloglevel=2,
        normalization_rule_name="identity", remove_extra_whitespaces=False)  # as Llama's own
    (folder / "tokenizer.vocab").unlink()
    model = ModelProto.FromString((folder / "tokenizer.model").read_bytes())
    for id in range(len(model.pieces), size):
        model.pieces.add(piece=f"filler{id}", score=-1e6 - id)
    (folder / "tokenizer.model").write_bytes(model.SerializeToString())


def llama_weights(config, type):
    """Fan-in scaled weights [out, in] under the names of a Llama checkpoint."""
    torch.manual_seed(0)
    width, inner = config["hidden_size"], config["intermediate_size"]
    narrow = width // config["num_attention_heads"] * config["num_key_value_heads"]

    def matrix(rows, columns):
        return (torch.randn(rows, columns) * columns**-0.5).to(type)

    weights = {"model.embed_tokens.weight": matrix(config["vocab_size"], width)}
    for layer in range(config["num_hidden_layers"]):
        prefix = f"model.layers.{layer}."
        weights[prefix + "input_layernorm.weight"] = torch.ones(width, dtype=type)
        weights[prefix + "post_attention_layernorm.weight"] = torch.ones(width, dtype=type)
        for name, rows, columns in [
            ("self_attn.q_proj", width, width), ("self_attn.k_proj", narrow, width), ("self_attn.v_proj", narrow, width),
            ("self_attn.o_proj", width, width), ("mlp.gate_proj", inner, width), ("mlp.up_proj", inner, width),
            ("mlp.down_proj", width, inner)]:
            weights[f"{prefix}{name}.weight"] = matrix(rows, columns)
    weights["model.norm.weight"] = torch.ones(width, dtype=type)
    if not config["tie_word_embeddings"]:
        weights["lm_head.weight"] = matrix(config["vocab_size"], width)
    return weights


def make_llama(folder, config, type):
    weights = llama_weights(config, TYPES[type])
    tokenizer(folder, config["vocab_size"])
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    write_config(folder, dict(config, torch_dtype=torch_name(type)))


def make_llava(folder, type):
    """The original layout under original/, with the tower beside it, and transformers' own under hf/."""
    torch.manual_seed(0)
    text = {key: value for key, value in LLAMA.items() if key != "architectures"}
    peer = LlavaForConditionalGeneration(LlavaConfig(
        text_config=LlamaConfig(**text), vision_config=CLIPVisionConfig(**CLIP), image_token_index=LLAMA["vocab_size"] - 2,
        image_seq_length=576, tie_word_embeddings=True, pad_token_id=0)).to(TYPES[type])
    decoder = llama_weights(LLAMA, TYPES[type])
    renamed = {name.replace("model.", "model.language_model.", 1): value for name, value in decoder.items()}
    missing, unexpected = peer.load_state_dict(renamed, strict=False)
    assert not unexpected and not [name for name in missing if "language_model" in name], (missing, unexpected)
    peer.save_pretrained(folder / "hf")

    tower = {name.removeprefix("model.vision_tower."): value.contiguous()
             for name, value in peer.state_dict().items() if name.startswith("model.vision_tower.")}
    projector = {f"model.mm_projector.{ours}.{part}": peer.state_dict()[f"model.multi_modal_projector.linear_{its}.{part}"]
                 for ours, its in ((0, 1), (2, 2)) for part in ("weight", "bias")}
    original = folder / "original"
    (original / "clip").mkdir(parents=True)
    tokenizer(original, LLAMA["vocab_size"])
    save_file(tower, original / "clip" / "model.safetensors", metadata={"format": "pt"})
    write_config(original / "clip", CLIP)
    save_file(decoder | projector, original / "model.safetensors", metadata={"format": "pt"})
    write_config(original, dict(
        LLAMA, model_type="llava", architectures=["LlavaLlamaForCausalLM"], mm_hidden_size=1024, mm_vision_tower="clip",
        mm_projector_type="mlp2x_gelu", mm_vision_select_layer=-2, mm_vision_select_feature="patch",
        mm_use_im_start_end=False, mm_use_im_patch_token=False, image_aspect_ratio="pad", torch_dtype=torch_name(type)))


def make_gguf(folder, config, type):
    """The weights of make_llama for llama.cpp, without a vocabulary."""
    import gguf

    heads, key_value_heads = config["num_attention_heads"], config["num_key_value_heads"]
    writer = gguf.GGUFWriter(folder / "model.gguf", "llama")
    writer.add_file_type({"fp32": gguf.LlamaFileType.ALL_F32, "bf16": gguf.LlamaFileType.MOSTLY_BF16}[type])
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(key_value_heads)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(config["hidden_size"] // heads)
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("no_vocab")
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])
    for name, value in llama_weights(config, TYPES[type]).items():
        if ".q_proj." in name or ".k_proj." in name:
            value = interleaved(value, heads if ".q_proj." in name else key_value_heads)
        target = names.get_name(name, try_suffixes=(".weight",))
        if value.dim() == 1 or type == "fp32":
            writer.add_tensor(target, value.float().numpy())
        else:
            bits = value.view(torch.int16).numpy().view("uint8")
            writer.add_tensor(target, bits, raw_dtype=gguf.GGMLQuantizationType.BF16)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def interleaved(weight, heads):
    """llama.cpp rotates neighbouring dimensions; transformers those half a head apart."""
    return weight.view(heads, 2, -1, weight.size(1)).transpose(1, 2).reshape(weight.shape)


def write_config(folder, config):
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def torch_name(type):
    return {"fp32": "float32", "bf16": "bfloat16"}[type]


MAKERS = {
    "llama-fp32": lambda folder: make_llama(folder, LLAMA, "fp32"),
    "llama-bf16": lambda folder: make_llama(folder, LLAMA, "bf16"),
    "llava-fp32": lambda folder: make_llava(folder, "fp32"),
    "llava-bf16": lambda folder: make_llava(folder, "bf16"),
    "tinyllama-bf16": lambda folder: make_llama(folder, TINYLLAMA, "bf16"),
    "gguf-fp32": lambda folder: make_gguf(folder, LLAMA, "fp32"),
    "gguf-bf16": lambda folder: make_gguf(folder, LLAMA, "bf16"),
}


def main():
    root = Path(sys.argv[1])
    for name in sys.argv[2:] or MAKERS:
        folder = root / name
        done = folder / "done"
        if not done.exists():
            folder.mkdir(parents=True, exist_ok=True)
            MAKERS[name](folder)
            done.touch()
            print("made", folder, file=sys.stderr)


if __name__ == "__main__":
    main()
