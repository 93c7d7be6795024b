#!/usr/bin/env bash
# Pictures a second that each exportable backbone encodes in DJL and in ONNX Runtime, in turns, median of 5, on random
# weights. Limit: ResNet-18 at 224 pixels, batch 8, 1.3 times as fast in ONNX Runtime. Nothing else should be running.
#
#   benchmarks/onnx_speed.sh [BACKBONE...]
#
#   SIZE, BATCH, ROUNDS   pixels a side (224), pictures at once (8), batches a turn (10)
set -euo pipefail
here=$(dirname "$(realpath "$0")")
root=$(dirname "$here")
"$root/eegvlm" --version >&2 # builds where that is needed
cache=${EEGVLM_HOME:-$HOME/.eegvlm}
export DJL_CACHE_DIR=${DJL_CACHE_DIR:-$cache/djl} OPT_OUT_TRACKING=true
export ENGINE_CACHE_DIR=${ENGINE_CACHE_DIR:-$DJL_CACHE_DIR}
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-PASSIVE} GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-10000}
for backbone in "${@:-resnet18}"; do
    "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx2g -XX:+UseSerialGC -Dai.djl.offline=true -Djava.awt.headless=true \
        -cp "$root/cli/target/classes:$(cat "$root/cli/target/classpath.txt")" "$here/OnnxSpeed.java" \
        "$backbone" "${SIZE:-224}" "${BATCH:-8}" "${ROUNDS:-10}" 2>/dev/null
done
echo "load average $(cut -d' ' -f1 /proc/loadavg)"
