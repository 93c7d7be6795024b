"""The other half of the speed benchmark: transformers on the same weights. Prints one JSON line. Started by speed.sh.

    python peer_speed.py llama|llava FOLDER fp32|bf16 THREADS [PROMPT_TOKENS] [--compile]

A bare loop around the model, which is quicker than generate(); decoding with a dynamic and with a static cache, of which
the quicker counts. With --compile, torch.compile makes the decoding step (static cache, frozen weights) instead.
"""

import json
import os
import statistics
import sys
import time
import warnings

os.environ["CUDA_VISIBLE_DEVICES"] = ""
warnings.filterwarnings("ignore")
import torch
import transformers
from transformers import AutoModelForCausalLM, DynamicCache, LlavaForConditionalGeneration, StaticCache

PROMPT, NEW_TOKENS, CONTEXTS, REPETITIONS = 512, 128, (32, 640), 3
TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def main():
    compiled = "--compile" in sys.argv
    kind, folder, type, threads, *rest = [argument for argument in sys.argv[1:] if argument != "--compile"]
    torch.set_num_threads(int(threads))
    loader = LlavaForConditionalGeneration if kind == "llava" else AutoModelForCausalLM
    model = loader.from_pretrained(folder, torch_dtype=TYPES[type], attn_implementation="sdpa").eval()
    figures = {"versions": f"torch {torch.__version__}, transformers {transformers.__version__}"}
    with torch.inference_mode():
        if kind == "llava":
            llava(model, int(rest[0]), figures)
        elif compiled:
            compiled_llama(model, figures)
        else:
            llama(model, figures)
    print(json.dumps(figures))


def llama(model, figures):
    prefill(model, {"input_ids": ids(model, PROMPT)})  # warm-up
    figures["prefill"] = PROMPT / median(lambda: prefill(model, {"input_ids": ids(model, PROMPT)}))
    for context in CONTEXTS:
        inputs = {"input_ids": ids(model, context)}
        figures[f"decode_{context}"], figures[f"cache_{context}"] = decode_rate(model, inputs, context)


def llava(model, tokens, figures):
    """A picture, pixels at hand, and text before and after it: as many tokens as ours has."""
    patches = model.config.image_seq_length
    text = ids(model, tokens - patches)
    picture = torch.full([1, patches], model.config.image_token_index)
    inputs = {
        "input_ids": torch.cat([text[:, :40], picture, text[:, 40:]], 1),
        "pixel_values": torch.rand(1, 3, 336, 336).to(model.dtype)}
    prefill(model, inputs)  # warm-up
    figures["prefill"] = tokens / median(lambda: prefill(model, inputs))
    figures["decode"], figures["cache"] = decode_rate(model, inputs, tokens)


def compiled_llama(model, figures):
    import torch._inductor.config

    torch._inductor.config.freezing = True
    step = torch.compile(model.forward, dynamic=False)
    for context in CONTEXTS:
        cache = static_cache(model, context)  # one for all: a new one would be compiled anew
        rates = [decode(model, {"input_ids": ids(model, context)}, context, lambda *_: emptied(cache), step)
                 for _ in range(1 + REPETITIONS)]
        figures[f"decode_{context}"] = statistics.median(rates[1:])


def emptied(cache):
    cache.reset()
    return cache


def prefill(model, inputs, cache=None):
    length = inputs["input_ids"].size(1)
    output = model(**inputs, past_key_values=cache, use_cache=True, cache_position=torch.arange(length), logits_to_keep=1)
    return output.logits[:, -1:].argmax(-1), output.past_key_values


def decode_rate(model, inputs, context):
    """The better of the two kinds of cache, by their medians."""
    rates = {name: statistics.median(decode(model, inputs, context, make, model) for _ in range(REPETITIONS))
             for name, make in (("dynamic", dynamic_cache), ("static", static_cache))}
    best = max(rates, key=rates.get)
    return rates[best], best


def decode(model, inputs, context, make_cache, step):
    token, cache = prefill(model, inputs, make_cache(model, context))
    start = time.perf_counter()
    for position in range(context, context + NEW_TOKENS):
        token = step(
            input_ids=token, past_key_values=cache, use_cache=True,
            cache_position=torch.tensor([position])).logits[:, -1:].argmax(-1)
        token.item()  # as one must, to look for the end of the text
    return NEW_TOKENS / (time.perf_counter() - start)


def dynamic_cache(model, context):
    return DynamicCache()


def static_cache(model, context):
    config = model.config.get_text_config()
    return StaticCache(
        config=config, max_batch_size=1, max_cache_len=context + NEW_TOKENS, device="cpu", dtype=model.dtype)


def ids(model, count):
    generator = torch.Generator().manual_seed(1)
    return torch.randint(3, model.config.get_text_config().vocab_size - 3, [1, count], generator=generator)


def median(work):
    times = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()
