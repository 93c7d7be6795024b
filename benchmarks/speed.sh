#!/usr/bin/env bash
# Prefill and decoding, fp32 and bf16, on this processor: ours against transformers (and llama.cpp, where it is built)
# with the same random weights, in turns. Prints tables; takes about half an hour on two cores with nothing else running.
#
#   PEER_PYTHON=…/bin/python benchmarks/speed.sh
#
#   PEER_PYTHON  a Python with torch 2.7.1, transformers 4.52.4, safetensors, sentencepiece
#   MODELS       where the models are made (default target/benchmarks, 9 GB)
#   PAIRS        how often each side runs (default 5)
#   THREADS      default 2
#   TYPES        default "fp32 bf16"
#   LLAMA_BENCH  llama.cpp's llama-bench; its gguf-py must then be on PYTHONPATH
#   COMPILE=1    also transformers with its decoding step by torch.compile (minutes to compile)
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=benchmarks/settings.sh
source "$here/settings.sh"
make_models llama-fp32 llama-bf16 llava-fp32 llava-bf16
if [ -n "${LLAMA_BENCH:-}" ]; then
    make_models gguf-fp32 gguf-bf16
fi
exec "$PEER_PYTHON" "$here/speed.py" "$MODELS" "${PAIRS:-5}" "$THREADS"
