#!/usr/bin/env bash
# What remembering the vision tower's output is worth: one pass without the cache, with an empty one, and with a filled
# one, for the demo's model, for its decoder under CLIP ViT-L/14-336, and for a decoder of 135M under it, with two pictures
# a sample. Prints a table of epochs and whole processes, and whether the adapters are equal to the last bit. Takes about
# ten minutes on two cores with nothing else running.
#
#   PEER_PYTHON=…/bin/python benchmarks/tower_cache.sh [nano "nano, ViT-L" "135M, ViT-L"]
#
# The variables are those of speed.sh, whose models are used; RUNS (default 3) is how often each runs, WORK (default
# target/tower_cache) holds the runs.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=benchmarks/settings.sh
source "$here/settings.sh"
make_models llava-fp32
if [ ! -e "$MODELS/nano-llava/config.json" ]; then
    "$root/eegvlm" make-base --output "$MODELS/nano-llava" >&2
fi
export OMP_NUM_THREADS=$THREADS
exec "$PEER_PYTHON" "$here/tower_cache.py" "$root/eegvlm" "$MODELS" "${WORK:-$root/target/tower_cache}" "${RUNS:-3}" "$@"
