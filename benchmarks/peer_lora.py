"""The other half of the benchmark of a LoRA step: transformers and PEFT on the same weights. Prints one JSON line. Started
by finetune_speed.sh.

    python peer_lora.py FOLDER fp32|bf16 THREADS SUPERVISED

SUPERVISED: how many positions at the end of each sequence have labels. The logits of all are computed, as transformers
does. Of the settings that its users choose from, the quickest counts: attention sdpa, fused AdamW, no gradient
checkpointing; in bf16 with and without autocast.
"""

import contextlib
import json
import os
import resource
import statistics
import sys
import time
import warnings

os.environ["CUDA_VISIBLE_DEVICES"] = ""
warnings.filterwarnings("ignore")
import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

BATCH, LENGTH, STEPS = 4, 256, 5
RANK, ALPHA, DROPOUT = 16, 32, 0.05
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def main():
    folder, type, threads, supervised = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    base = AutoModelForCausalLM.from_pretrained(folder, torch_dtype=TYPES[type], attn_implementation="sdpa")
    base.config.use_cache = False
    model = get_peft_model(base, LoraConfig(
        r=RANK, lora_alpha=ALPHA, lora_dropout=DROPOUT, target_modules=TARGETS, task_type="CAUSAL_LM"))
    model.train()
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.0, fused=True)
    ids = torch.randint(3, base.config.vocab_size - 3, [BATCH, LENGTH], generator=torch.Generator().manual_seed(1))
    labels = ids.clone()
    labels[:, : LENGTH - int(supervised)] = -100

    def step(autocast):
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16) if autocast else contextlib.nullcontext():
            loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        return BATCH * LENGTH / (time.perf_counter() - start)

    losses = []
    rates = {}
    for autocast in (False, True) if type == "bf16" else (False,):
        step(autocast)  # warm-up
        rates[autocast] = statistics.median(step(autocast) for _ in range(STEPS))
    print(json.dumps({
        "versions": f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}",
        "rate": max(rates.values()),
        "autocast": max(rates, key=rates.get),
        "parameters": sum(parameter.numel() for parameter in trained),
        "loss": losses[0],
        "peak_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


if __name__ == "__main__":
    main()
