#!/usr/bin/env bash
# A bf16 model of 1.1 billion parameters: how long it takes to open, with the engine loaded and the page cache warm, and
# the most memory resident through a first answer, against the size of its file.
#
#   PEER_PYTHON=…/bin/python benchmarks/memory.sh
#
# The variables are those of speed.sh.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=benchmarks/settings.sh
source "$here/settings.sh"
make_models tinyllama-bf16
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-PASSIVE} GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-10000} OMP_NUM_THREADS=$THREADS
# shellcheck disable=SC2086 # words on purpose
"${JAVA_HOME:+$JAVA_HOME/bin/}java" $SPEED_JAVA_OPTS -cp "$SPEED_CLASS_PATH" "$here/LlamaSpeed.java" memory \
    "$MODELS/tinyllama-bf16" bf16 "$THREADS" |
    "$PEER_PYTHON" -c '
import json, os, sys
f = json.loads(sys.stdin.read().splitlines()[-1])
over = (f["peak_bytes"] - f["file_bytes"]) / 1e6
size, peak = f["file_bytes"] / 1e6, f["peak_bytes"] / 1e6
print("opened in %.2f s (limit 1)" % f["open_seconds"])
print("peak %.0f MB = file %.0f MB + %.0f MB (limit 500); load average %.1f" % (peak, size, over, os.getloadavg()[0]))'
