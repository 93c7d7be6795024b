#!/usr/bin/env bash
# What 'eegvlm finetune --dry-run' says of memory against what the run then has resident at most, for models of two sizes,
# in both types, with and without pictures, checkpointing, accumulation and four bits. Prints a table; fails where they
# differ by more than a fifth. Times do not matter: other programs may run. About five minutes on two quiet cores.
#
#   PEER_PYTHON=…/bin/python benchmarks/finetune_memory.sh ["135M, bf16" …]
#
# The variables are those of speed.sh, whose models are used; WORK (default target/finetune_memory) holds the runs.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=benchmarks/settings.sh
source "$here/settings.sh"
make_models llama-fp32 llama-bf16 llava-fp32 llava-bf16
if [ ! -e "$MODELS/nano-llava/config.json" ]; then
    "$root/eegvlm" make-base --output "$MODELS/nano-llava" >&2
fi
export OMP_NUM_THREADS=$THREADS
exec "$PEER_PYTHON" "$here/finetune_memory.py" "$root/eegvlm" "$MODELS" "${WORK:-$root/target/finetune_memory}" "$@"
