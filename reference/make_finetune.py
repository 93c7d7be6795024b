"""Writes what transformers and PEFT make of fifty steps of fine-tuning: losses, learning rates, counts of parameters and
the trained tensors, in fp64 and in fp32, for the tiny LLaVA of make_tiny_llava.py; and the adapter they start from.

Features are injected as EEG-VLM does it (fuse): the projected row is added to the projected patches of the picture
before. Dropout is 0. The groups of AdamW are those of LLaVA's trainer, with a rate of its own for the projector; the
schedule is transformers', the limit of the gradients' norm torch's.

In fp64 transformers still computes its norms in fp32; here they are replaced, so that fp64 is fp64 throughout but for the
angles of the rotary embedding.

Made with Python 3.11, torch 2.7.1, transformers 4.52.4, peft 0.15.2, safetensors 0.8.0:

    python reference/make_finetune.py llava-adapter/src/test/resources/org/eegvlm/llava/tiny-llava \
        finetune/src/test/resources/org/eegvlm/finetune/step/golden
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import CLIPVisionModel, LlamaConfig, LlamaForCausalLM, get_scheduler
from transformers.models.llama.modeling_llama import LlamaRMSNorm

STEPS, BATCH, SAMPLES = 50, 4, 12
RATE, PROJECTOR_RATE, DECAY, WARMUP_RATIO = 4e-3, 1e-3, 0.05, 0.1
RANK, ALPHA = 4, 8
IMAGE, PATCHES, WIDTH, HIDDEN, WORDS = -200, 16, 24, 32, 128
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
KINDS = {"fp64": torch.float64, "fp32": torch.float32}


def exact_norm(self, x):
    return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.variance_epsilon))


def samples(random: torch.Generator) -> list[dict]:
    """Three of four with two pictures, the others text alone; of unequal lengths, some tokens at the end to be learnt."""
    made = []
    for number in range(SAMPLES):
        before, between, after = (int(torch.randint(1, 12, [1], generator=random)) for _ in range(3))
        words = lambda count: torch.randint(3, WORDS, [count], generator=random).tolist()
        ids = [1] + words(before)
        if number % 4:
            ids += [IMAGE] + words(1) + [IMAGE]
        ids += words(between)
        made.append({"ids": ids + (answer := words(after) + [2]), "labels": [-100] * len(ids) + answer})
    return made


def adapter(llama: LlamaForCausalLM, random: torch.Generator):
    """With a B that is not 0, so that the first step moves A as well."""
    peft = get_peft_model(llama, LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=TARGETS, task_type="CAUSAL_LM"))
    with torch.no_grad():
        for name, parameter in peft.named_parameters():
            if "lora_" in name:
                parameter.copy_(0.1 * torch.randn(parameter.shape, generator=random))
    return peft


class Training:
    """One run in one element type."""

    def __init__(self, model: Path, made: list[dict], pictures: torch.Tensor, rows: torch.Tensor, kind: torch.dtype, folder):
        weights = load_file(model / "model.safetensors")
        llama = LlamaForCausalLM(LlamaConfig.from_pretrained(model, attn_implementation="sdpa"))
        missing, unexpected = llama.load_state_dict(
            {name: value for name, value in weights.items() if "projector" not in name}, strict=False)
        assert not missing and not unexpected
        self.projector = nn.Sequential(nn.Linear(WIDTH, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, HIDDEN))
        self.projector.load_state_dict(
            {name.removeprefix("model.mm_projector."): value for name, value in weights.items() if "projector" in name})
        self.peft = adapter(llama, torch.Generator().manual_seed(3))
        if folder is not None:
            self.peft.save_pretrained(folder / "adapter")
            (folder / "adapter" / "README.md").unlink()
        self.peft.to(kind).train()
        self.projector.to(kind)
        self.made, self.pictures, self.rows = made, pictures.to(kind), rows.to(kind)

    def embeddings(self, number: int) -> torch.Tensor:
        embed, parts, slot = self.peft.get_input_embeddings(), [], 0
        for token in self.made[number]["ids"]:
            if token != IMAGE:
                parts.append(embed(torch.tensor([token])))
            else:
                patches = self.projector(self.pictures[number])
                parts.append(patches + self.projector(self.rows[number]) if slot else patches)
                slot += 1
        return torch.cat(parts)

    def labels(self, number: int) -> torch.Tensor:
        each = self.made[number]
        spread = [[-100] * PATCHES if token == IMAGE else [label] for token, label in zip(each["ids"], each["labels"])]
        return torch.tensor(sum(spread, []))

    def loss(self, batch: list[int]) -> torch.Tensor:
        pad = nn.utils.rnn.pad_sequence
        embeddings = pad([self.embeddings(number) for number in batch], batch_first=True)
        labels = pad([self.labels(number) for number in batch], batch_first=True, padding_value=-100)
        lengths = torch.tensor([len(self.labels(number)) for number in batch])
        mask = torch.arange(labels.size(1)) < lengths[:, None]
        logits = self.peft(inputs_embeds=embeddings, attention_mask=mask.long()).logits
        return nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())

    def parameters(self) -> dict[str, nn.Parameter]:
        lora = {name.replace(".default", ""): p for name, p in self.peft.named_parameters() if p.requires_grad}
        return lora | {f"mm_projector.{name}": p for name, p in self.projector.named_parameters()}

    def run(self, order: list[list[int]]) -> dict:
        trained = self.parameters()
        group = lambda projector, bias, rate, decay: {"lr": rate, "weight_decay": decay, "params": [
            p for name, p in trained.items()
            if name.startswith("mm_projector") == projector and name.endswith("bias") == bias]}
        optimizer = torch.optim.AdamW([
            group(False, False, RATE, DECAY), group(True, False, PROJECTOR_RATE, DECAY), group(True, True, PROJECTOR_RATE, 0.0)])
        schedule = get_scheduler("cosine", optimizer, -int(-STEPS * WARMUP_RATIO // 1), STEPS)
        losses, rates = [], []
        for batch in order:
            loss = self.loss(batch)
            loss.backward()
            nn.utils.clip_grad_norm_(trained.values(), 1.0)
            rates.append(schedule.get_last_lr()[:2])
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            losses.append(loss.item())
        return {"losses": losses, "rates": rates}


def main(model: Path, folder: Path) -> None:
    torch.set_num_threads(1)
    LlamaRMSNorm.forward = exact_norm
    folder.mkdir(parents=True, exist_ok=True)
    random = torch.Generator().manual_seed(5)
    made = samples(random)
    tower = CLIPVisionModel.from_pretrained(model / "clip").float().eval()
    with torch.no_grad():
        pixels = torch.randn(SAMPLES, 3, 28, 28, generator=random)
        pictures = tower(pixels, output_hidden_states=True).hidden_states[-2][:, 1:]
    rows = torch.randn(SAMPLES, 1, WIDTH, generator=random)
    order = [torch.randperm(SAMPLES, generator=random)[:BATCH].tolist() for _ in range(STEPS)]
    golden = {"samples": made, "order": order}
    tensors = {"pictures": pictures, "rows": rows[:, 0]}
    for kind, dtype in KINDS.items():
        training = Training(model, made, pictures, rows, dtype, folder if kind == "fp32" else None)
        counted = training.peft.get_nb_trainable_parameters()[0]
        golden[kind] = training.run(order) | {"lora": counted}
        tensors |= {f"{kind}.{name}": p.detach().clone() for name, p in training.parameters().items()
                    if "layers.1" in name or "projector" in name}
    (folder / "golden.json").write_text(json.dumps(golden) + "\n")
    save_file({name: value.contiguous() for name, value in tensors.items()}, folder / "golden.safetensors")
    print("losses", golden["fp64"]["losses"][0], golden["fp64"]["losses"][-1])
    print("fp32 off by", max(abs(a / b - 1) for a, b in zip(golden["fp32"]["losses"], golden["fp64"]["losses"])))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
