#!/usr/bin/env bash
# What fine-tuning gains from out-of-fold rows: the same base, steps and seed, once with the train subjects' rows from the
# vision module that learnt from them, once from fold models that did not. Prints κ on evaluation subjects, a line a seed
# and answerer; about ten minutes a seed on two cores with nothing else running.
#
#   benchmarks/out_of_fold.sh OUTPUT_FOLDER [SEED...]    (default 0 1)
#
#   PASSES   of the vision module over its pictures (default 8)
#   AUGMENT  what is varied in them (default time-shift; none makes it learn its subjects by heart)
set -euo pipefail
out=$1
shift
mkdir -p "$out"
[ $# -gt 0 ] || set -- 0 1
eegvlm=$(dirname "$(dirname "$(realpath "$0")")")/eegvlm

kappa() { # who, answers
    "$eegvlm" score --answers-file "$2" --output "$work/$1.json" --overwrite >/dev/null
    awk -v seed="$seed" -v name="$1" '/"kappa"/ { gsub(/[^0-9.eE-]/, "", $3); print "seed", seed, name, $3; exit }' "$work/$1.json"
}

tune_and_ask() { # who, folder of the rows
    "$eegvlm" finetune --model-name-or-path "$work/nano-llava" --data-path "$data/eeg_ft.json" \
        --image-folder "$data/eeg_images_ft" --features "$2/train_high_level_features.npy" --output-dir "$work/$1" \
        --lora-r 16 --lora-alpha 32 --lora-dropout 0 --learning-rate 2e-3 --mm-projector-lr 1e-3 --max-steps 200 \
        --seed "$seed" --overwrite >&2
    "$eegvlm" model-vqa --model-path "$work/$1" --model-base "$work/nano-llava" --question-file "$data/eeg_eval.jsonl" \
        --image-folder "$data/eeg_images_eval" --features "$2/eval_high_level_features.npy" \
        --answers-file "$work/$1.jsonl" --overwrite >&2
    kappa "$1" "$work/$1.jsonl"
}

for seed in "$@"; do
    work=$out/seed-$seed data=$out/seed-$seed/data
    "$eegvlm" simulate --output "$work/raw" --subjects 12 --epochs 110 --seed "$seed" --overwrite >&2
    "$eegvlm" render --source "$work/raw" --output "$data" --validation-subjects 1 --eval-subjects 5 \
        --seed "$seed" --overwrite >&2
    "$eegvlm" train-vision --manifest "$data/epochs.jsonl" --output "$work/vision" --picture-size 80 \
        --passes "${PASSES:-8}" --augment "${AUGMENT:-time-shift}" --folds 3 --seed "$seed" --overwrite >&2
    kappa vision "$work/vision/predictions.jsonl"
    "$eegvlm" export-features --manifest "$data/epochs.jsonl" --vision "$work/vision" --overwrite >&2
    "$eegvlm" export-features --manifest "$data/epochs.jsonl" --vision "$work/vision" --output "$work/rows" \
        --out-of-fold --overwrite >&2
    "$eegvlm" build-data --manifest "$data/epochs.jsonl" --overwrite >&2
    "$eegvlm" make-base --output "$work/nano-llava" --seed "$seed" --overwrite >&2
    tune_and_ask in-sample "$data"
    tune_and_ask out-of-fold "$work/rows"
done | tee "$out/kappa.txt"
