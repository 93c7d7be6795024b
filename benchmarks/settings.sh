# What speed.sh and memory.sh share: the peer's Python, the models, and a Java that starts as ./eegvlm starts it.
root=$(dirname "$here")
: "${PEER_PYTHON:?names a Python with torch, transformers, safetensors and sentencepiece}"
MODELS=$(realpath -m "${MODELS:-$root/target/benchmarks}")
THREADS=${THREADS:-2}

"$root/eegvlm" --version >&2 # builds where that is needed
cache=${EEGVLM_HOME:-$HOME/.eegvlm}
export DJL_CACHE_DIR=${DJL_CACHE_DIR:-$cache/djl} OPT_OUT_TRACKING=true
export ENGINE_CACHE_DIR=${ENGINE_CACHE_DIR:-$DJL_CACHE_DIR}
export SPEED_CLASS_PATH="$root/cli/target/classes:$(cat "$root/cli/target/classpath.txt")"
export SPEED_JAVA_OPTS="-Xms32m -Xmx1g -XX:+UseSerialGC -Djava.awt.headless=true -Dai.djl.offline=true ${EEGVLM_JAVA_OPTS:-}"

make_models() {
    "$PEER_PYTHON" -W ignore "$here/make_models.py" "$MODELS" "$@"
}
