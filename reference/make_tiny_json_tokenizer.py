"""Writes small tokenizer.json files of Llama 3's and Llama 2's kinds and a llama2.c tokenizer, and what is to come out
of them: ids, decoded texts and label masks.

The ids are those of transformers' PreTrainedTokenizerFast, LlamaTokenizerFast and LlamaTokenizer; llama2.c's are made
here from the description of its format. The label masks follow LLaVA's rules preprocess_v1, preprocess_llama_2 and
preprocess_plain, which count the lengths of parts that are tokenized by themselves; Llama 3's, for which LLaVA has no
such rule, follow from the places of its header tokens.

Made with Python 3.11, tokenizers 0.21.4, transformers 4.52.4, sentencepiece 0.2.0, protobuf 5.29.5, after
make_tiny_tokenizer.py, whose tokenizer.model it reads; the second argument is the tokenizer of stories260K, which is
not kept here:

    python reference/make_tiny_json_tokenizer.py llava-adapter/src/test/resources/org/eegvlm/tokenizer .../tok512.bin
"""

import json
import struct
import sys
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import LlamaTokenizer, LlamaTokenizerFast, PreTrainedTokenizerFast
from transformers.convert_slow_tokenizer import convert_slow_tokenizer

LLAMA_3_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
LLAMA_3_SPECIAL = [
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
]
CORPUS = [
    "Which sleep stage does this EEG epoch show, and why?",
    "The stage is N2. Delta 41 %, theta 22 %, alpha 9 %, sigma 12 %; 3 spindles.",
    "A chat between a curious user and an artificial intelligence assistant.",
    "The assistant gives helpful, detailed, and polite answers to the user's questions.",
    "user\n\nassistant\n\nsystem\n\nThe stage is REM. The stage is Wake. Slow waves fill 23 % of the epoch.",
    "You are a helpful language and vision assistant. It's what we've seen: 12345 µV, 中文, 😴.",
] * 3

TEXTS = [
    "",
    " ",
    "  two  blanks ",
    "\n",
    "\n\nWhich\r\n\r\nstage?\n",
    "\ttab\t\n  indented",
    "The stage is N2.",
    " USER: ",
    "It's 1234567 µV, isn't it? WE'VE 12.",
    "😴 and 👩‍👩‍👧 and 🇩🇪",
    "中文 と 한국어 и ไทย",
    "e\u0301 \u00a0\u200b\ufeff \u2581 \u3000",
    "a\u0000b",
    "<s>a</s><unk> </s> b<s>",
    "<|begin_of_text|>a<|eot_id|> b<|eot_id|><|end_of_text|>",
    "<|eot_id|><|eot_id|>x <|start_header_id|>user<|end_header_id|>\n\nHi <|not_special|>",
    " " * 70 + "x" + "\n" * 40,
    "a" * 300,
    "=" * 50 + "-" * 33 + "0" * 20,
    "A chat between a curious user and an artificial intelligence assistant. USER: Q ASSISTANT: A</s>USER: Q2",
    "[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nWhy? [/INST] So. </s><s>[INST] And? [/INST]",
]


def byte_level(vocabulary: int) -> Tokenizer:
    """Llama 3's: bytes split by its expression, special tokens behind the vocabulary, begin token by a template."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(LLAMA_3_SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_special_tokens([AddedToken(name, normalized=False, special=True) for name in LLAMA_3_SPECIAL])
    tokenizer.post_processor = processors.Sequence(
        [
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(
                single="<|begin_of_text|> $A",
                pair="<|begin_of_text|> $A <|begin_of_text|>:1 $B:1",
                special_tokens=[("<|begin_of_text|>", tokenizer.token_to_id("<|begin_of_text|>"))],
            ),
        ]
    )
    return tokenizer


def gpt2_like(vocabulary: int) -> Tokenizer:
    """SmolLM2's: single digits, GPT-2's own expression, no token before a text, special tokens in front."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def cases(tokenizer) -> list[dict]:
    made = []
    for text in TEXTS:
        ids = tokenizer(text).input_ids
        decoded = tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        made.append({"text": text, "ids": ids, "decoded": decoded})
    return made


def write(file: Path, value, indent=None) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, indent=indent, ensure_ascii=False) + "\n", encoding="utf-8")


# --- llama2.c, from the description of its format ---------------------------------------------------------------------


def write_llama2c(file: Path, tokens: list[tuple[str, float]]) -> None:
    entries = [(text.encode("utf-8"), score) for text, score in tokens]
    out = struct.pack("<i", max(len(text) for text, _ in entries))
    for text, score in entries:
        out += struct.pack("<fi", score, len(text)) + text
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(out)


def read_llama2c(file: Path) -> list[tuple[bytes, float]]:
    data, at, tokens = file.read_bytes(), 4, []
    while at < len(data):
        score, length = struct.unpack_from("<fi", data, at)
        tokens.append((data[at + 8 : at + 8 + length], score))
        at += 8 + length
    return tokens


def encode_llama2c(tokens: list[tuple[bytes, float]], text: str) -> list[int]:
    ids = {text: number for number, (text, _) in enumerate(tokens)}
    row = []
    for character in " " + text if text else "":
        spelled = character.encode("utf-8")
        row += [ids[spelled]] if spelled in ids else [3 + value for value in spelled]
    while True:
        best, best_score = None, -1e10
        for at in range(len(row) - 1):
            merged = ids.get(tokens[row[at]][0] + tokens[row[at + 1]][0])
            if merged is not None and tokens[merged][1] > best_score:
                best, best_score, best_id = at, tokens[merged][1], merged
        if best is None:
            return [1] + row
        row[best : best + 2] = [best_id]


def llama2c_cases(file: Path) -> list[dict]:
    tokens = read_llama2c(file)
    return [{"text": text, "ids": encode_llama2c(tokens, text)} for text in TEXTS]


def small_llama2c() -> list[tuple[str, float]]:
    words = [" t", "he", " a", " the", "in", " s", " st", "ag", "age", " stage", "is", " is", "中文", "  "]
    tokens = [("<unk>", 0.0), ("\n<s>\n", 0.0), ("\n</s>\n", 0.0)]
    tokens += [(f"<0x{value:02X}>", 0.0) for value in range(256)]
    tokens += [(word, -float(rank // 2)) for rank, word in enumerate(words)]  # pairs of equal score
    return tokens + [(character, -1e6) for character in " aeginstThx.\n中文😴"]


# --- LLaVA's templates and label masks --------------------------------------------------------------------------------

IMAGE, IGNORED = -200, -100
V1 = (
    "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and "
    "polite answers to the user's questions."
)
VISION = (
    "You are a helpful language and vision assistant. You are able to understand the visual content that the user "
    "provides, and assist the user with a variety of tasks using natural language."
)
QUESTIONS = ["<image>\nWhich stage is this?", "And why?", "Are there spindles,\nor K-complexes?"]
ANSWERS = ["The stage is N2.", "Because of its spindles.\nThere are 3.", "Three; none."]


def image_ids(text: str, tokenizer) -> list[int]:
    """tokenizer_image_token: every chunk by itself; its begin token is dropped where the first chunk has one."""
    chunks = [tokenizer(chunk).input_ids for chunk in text.split("<image>")]
    offset = 1 if chunks[0] and chunks[0][0] == tokenizer.bos_token_id else 0
    ids = chunks[0][:offset]
    for number, chunk in enumerate(chunks):
        ids += [IMAGE] * (number > 0) + chunk[offset:]
    return ids


def v1_text(questions, answers) -> str:
    rounds = "".join(f"USER: {q} ASSISTANT: {a}</s>" for q, a in zip(questions, answers))
    return f"{V1} {rounds}"


def llama_2_text(questions, answers) -> str:
    text = ""
    for number, (question, answer) in enumerate(zip(questions, answers)):
        system = f"<<SYS>>\n{VISION}\n<</SYS>>\n\n" if number == 0 else ""
        text += f"<s>[INST] {system}{question} [/INST] {answer} </s>"
    return text[len("<s>") :]


def counted_labels(ids, text, separator, shorter, tokenizer) -> list[int]:
    """What preprocess_v1 and preprocess_llama_2 have in common."""
    labels, at = list(ids), 1
    labels[0] = IGNORED
    for number, part in enumerate(text.split("</s>")):
        halves = part.split(separator)
        if part == "" or len(halves) != 2:
            break
        length = len(image_ids(part, tokenizer)) - shorter * (number > 0)
        asked = len(image_ids(halves[0] + separator, tokenizer)) - 2 - shorter * (number > 0)
        labels[at : at + asked] = [IGNORED] * asked
        at += length
    assert at == len(ids), "tokenization mismatch"
    return labels


def llama_3_case(questions, answers, tokenizer) -> tuple[str, list[int], list[int]]:
    def said(role, text):
        return f"<|start_header_id|>{role}<|end_header_id|>\n\n{text}<|eot_id|>"

    text = said("system", VISION)
    for question, answer in zip(questions, answers):
        text += said("user", question) + said("assistant", answer)
    ids = image_ids(text, tokenizer)
    start, end, over = (tokenizer.convert_tokens_to_ids(name) for name in LLAMA_3_SPECIAL[2:])
    assistant = tokenizer("assistant", add_special_tokens=False).input_ids
    labels, learning = [], False
    for at, token in enumerate(ids):
        labels.append(token if learning else IGNORED)
        if token == over:
            learning = False
        header = ids[at - len(assistant) - 2 : at]
        if header == [start] + assistant + [end]:  # the two line ends behind a header are one token
            learning = True
    return text, ids, labels


def label_cases(name, tokenizer, legacy) -> list[dict]:
    made = []
    for rounds in (1, 2, 3):
        for pictures in (0, 1, 3) if rounds == 1 else (1,):
            questions = [QUESTIONS[0].replace("<image>\n", "<image>\n" * pictures)] + QUESTIONS[1:rounds]
            answers = ANSWERS[:rounds]
            if name == "v1":
                text = v1_text(questions, answers)
                ids = image_ids(text, tokenizer)
                labels = counted_labels(ids, text, " ASSISTANT: ", 0 if legacy else 1, tokenizer)
            elif name == "llava_llama_2":
                text = llama_2_text(questions, answers)
                ids = image_ids(text, tokenizer)
                labels = counted_labels(ids, text, "[/INST] ", 0, tokenizer)
            elif name == "llava_llama_3":
                text, ids, labels = llama_3_case(questions, answers, tokenizer)
            elif rounds == 1 and pictures > 0:  # preprocess_plain: the pictures, then the caption
                text = "<image>" * pictures + answers[0] + "\n"
                ids = image_ids(text, tokenizer)
                asked = len(image_ids("<image>" * pictures, tokenizer))
                labels = [IGNORED] * asked + ids[asked:]
            else:
                continue
            made.append(
                {
                    "conversation": name,
                    "questions": questions,
                    "answers": answers,
                    "pictures": pictures,
                    "text": text,
                    "ids": ids,
                    "labels": labels,
                }
            )
    return made


def main(folder: Path, stories: Path) -> None:
    model = folder / "tiny-tokenizer" / "tokenizer.model"
    slow = {legacy: LlamaTokenizer(str(model), legacy=legacy) for legacy in (True, False)}
    write(folder / "tiny-tokenizer" / "awkward.json", [{"legacy": k, **case} for k, v in slow.items() for case in cases(v)])

    tokenizers = {}
    byte_level(420).save(str(folder / "byte-level" / "tokenizer.json"))
    write(
        folder / "byte-level" / "tokenizer_config.json",
        {
            "bos_token": "<|begin_of_text|>",
            "eos_token": "<|end_of_text|>",
            "tokenizer_class": "PreTrainedTokenizerFast",
            "chat_template": "{{ raise_exception('never run') }}",
        },
        indent=1,
    )
    tokenizers["byte-level"] = PreTrainedTokenizerFast.from_pretrained(folder / "byte-level")

    gpt2_like(400).save(str(folder / "gpt2-like" / "tokenizer.json"))
    write(
        folder / "gpt2-like" / "tokenizer_config.json",
        {"eos_token": "<|im_end|>", "bos_token": "<|im_start|>", "pad_token": "<|im_end|>", "tokenizer_class": "GPT2Tokenizer"},
        indent=1,
    )
    tokenizers["gpt2-like"] = PreTrainedTokenizerFast.from_pretrained(folder / "gpt2-like")

    for legacy in (True, False):
        name = "llama-legacy" if legacy else "llama-modern"
        convert_slow_tokenizer(slow[legacy]).save(str(folder / name / "tokenizer.json"))
        write(folder / name / "tokenizer_config.json", {"legacy": legacy, "tokenizer_class": "LlamaTokenizer"}, indent=1)
        tokenizers[name] = LlamaTokenizerFast.from_pretrained(folder / name)
    for name, tokenizer in tokenizers.items():
        write(folder / name / "cases.json", cases(tokenizer))

    write_llama2c(folder / "llama2c" / "tokenizer.bin", small_llama2c())
    write(folder / "llama2c" / "cases.json", llama2c_cases(folder / "llama2c" / "tokenizer.bin"))

    write(folder / "llama2c" / "tok512-cases.json", llama2c_cases(stories))

    labels = []
    for legacy in (True, False):
        for name in ("v1", "llava_llama_2", "plain"):
            labels += [{"tokenizer": "tiny-tokenizer", "legacy": legacy, **c} for c in label_cases(name, slow[legacy], legacy)]
    labels += [
        {"tokenizer": "byte-level", "legacy": False, **case}
        for case in label_cases("llava_llama_3", tokenizers["byte-level"], False)
    ]
    write(folder / "tiny-tokenizer" / "labels.json", labels)


if __name__ == "__main__":
    out = Path(sys.argv[1])
    for name in ("byte-level", "gpt2-like", "llama-legacy", "llama-modern", "llama2c"):
        (out / name).mkdir(parents=True, exist_ok=True)
    main(out, Path(sys.argv[2]))
