#!/usr/bin/env bash
# Waveforms of simulated epochs, 336 pixels a side, one and three channels, on one core: by us and by matplotlib (one
# figure, reused) in turns: as PNG; as tensors, the bytes that our networks take and normalise where they compute, uint8
# [1, 336, 336]; and as floats, normalised before, float32 [3, 336, 336], as an exported network takes them. Limits for one
# channel: 20 times matplotlib's PNGs as PNG, 80 times them as tensors. Spectrograms are told too, their tensors [3, 336, 336].
# Rates are of the processor's time, so that others on the machine disturb less. Takes about three minutes.
#
#   PEER_PYTHON=…/bin/python benchmarks/render_speed.sh
#
#   PEER_PYTHON  a Python with matplotlib as reference/requirements.txt pins it
#   TURNS        how often each side is started (default 3)
#   SECONDS_EACH how long each figure is measured (default 2)
set -euo pipefail
here=$(dirname "$(realpath "$0")")
: "${PEER_PYTHON:?names a Python with matplotlib}"
# shellcheck source=benchmarks/data_settings.sh
source "$here/data_settings.sh"
turns=${TURNS:-3} seconds=${SECONDS_EACH:-2}
compile RenderSpeed
taskset -pc 0 $$ >/dev/null # one core, for both sides

start -Xmx256m RenderSpeed make "$work"
for ((turn = 0; turn < turns; turn++)); do
    start -Xmx256m RenderSpeed draw "$work" "$seconds" | sed 's/^/ours\t/'
    "$PEER_PYTHON" "$here/render_speed.py" "$work/epochs.f32" "$seconds" | sed 's/^/matplotlib\t/'
done > "$work/figures"
awk -F'\t' "$MEDIANS"'
    END {
        for (channels = 1; channels <= 3; channels += 2) {
            printf "%d channel(s), pictures/s\n%-9s %9s %11s %15s %15s\n", \
                channels, "", "ours", "matplotlib", "times the same", "times its PNGs"
            png = middle("matplotlib" FS channels " png")
            split("png tensor floats", kinds, " ")
            for (i = 1; i <= 3; i++) {
                ours = middle("ours" FS channels " " kinds[i]); its = middle("matplotlib" FS channels " " kinds[i])
                printf "%-9s %9.0f %11.1f %15.1f %15.1f\n", kinds[i], ours, its, ours / its, ours / png
            }
            printf "spectrograms: %.0f as PNG, %.0f as tensors\n", \
                middle("ours" FS channels " spectrogram png"), middle("ours" FS channels " spectrogram tensor")
        }
        print "limits for one channel, times its PNGs: 20 as PNG, 80 as tensors"
    }' "$work/figures"
echo "load average $(cut -d' ' -f1 /proc/loadavg)"
