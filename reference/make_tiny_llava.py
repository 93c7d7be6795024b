"""Writes the golden files of LLaVA-1.5: a tiny random LlavaForConditionalGeneration in the original layout (flat config.json,
its CLIP tower in a folder of its own), a LoRA folder as LLaVA saves one, questions about two pictures, and what
transformers and PEFT compute for them in fp32 and in bf16, under each way of injecting a feature row.

The splice is written out here sample by sample after LLaVA's prepare_inputs_labels_for_multimodal; where no feature is
injected it is checked against LlavaForConditionalGeneration itself.

Made with Python 3.11, torch 2.7.1, transformers 4.52.4, peft 0.15.2, sentencepiece 0.2.0, pillow 11.2.1:

    python reference/make_tiny_llava.py llava-adapter/src/test/resources/org/eegvlm/llava/tiny-llava
"""

import copy
import io
import json
import sys
from pathlib import Path

import numpy
import sentencepiece
import torch
from PIL import Image
from transformers import (
    CLIPImageProcessor,
    CLIPVisionConfig,
    LlamaConfig,
    LlamaForCausalLM,
    LlamaTokenizer,
    LlavaConfig,
    LlavaForConditionalGeneration,
)

from make_families import (
    DTYPES, END, SMALL, adapted, gradients, greedy, merged, padded_left, record, rounded, sample, save, save_adapter,
    steady, worth,
)

IMAGE = -200
WIDTH, PATCHES, SIDE = 24, 16, 28
STORED = torch.float16
# Every so manieth number of a large tensor is kept; prime to all widths.
STRIDE = 101
MODES = ("fuse", "token", "off")
SYSTEM = (
    "A chat between a curious user and an artificial intelligence assistant. "
    "The assistant gives helpful, detailed, and polite answers to the user's questions."
)
QUESTIONS = [
    {"question_id": "a-1", "image": ["wide.png", "tall.png"], "text": "Which stage?"},
    {"question_id": "a-2", "image": ["tall.png", "wide.png"], "text": "Which stage is this, and why?", "category": "N2"},
    {"question_id": "b-1", "image": ["wide.png", "wide.png"], "text": "<image>\n<image>\nIs it N2?"},
    {"question_id": "b-2", "text": "What is a spindle?"},
    {"question_id": 7, "image": ["tall.png", "tall.png"], "text": "Stage?"},
]


def tokenizer(folder: Path) -> LlamaTokenizer:
    corpus = [f"{SYSTEM} USER: \n{q['text'].replace('<image>', '')} ASSISTANT: The stage is N2." for q in QUESTIONS]
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus), model_writer=out, model_type="bpe", vocab_size=128, character_coverage=1.0,
        normalization_rule_name="identity", remove_extra_whitespaces=False, num_threads=1, minloglevel=2,
        user_defined_symbols=["\n"],
    )
    (folder / "tokenizer.model").write_bytes(out.getvalue())
    settings = {"tokenizer_class": "LlamaTokenizer", "legacy": False, "add_bos_token": True, "add_eos_token": False}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    return LlamaTokenizer(str(folder / "tokenizer.model"), legacy=False)


def pictures(folder: Path) -> dict[str, torch.Tensor]:
    """Two pictures that are not square, and their pixels as LLaVA prepares them: padded, then CLIP's own way."""
    folder.mkdir(exist_ok=True)
    random = numpy.random.default_rng(5)
    processor = CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE})
    fill = tuple(int(mean * 255) for mean in processor.image_mean)
    prepared = {}
    for name, (width, height) in {"wide.png": (31, 22), "tall.png": (17, 40)}.items():
        picture = Image.fromarray(random.integers(0, 256, (height, width, 3), dtype=numpy.uint8))
        picture.save(folder / name)
        side = max(width, height)
        square = Image.new("RGB", (side, side), fill)
        square.paste(picture, ((side - width) // 2, (side - height) // 2))
        prepared[name] = processor(square, return_tensors="pt").pixel_values[0]
    return prepared


def question_ids(words: LlamaTokenizer, question: dict) -> list[int]:
    """LLaVA's template v1 and its tokenizer_image_token."""
    text = question["text"]
    if "<image>" not in text:
        text = "<image>\n" * len(question.get("image", [])) + text
    parts = [words(part).input_ids for part in f"{SYSTEM} USER: {text} ASSISTANT:".split("<image>")]
    ids = list(parts[0])
    for part in parts[1:]:
        ids += [IMAGE] + part[1:]
    return ids


def random_llava(vocabulary: int) -> LlavaForConditionalGeneration:
    text = LlamaConfig(
        vocab_size=vocabulary, hidden_size=32, intermediate_size=40, num_attention_heads=4, rms_norm_eps=1e-5,
        tie_word_embeddings=False, **(SMALL | {"max_position_embeddings": 512}),
    )
    vision = CLIPVisionConfig(
        hidden_size=WIDTH, intermediate_size=40, num_hidden_layers=4, num_attention_heads=2, image_size=SIDE,
        patch_size=7, projection_dim=16,
    )
    model = LlavaForConditionalGeneration(LlavaConfig(vision, text, image_token_index=0, image_seq_length=PATCHES))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name and name.endswith("weight"):
                parameter.uniform_(0.5, 1.5)
            elif name.endswith("bias"):
                parameter.normal_(0, 0.2)
            elif "embed_tokens" in name or "lm_head" in name:
                parameter.normal_(0, 0.7)
                parameter[END] = 0  # never the most likely
            elif "embedding" in name:
                parameter.normal_(0, 0.1 if "patch" in name else 0.5)
            else:
                parameter.normal_(0, 0.7 / parameter.size(1) ** 0.5)
    rounded(model, STORED)
    return model.eval()


def language_model(llava: LlavaForConditionalGeneration) -> LlamaForCausalLM:
    """The decoder by itself, sharing its weights: what LLaVA's own class inherits from."""
    llama = LlamaForCausalLM(llava.config.text_config).eval()
    llama.model, llama.lm_head = llava.model.language_model, llava.lm_head
    return llama


def clip_states(llava, pixels: torch.Tensor) -> tuple[torch.Tensor, ...]:
    return llava.model.vision_tower(pixels, output_hidden_states=True).hidden_states


class Splice:
    """LLaVA's interleaving, sample by sample; odd slots take the feature row."""

    def __init__(self, llava, projector, embed, prepared, rows, kind):
        self.projector, self.embed, self.rows = projector, embed, rows.to(kind)
        with torch.no_grad():
            self.clip = {
                name: clip_states(llava, pixels[None].to(kind))[-2][0, 1:] for name, pixels in prepared.items()
            }

    def sample(self, mode: str, number: int, ids: list[int]) -> torch.Tensor:
        names = QUESTIONS[number].get("image", [])
        parts, slot, text = [], 0, []
        for token in ids + [None]:
            if token is not None and token != IMAGE:
                text.append(token)
                continue
            parts.append(self.embed(torch.tensor(text, dtype=torch.long)))
            text = []
            if token == IMAGE:
                parts.append(self.slot(mode, number, names, slot))
                slot += 1
        assert slot == len(names)
        return torch.cat(parts)

    def slot(self, mode, number, names, slot):
        if mode == "off" or slot % 2 == 0:
            return self.projector(self.clip[names[slot]])
        row = self.projector(self.rows[number])  # [1, H]
        return row if mode == "token" else row + self.projector(self.clip[names[slot - 1]])

    def batch(self, mode: str, ids: list[list[int]]):
        rows = [self.sample(mode, number, each) for number, each in enumerate(ids)]
        longest = max(len(row) for row in rows)
        mask = torch.arange(longest) < torch.tensor([len(row) for row in rows])[:, None]
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True), mask


def check_against_transformers(llava, llama, prepared, spliced, ids) -> None:
    """Where no feature is injected, our splice is LlavaForConditionalGeneration's own."""
    expanded = [token for each in ids for token in ([0] * PATCHES if each == IMAGE else [each])]
    pixels = torch.stack([prepared[name] for name in QUESTIONS[1]["image"]])
    with torch.no_grad():
        stock = llava(input_ids=torch.tensor([expanded]), pixel_values=pixels).logits
        ours = llama(inputs_embeds=spliced[None, : len(expanded)]).logits
    assert torch.allclose(stock, ours, atol=1e-5)


def find(vocabulary: int, ids, prepared, rows):
    for seed in range(500):
        torch.manual_seed(seed)
        llava = random_llava(vocabulary)
        llama = language_model(llava)
        peft = adapted(llama)
        splice = Splice(llava, llava.model.multi_modal_projector, llama.get_input_embeddings(), prepared, rows,
                        torch.float32)
        found, good = {}, True
        for mode in MODES:
            with torch.no_grad():
                embeddings, mask = splice.batch(mode, ids)
            good = good and steady(llama, embeddings, mask) and steady(peft, embeddings, mask)
            if not good:
                break
            said, margins = greedy(llama, padded_left(mask, mask).long(), inputs_embeds=padded_left(embeddings, mask))
            good = worth(said, margins)
            found |= {f"greedy.{mode}": said, f"greedy.{mode}.margin": margins}
        if good:
            for number in range(len(QUESTIONS)):  # alone as in the batch
                length = int(mask[number].sum())
                alone, _ = greedy(llama, torch.ones(1, length).long(), inputs_embeds=embeddings[number : number + 1, :length])
                assert torch.equal(alone[0], said[number])
            check_against_transformers(llava, llama, prepared, embeddings[1], ids[1])
            return seed, llava, llama, peft, found
    raise SystemExit("no seed is good enough")


def tuned_projector(llava):
    """As fine-tuning leaves it: another one than the base's."""
    projector = copy.deepcopy(llava.model.multi_modal_projector)
    for parameter in projector.parameters():
        parameter.data += 0.1 * torch.randn_like(parameter)
    return projector


def learning(llava, llama, peft, projector, prepared, rows, ids) -> dict[str, torch.Tensor]:
    """Loss and gradients of a fuse batch: the last six tokens of each question are to be learnt."""
    splice = Splice(llava, projector, llama.get_input_embeddings(), prepared, rows, torch.float32)
    _, mask = splice.batch("fuse", ids)
    labels = torch.full(mask.shape, -100)
    for row, each in enumerate(ids):
        length = int(mask[row].sum())
        labels[row, length - 6 : length] = torch.tensor(each[-6:])
    names = {"linear_1": "0", "linear_2": "2"}
    leaves = {f"mm_projector.{names[n.split('.')[0]]}.{n.split('.')[1]}": p for n, p in projector.named_parameters()}
    return gradients(peft, labels, mask, leaves, lambda: splice.batch("fuse", ids)[0])


def save_model(folder: Path, llava, llama) -> None:
    """The layout of liuhaotian/llava-v1.5: Llama's names, the projector among them, the tower beside it."""
    config = llama.config.to_dict() | {
        "architectures": ["LlavaLlamaForCausalLM"], "model_type": "llava", "torch_dtype": "float16",
        "image_aspect_ratio": "pad", "mm_hidden_size": WIDTH, "mm_projector_type": "mlp2x_gelu",
        "mm_use_im_patch_token": False, "mm_use_im_start_end": False, "mm_vision_select_feature": "patch",
        "mm_vision_select_layer": -2, "mm_vision_tower": "clip", "use_mm_proj": True,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    tensors = {name: value.to(STORED) for name, value in llama.state_dict().items()}
    for name, value in llava.model.multi_modal_projector.state_dict().items():
        tensors["model.mm_projector." + name.replace("linear_1", "0").replace("linear_2", "2")] = value.to(STORED)
    save(tensors, folder / "model.safetensors")
    copy.deepcopy(llava.model.vision_tower).to(STORED).save_pretrained(folder / "clip")
    return config


def save_tuned(folder: Path, peft, projector, config: dict) -> None:
    save_adapter(peft, folder, "..")
    trained = {
        "base_model.model.model.mm_projector." + name.replace("linear_1", "0").replace("linear_2", "2"): value
        for name, value in projector.state_dict().items()
    }
    torch.save(trained, folder / "non_lora_trainables.bin")
    (folder / "config.json").write_text(json.dumps(config | {"mm_vision_tower": "../clip"}, indent=2) + "\n")


def held(peft, kind: torch.dtype):
    """The base as it lies in memory when an adapter is added to it, which then happens in fp32."""
    copied = copy.deepcopy(peft)
    for name, parameter in copied.named_parameters():
        if "lora_" not in name:
            parameter.data = parameter.data.to(kind).float()
    return copied


def states(golden: dict, kind_name: str, llava, llama, peft, projector, prepared, rows, ids) -> None:
    """What is computed on the way, in one element type."""
    kind = DTYPES[kind_name]
    eyes, text = copy.deepcopy(llava).to(kind), copy.deepcopy(llama).to(kind)
    with torch.no_grad():
        pixels = torch.stack(list(prepared.values())).to(kind)
        for number, state in enumerate(clip_states(eyes, pixels)):
            golden[f"{kind_name}.tower.{number}"] = sample(state[:, 1:], 5)
        projected = eyes.model.multi_modal_projector(clip_states(eyes, pixels)[-2][:, 1:])
        golden[f"{kind_name}.projected"] = sample(projected, 5)
        stock = Splice(eyes, eyes.model.multi_modal_projector, text.get_input_embeddings(), prepared, rows, kind)
        for mode in MODES:
            record(golden, f"{kind_name}.{mode}", text, *stock.batch(mode, ids), STRIDE)
        tuned = Splice(eyes, copy.deepcopy(projector).to(kind), text.get_input_embeddings(), prepared, rows, kind)
        embeddings, mask = tuned.batch("fuse", ids)
        for name, each in (("lora", peft), ("merged", merged(held(peft, kind)))):
            record(golden, f"{kind_name}.{name}", copy.deepcopy(each).to(kind), embeddings, mask, STRIDE)


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    words = tokenizer(folder)
    prepared = pictures(folder / "pictures")
    (folder / "questions.jsonl").write_text("".join(json.dumps(question) + "\n" for question in QUESTIONS))
    ids = [question_ids(words, question) for question in QUESTIONS]
    rows = torch.randn(len(QUESTIONS), 1, WIDTH, generator=torch.Generator().manual_seed(9))
    numpy.save(folder / "features.npy", rows.numpy())
    seed, llava, llama, peft, golden = find(len(words), ids, prepared, rows)
    projector = tuned_projector(llava)
    golden["seed"] = torch.tensor(seed)
    golden |= {f"ids.{number}": torch.tensor(each) for number, each in enumerate(ids)}
    golden |= learning(llava, llama, peft, projector, prepared, rows, ids)
    for kind in DTYPES:
        states(golden, kind, llava, llama, peft, projector, prepared, rows, ids)
    save(golden, folder / "golden.safetensors")
    config = save_model(folder, llava, llama)
    save_tuned(folder / "tuned", peft, projector, config)
    print("seed", seed, "lengths", [len(each) for each in ids])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
