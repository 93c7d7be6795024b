#!/usr/bin/env bash
# A LoRA step on this processor: ours against transformers and PEFT on the same random weights of SmolLM2-135M's shape, in
# turns. Prints a table; takes about twenty minutes on two cores with nothing else running.
#
#   PEER_PYTHON=…/bin/python benchmarks/finetune_speed.sh
#
#   PEER_PYTHON  a Python with torch 2.7.1, transformers 4.52.4, peft 0.15.2, safetensors, sentencepiece
#   MODELS       where the models are made (default target/benchmarks)
#   PAIRS        how often each side runs (default 5)
#   TYPES        default "fp32 bf16"
#   THREADS      default 2
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=benchmarks/settings.sh
source "$here/settings.sh"
unset OMP_WAIT_POLICY GOMP_SPINCOUNT # both sides spin as libgomp does by itself
TYPES=${TYPES:-fp32 bf16}
for type in $TYPES; do
    make_models "llama-$type"
done
exec "$PEER_PYTHON" "$here/finetune_speed.py" "$MODELS" "${PAIRS:-5}" "$THREADS" $TYPES
