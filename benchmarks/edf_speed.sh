#!/usr/bin/env bash
# One channel of a 22-hour recording of 48 MB (Sleep-EDF's layout, made anew), opened and read whole, by us, MNE and
# pyEDFlib in turns; then random windows of 30 s. Limits: MNE / 3, pyEDFlib / 1.5, 150 MB resident, 1 ms a window.
# Takes about a minute with nothing else running.
#
#   PEER_PYTHON=…/bin/python benchmarks/edf_speed.sh
#
#   PEER_PYTHON  a Python with mne and pyedflib as reference/requirements.txt pins them
#   TURNS        how often each side is started (default 5)
#   ROUNDS       how often it reads in each turn (default 15)
set -euo pipefail
here=$(dirname "$(realpath "$0")")
: "${PEER_PYTHON:?names a Python with mne and pyedflib}"
# shellcheck source=benchmarks/data_settings.sh
source "$here/data_settings.sh"
turns=${TURNS:-5} rounds=${ROUNDS:-15}
compile EdfSpeed
ours() { start -Xmx64m EdfSpeed "$@"; }

ours make "$work/night.edf"
for ((turn = 0; turn < turns; turn++)); do
    ours channel "$work/night.edf" "$rounds" | sed 's/^/ours\t/'
    for who in mne pyedflib; do
        "$PEER_PYTHON" "$here/edf_speed.py" "$who" "$work/night.edf" "$rounds" | sed "s/^/$who\t/"
    done
done > "$work/figures"
awk -F'\t' "$MEDIANS"'
    END {
        printf "%-10s %10s %10s %12s\n", "", "first ms", "warm ms", "resident MB"
        split("ours mne pyedflib", who, " ")
        for (i = 1; i <= 3; i++) {
            warm[i] = middle(who[i] FS "median")
            printf "%-10s %10.1f %10.1f %12.0f\n", who[i], middle(who[i] FS "first"), warm[i], middle(who[i] FS "resident_mb")
        }
        printf "warm, we take 1/%.1f of MNE (limit 1/3) and 1/%.1f of pyEDFlib (limit 1/1.5)\n", warm[2] / warm[1], warm[3] / warm[1]
    }' "$work/figures"
echo "random windows of 30 s, ms:"
ours windows "$work/night.edf"
echo "load average $(cut -d' ' -f1 /proc/loadavg)"
