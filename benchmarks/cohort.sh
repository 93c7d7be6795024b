#!/usr/bin/env bash
# A simulated cohort of 24 subjects, 16 to learn from, 2 to choose by, 6 to answer for: ResNet-18 on spectrograms of five
# epochs beside band powers of one. Prints the hash of the nights, both scores and the seconds of training; about ten
# minutes on two cores with nothing else running.
#
#   benchmarks/cohort.sh OUTPUT_FOLDER [SEED]
set -euo pipefail
out=$1
seed=${2:-0}
eegvlm=$(dirname "$(dirname "$(realpath "$0")")")/eegvlm
manifest=$out/data/epochs.jsonl

"$eegvlm" simulate --output "$out/raw" --subjects 24 --epochs 110 --overwrite >&2
echo "nights: $(cat "$out"/raw/*.edf | sha256sum | cut -c1-16)"
"$eegvlm" render --source "$out/raw" --output "$out/data" --picture spectrogram --picture-size 80 --neighbours 2 \
    --validation-subjects 2 --eval-subjects 6 --seed "$seed" --overwrite >&2
"$eegvlm" baseline --manifest "$manifest" --answers-file "$out/bandpower.jsonl" --overwrite >&2
SECONDS=0
"$eegvlm" train-vision --manifest "$manifest" --output "$out/vision" --picture-size 80 --passes 6 --seed "$seed" \
    --overwrite >&2
echo "training: $SECONDS s"
for who in bandpower.jsonl vision/predictions.jsonl; do
    echo "== $who"
    "$eegvlm" score --answers-file "$out/$who" --output "$out/metrics.json" --overwrite
done
