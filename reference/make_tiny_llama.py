"""Writes the golden files of the decoder's tests: a tiny random Llama with a LoRA adapter, and what
transformers and PEFT compute with it.

Made with Python 3.11, torch 2.7.1, transformers 4.52.4, peft 0.15.2, safetensors 0.8.0:

    python reference/make_tiny_llama.py llava-adapter/src/test/resources/org/eegvlm/llama/tiny-llama
"""

import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

PADDING = 0
LENGTHS = (9, 6)
NEW_TOKENS = 8
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def tiny_llama() -> LlamaForCausalLM:
    config = LlamaConfig(
        vocab_size=64,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=64,
        rms_norm_eps=1e-5,
        rope_theta=10000.0,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=PADDING,
        initializer_range=0.2,
        tie_word_embeddings=False,
        torch_dtype="float32",
    )
    return LlamaForCausalLM(config).eval()


def with_adapter(model: LlamaForCausalLM):
    adapted = get_peft_model(
        model, LoraConfig(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=TARGETS, task_type="CAUSAL_LM")
    )
    for name, parameter in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.1)
        elif "norm" in name:
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
    return adapted


def greedy(model, prompt: torch.Tensor) -> torch.Tensor:
    ids = prompt
    for _ in range(NEW_TOKENS):
        ids = torch.cat([ids, model(input_ids=ids[None]).logits[0, -1].argmax()[None]])
    return ids[len(prompt):]


def golden(model) -> dict[str, torch.Tensor]:
    longest = max(LENGTHS)
    ids = torch.randint(3, 64, (len(LENGTHS), longest))
    mask = torch.arange(longest) < torch.tensor(LENGTHS)[:, None]
    ids[~mask] = PADDING
    labels = torch.where(mask & (torch.arange(longest) >= 3), ids, -100)

    embeddings = model.get_input_embeddings()(ids).detach().requires_grad_(True)
    output = model(inputs_embeds=embeddings, attention_mask=mask.long(), labels=labels, output_hidden_states=True)
    output.loss.backward()

    tensors = {
        "ids": ids,
        "labels": labels,
        "loss": output.loss.detach(),
        "logits": output.logits.detach(),
        "gradient.embeddings": embeddings.grad,
    }
    # The last hidden state of transformers is normalised already; ours are what goes into each layer.
    for layer, hidden in enumerate(output.hidden_states[:-1]):
        tensors[f"input.{layer}"] = hidden.detach()
    for name, parameter in model.named_parameters():
        if parameter.grad is not None:
            tensors["gradient." + name.replace(".default", "")] = parameter.grad
    with torch.no_grad():
        for row, length in enumerate(LENGTHS):
            tensors[f"greedy.{row}"] = greedy(model, ids[row, :length])
        with model.disable_adapter():
            tensors["logits.base"] = model(input_ids=ids, attention_mask=mask.long()).logits
    return tensors


def frequencies() -> dict[str, torch.Tensor]:
    llama3 = {
        "rope_type": "llama3",
        "factor": 32.0,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192,
    }
    linear = {"rope_type": "linear", "factor": 4.0}
    return {
        f"frequencies.{scaling['rope_type']}": ROPE_INIT_FUNCTIONS[scaling["rope_type"]](
            LlamaConfig(
                hidden_size=2048,
                num_attention_heads=32,
                rope_theta=500000.0,
                max_position_embeddings=131072,
                rope_scaling=scaling,
            ),
            torch.device("cpu"),
        )[0]
        for scaling in (llama3, linear)
    }


def main(folder: Path) -> None:
    torch.manual_seed(42)
    folder.mkdir(parents=True, exist_ok=True)
    adapted = with_adapter(tiny_llama())
    tensors = golden(adapted) | frequencies()
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, folder / "golden.safetensors")
    adapted.peft_config["default"].base_model_name_or_path = "tiny-llama"
    adapted.save_pretrained(folder / "adapter", save_embedding_layers=False)
    (folder / "adapter" / "README.md").unlink(missing_ok=True)
    base = adapted.unload()
    base.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
