#!/usr/bin/env bash
# DREAMS spindle excerpts, each of the four subjects left out once: κ of band powers, ResNet-18 and ConvNeXt-Tiny, with its
# spread. The data (CC BY-NC-ND 3.0) are the user's own download. About half an hour on two cores with nothing else running.
#
#   benchmarks/dreams_folds.sh FOLDER_WITH_THE_EXCERPTS OUTPUT_FOLDER [BACKBONE...]
#
#   PASSES  over the training epochs (default 40)
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=benchmarks/dreams_nights.sh
source "$here/dreams_nights.sh"
dreams=$(realpath "$1")
out=$2
shift 2
backbones=("${@:-resnet18 convnext_tiny}")
read -ra backbones <<< "${backbones[*]}"
eegvlm=$(dirname "$here")/eegvlm
mkdir -p "$out"

dreams_nights "$dreams" > "$out/nights.json" # split anew below

"$eegvlm" render --source "$out/nights.json" --output "$out/data" --channels EEG --epoch-seconds 20 --picture spectrogram \
    --picture-size 80 --neighbours 1 --overwrite
"$eegvlm" split --manifest "$out/data/epochs.jsonl" --leave-one-out --validation-subjects 0 --output "$out/folds" --overwrite

kappa() { # name, fold
    "$eegvlm" score --answers-file "$3" --output "$out/$1-$2.json" --overwrite >/dev/null
    awk -v name="$1" -v fold="$2" '/"kappa"/ { gsub(/[^0-9.eE-]/, "", $3); print name, fold, $3; exit }' "$out/$1-$2.json"
}
for data in "$out"/folds/fold-*; do
    fold=$(basename "$data")
    "$eegvlm" baseline --manifest "$data/epochs.jsonl" --answers-file "$out/bandpower-$fold.jsonl" --overwrite >&2
    kappa bandpower "$fold" "$out/bandpower-$fold.jsonl"
    for backbone in "${backbones[@]}"; do
        "$eegvlm" train-vision --manifest "$data/epochs.jsonl" --output "$out/$backbone-$fold" --backbone "$backbone" \
            --passes "${PASSES:-40}" --balance weights --overwrite >&2
        kappa "$backbone" "$fold" "$out/$backbone-$fold/predictions.jsonl"
    done
done | tee "$out/kappa.txt"
awk '{ n[$1]++; sum[$1] += $3; squares[$1] += $3 * $3 }
    END { for (name in n) { mean = sum[name] / n[name]
        printf "%-14s mean %.3f, standard deviation %.3f of %d subjects\n", name, mean,
            sqrt((squares[name] - n[name] * mean * mean) / (n[name] - 1)), n[name] } }' "$out/kappa.txt"
