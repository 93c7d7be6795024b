#!/usr/bin/env bash
# Waveforms of simulated epochs, 336 pixels a side, one and three channels, on one core: by us and by matplotlib (one
# figure, reused) in turns, as PNG and as tensors of [3, 336, 336]. Limits for one channel: 20 times matplotlib's PNGs as
# PNG, 80 times them as tensors. Spectrograms are told too. Rates are of the processor's time, so that others on the
# machine disturb less. Takes about three minutes.
#
#   PEER_PYTHON=…/bin/python benchmarks/render_speed.sh
#
#   PEER_PYTHON  a Python with matplotlib as reference/requirements.txt pins it
#   TURNS        how often each side is started (default 3)
#   SECONDS_EACH how long each figure is measured (default 4)
set -euo pipefail
here=$(dirname "$(realpath "$0")")
root=$(dirname "$here")
: "${PEER_PYTHON:?names a Python with matplotlib}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
turns=${TURNS:-3} seconds=${SECONDS_EACH:-4}
"$root/eegvlm" --version >&2 # builds where that is needed
class_path="$root/sleep-core/target/classes:$root/vision-module/target/classes:$(cat "$root/cli/target/classpath.txt"):$work"
"${JAVA_HOME:+$JAVA_HOME/bin/}javac" -d "$work" -cp "$class_path" "$here/RenderSpeed.java"
ours() { taskset -c 0 "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx256m -XX:+UseSerialGC -cp "$class_path" RenderSpeed "$@"; }

ours make "$work"
for ((turn = 0; turn < turns; turn++)); do
    ours draw "$work" "$seconds" | sed 's/^/ours\t/'
    taskset -c 0 "$PEER_PYTHON" "$here/render_speed.py" "$work/epochs.f32" "$seconds" | sed 's/^/matplotlib\t/'
done > "$work/figures"
awk -F'\t' -v turns="$turns" '
    { n[$1 FS $2]++; v[$1 FS $2, n[$1 FS $2]] = $3 }
    function middle(key,   i, j, t) {
        for (i = 2; i <= turns; i++) for (j = i; j > 1 && v[key, j] < v[key, j - 1]; j--) {
            t = v[key, j]; v[key, j] = v[key, j - 1]; v[key, j - 1] = t
        }
        return v[key, int((turns + 1) / 2)]
    }
    END {
        for (channels = 1; channels <= 3; channels += 2) {
            png = middle("matplotlib" FS channels " png"); tensor = middle("matplotlib" FS channels " tensor")
            our_png = middle("ours" FS channels " png"); our_tensor = middle("ours" FS channels " tensor")
            printf "%d channel(s), pictures/s: ours %.0f as PNG, %.0f as tensors; matplotlib %.0f, %.0f\n", \
                channels, our_png, our_tensor, png, tensor
            printf "  as PNG %.1f times its PNGs; as tensors %.1f times its PNGs, %.1f times its tensors\n", \
                our_png / png, our_tensor / png, our_tensor / tensor
            printf "  spectrograms: %.0f as PNG, %.0f as tensors\n", \
                middle("ours" FS channels " spectrogram png"), middle("ours" FS channels " spectrogram tensor")
        }
        print "limits for one channel: 20 as PNG, 80 as tensors"
    }' "$work/figures"
echo "load average $(cut -d' ' -f1 /proc/loadavg)"
