"""Writes the golden files of three families of Llama: tiny random models of the shapes of Llama 2, Llama 3.2 and SmolLM2,
each with a LoRA adapter, and what transformers and PEFT compute with them in fp32 and in bf16.

A seed is taken only if the model is worth comparing with: greedy decoding says at least 16 different tokens in each
row, and never chooses between two that are closer than 1e-3; and the reference's own bf16 is within 1.2e-2 of its fp32,
so that a difference tells of a mistake and not of a badly conditioned model. The seed stands in the golden file.

Made with Python 3.11, torch 2.7.1, transformers 4.52.4, peft 0.15.2, safetensors 0.8.0:

    python reference/make_families.py llava-adapter/src/test/resources/org/eegvlm/llama/families
"""

import copy
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.models.llama.modeling_llama import LlamaDecoderLayer

PADDING, BEGIN, END = 0, 1, 2
LENGTHS = (12, 9, 7, 4, 1)
NEW_TOKENS, DISTINCT, MARGIN, STEADY = 64, 16, 1e-3, 1.2e-2
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
# Every so manieth number of a large tensor is kept; prime to all widths, so that every column is seen.
STRIDE = 7

SMALL = dict(
    num_hidden_layers=3,
    hidden_act="silu",
    bos_token_id=BEGIN,
    eos_token_id=END,
    pad_token_id=PADDING,
    max_position_embeddings=256,
)

FAMILIES = {
    "llama2": (
        LlamaConfig(
            vocab_size=128,
            hidden_size=32,
            intermediate_size=44,
            num_attention_heads=4,
            rms_norm_eps=1e-5,
            rope_theta=10000.0,
            tie_word_embeddings=False,
            **SMALL,
        ),
        torch.float16,
    ),
    "llama3": (
        # Wave lengths 6, 56, 499, 4443 …: kept below 32, stretched above 128, between the two on the ramp.
        LlamaConfig(
            vocab_size=96,
            hidden_size=32,
            intermediate_size=48,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=12,
            rms_norm_eps=1e-5,
            rope_theta=500000.0,
            rope_scaling={
                "rope_type": "llama3",
                "factor": 8.0,
                "low_freq_factor": 1.0,
                "high_freq_factor": 4.0,
                "original_max_position_embeddings": 128,
            },
            tie_word_embeddings=True,
            **SMALL,
        ),
        torch.bfloat16,
    ),
    "smollm2": (
        LlamaConfig(
            vocab_size=96,
            hidden_size=36,
            intermediate_size=48,
            num_attention_heads=9,
            num_key_value_heads=3,
            rms_norm_eps=1e-5,
            rope_theta=100000.0,
            tie_word_embeddings=True,
            **SMALL,
        ),
        torch.bfloat16,
    ),
}


def rounded(model: torch.nn.Module, stored: torch.dtype) -> None:
    """What is saved in two bytes is what is computed with."""
    for parameter in model.parameters():
        parameter.data = parameter.data.to(stored).float()


def random_llama(config: LlamaConfig, stored: torch.dtype) -> LlamaForCausalLM:
    model = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name:
                parameter.uniform_(0.5, 1.5)
                if name == "model.norm.weight":  # without signs, tied embeddings make a model repeat its last token
                    parameter *= torch.randint(0, 2, parameter.shape) * 2 - 1
            elif "embed" in name or "lm_head" in name:
                parameter.normal_(0, 0.7)
                parameter[END] = 0  # never the most likely
            else:
                parameter.normal_(0, parameter.size(1) ** -0.5)
    rounded(model, stored)
    return model


def adapted(model: LlamaForCausalLM):
    config = LoraConfig(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=TARGETS, task_type="CAUSAL_LM")
    peft = get_peft_model(copy.deepcopy(model), config).eval()
    for name, parameter in peft.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.07)
        if "lora_" in name:
            parameter.data = parameter.data.bfloat16().float()
    return peft


def greedy(model, attention_mask: torch.Tensor, **prompt: torch.Tensor):
    """The new ids [B, 64] and the margins [B, 64] of prompts that are padded on the left."""
    out = model.generate(
        attention_mask=attention_mask,
        max_new_tokens=NEW_TOKENS,
        do_sample=False,
        output_logits=True,
        return_dict_in_generate=True,
        pad_token_id=PADDING,
        **prompt,
    )
    logits = torch.stack(out.logits, 1)
    best = logits.topk(2, -1).values
    return out.sequences[:, -NEW_TOKENS:], best[..., 0] - best[..., 1]


def worth(ids: torch.Tensor, margins: torch.Tensor) -> bool:
    full = ids.size(1) == NEW_TOKENS and not (ids == END).any()
    return full and margins.min() >= MARGIN and min(row.unique().numel() for row in ids) >= DISTINCT


def layer_states(model, inputs_embeds: torch.Tensor, mask: torch.Tensor):
    """What goes into the first layer and comes out of each, and the logits."""
    states = [inputs_embeds]
    layers = [module for module in model.modules() if isinstance(module, LlamaDecoderLayer)]
    hooks = [layer.register_forward_hook(lambda _, __, out: states.append(out[0])) for layer in layers]
    logits = model(inputs_embeds=inputs_embeds, attention_mask=mask.long()).logits
    for hook in hooks:
        hook.remove()
    return states, logits


def steady(model, embeddings: torch.Tensor, mask: torch.Tensor, limit: float = STEADY) -> bool:
    """Whether rounding to bf16 is all that happens in bf16."""
    with torch.no_grad():
        fine, coarse = (
            copy.deepcopy(model).to(kind)(inputs_embeds=embeddings.to(kind), attention_mask=mask.long()).logits[mask]
            for kind in DTYPES.values()
        )
    return (coarse.float() - fine).abs().max() < limit * fine.abs().max()


def sample(values: torch.Tensor, stride: int = STRIDE) -> torch.Tensor:
    return values.detach().reshape(-1)[::stride].clone()


def record(golden: dict, name: str, model, embeddings: torch.Tensor, mask: torch.Tensor, stride: int = STRIDE) -> None:
    with torch.no_grad():
        states, logits = layer_states(model, embeddings, mask)
    for number, state in enumerate(states):
        golden[f"{name}.state.{number}"] = sample(state[mask], stride)
    golden[f"{name}.logits"] = sample(logits[mask], stride)
    last = mask.sum(1) - 1
    golden[f"{name}.last"] = logits[torch.arange(len(last)), last].clone()


def merged(peft):
    return copy.deepcopy(peft).merge_and_unload()


def gradients(peft, labels: torch.Tensor, mask: torch.Tensor, leaves: dict, embeddings) -> dict:
    """Of the mean loss, for every LoRA matrix and every leaf; with checkpoints the same as without."""
    found = []
    for checkpoints in (False, True):
        peft.train()  # nothing is dropped; checkpointing is left out otherwise
        if checkpoints:
            peft.gradient_checkpointing_enable({"use_reentrant": False})
        else:
            peft.gradient_checkpointing_disable()
        leaves_now = {name: p for name, p in peft.named_parameters() if "lora_" in name} | leaves
        loss = peft(inputs_embeds=embeddings(), attention_mask=mask.long(), labels=labels).loss
        found.append((loss, dict(zip(leaves_now, torch.autograd.grad(loss, list(leaves_now.values()))))))
    peft.gradient_checkpointing_disable()
    peft.eval()
    (loss, plain), (_, again) = found
    assert all(torch.equal(plain[name], again[name]) for name in plain)
    golden = {"loss": loss.detach(), "labels": labels}
    for name, gradient in plain.items():
        short = name.replace(".default", "").replace("base_model.model.model.", "")
        golden[f"gradient.{short}"] = sample(gradient, 1 if name in leaves else 3)
    return golden


def save_adapter(peft, folder: Path, base: str) -> None:
    peft.peft_config["default"].base_model_name_or_path = base
    small = copy.deepcopy(peft)
    for name, parameter in small.named_parameters():
        if "lora_" in name:
            parameter.data = parameter.data.bfloat16()
    small.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)


def save(golden: dict, file: Path) -> None:
    save_file({name: tensor.detach().contiguous() for name, tensor in golden.items()}, file)


def prompts(vocabulary: int):
    longest = max(LENGTHS)
    ids = torch.randint(3, vocabulary, (len(LENGTHS), longest))
    mask = torch.arange(longest) < torch.tensor(LENGTHS)[:, None]
    ids[~mask] = PADDING
    return ids, mask


def padded_left(values: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    rows = [torch.cat([row[~keep], row[keep]]) for row, keep in zip(values, mask)]
    return torch.stack(rows)


def find(config: LlamaConfig, stored: torch.dtype):
    """The first seed whose model is worth comparing with."""
    for seed in range(2000):
        torch.manual_seed(seed)
        model = random_llama(config, stored)
        ids, mask = prompts(config.vocab_size)
        left = padded_left(mask, mask).long()
        peft = adapted(model)
        embeddings = model.get_input_embeddings()(ids)
        if not steady(model, embeddings, mask) or not steady(peft, embeddings, mask):
            continue
        said, margins = greedy(model, left, input_ids=padded_left(ids, mask))
        if worth(said, margins):
            for row, length in enumerate(LENGTHS):  # alone as in the batch
                alone, _ = greedy(model, torch.ones(1, length).long(), input_ids=ids[row : row + 1, :length])
                assert torch.equal(alone[0], said[row])
            return seed, model, peft, ids, mask, {"greedy": said, "greedy.margin": margins}
    raise SystemExit("no seed is good enough")


def make(folder: Path, config: LlamaConfig, stored: torch.dtype) -> None:
    seed, model, peft, ids, mask, golden = find(config, stored)
    golden |= {"seed": torch.tensor(seed), "ids": ids, "lengths": torch.tensor(LENGTHS)}
    labels = torch.where(mask & (torch.arange(ids.size(1)) >= 3), ids, -100)
    embed = model.get_input_embeddings()
    golden |= gradients(peft, labels, mask, {}, lambda: embed(ids).detach())
    for dtype, kind in DTYPES.items():
        for name, each in (("base", model), ("lora", peft), ("merged", merged(peft))):
            cast = copy.deepcopy(each).to(kind)
            record(golden, f"{dtype}.{name}", cast, cast.get_input_embeddings()(ids), mask)
    folder.mkdir(parents=True, exist_ok=True)
    save(golden, folder / "golden.safetensors")
    save_adapter(peft, folder / "adapter", "..")
    model.to(stored).save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    print(folder.name, "seed", seed, "distinct", [row.unique().numel() for row in golden["greedy"]],
          "margin", golden["greedy.margin"].min().item())


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    for name, (config, stored) in FAMILIES.items():
        make(folder / name, config, stored)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
