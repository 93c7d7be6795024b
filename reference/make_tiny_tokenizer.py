"""Writes a small SentencePiece model of Llama's kind (BPE, byte fallback, nothing normalised), and the ids that
transformers' LlamaTokenizer gives with it under both of its rules.

Made with Python 3.11, sentencepiece 0.2.0, transformers 4.52.4, protobuf 5.29.5:

    python reference/make_tiny_tokenizer.py llava-adapter/src/test/resources/org/eegvlm/tokenizer/tiny-tokenizer
"""

import io
import json
import sys
from pathlib import Path

import sentencepiece
from transformers import LlamaTokenizer

CORPUS = """USER: Which sleep stage does this EEG epoch show, and why?
ASSISTANT: The stage is N2. Delta 41 %, theta 22 %, alpha 9 %, sigma 12 %; 3 spindles.
A chat between a curious user and an artificial intelligence assistant.
The assistant gives helpful, detailed, and polite answers to the user's questions.
The stage is REM. The stage is Wake. Slow waves fill 23 % of the epoch.
""".splitlines()

TEXTS = [
    "The stage is N2.",
    "",
    " ",
    " USER: ",
    "\nWhich stage?",
    "two  blanks",
    "µV and 😴",
    "ASSISTANT: The stage is N2.</s>USER: Why?",
    "a</s>",
    "</s></s> b",
    "A chat between a curious user and an artificial intelligence assistant. USER:",
]


def model() -> bytes:
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS),
        model_writer=out,
        model_type="bpe",
        vocab_size=400,
        byte_fallback=True,
        character_coverage=1.0,
        split_digits=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=True,
        num_threads=1,
        minloglevel=2,
    )
    return out.getvalue()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "tokenizer.model"
    file.write_bytes(model())
    cases = []
    for legacy in (True, False):
        tokenizer = LlamaTokenizer(str(file), legacy=legacy)
        for text in TEXTS:
            ids = tokenizer(text).input_ids
            decoded = tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
            cases.append({"legacy": legacy, "text": text, "ids": ids, "decoded": decoded})
    (folder / "cases.json").write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
