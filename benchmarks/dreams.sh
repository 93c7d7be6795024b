#!/usr/bin/env bash
# DREAMS spindle excerpts: one EEG channel as text, 20 s epochs, two sampling rates. Trains on excerpts 1, 2 and 4 and
# answers excerpt 6, through the same steps as any other night. The data (CC BY-NC-ND 3.0) are the user's own download.
#
#   benchmarks/dreams.sh FOLDER_WITH_THE_EXCERPTS OUTPUT_FOLDER [SEED]
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=benchmarks/dreams_nights.sh
source "$here/dreams_nights.sh"
dreams=$(realpath "$1")
out=$2
seed=${3:-0}
eegvlm=$(dirname "$here")/eegvlm
data=$out/sleep_data
mkdir -p "$data"

dreams_nights "$dreams" > "$out/nights.json"

"$eegvlm" render --source "$out/nights.json" --output "$data" --channels EEG --epoch-seconds 20 --overwrite
"$eegvlm" baseline --method bandpower --manifest "$data/epochs.jsonl" --answers-file "$out/bandpower.jsonl" --overwrite
"$eegvlm" baseline --method majority --manifest "$data/epochs.jsonl" --answers-file "$out/majority.jsonl" --overwrite
"$eegvlm" train-vision --manifest "$data/epochs.jsonl" --output "$out/vision" --passes 12 --seed "$seed" --overwrite
"$eegvlm" export-features --manifest "$data/epochs.jsonl" --vision "$out/vision" --output "$data" --overwrite
"$eegvlm" build-data --manifest "$data/epochs.jsonl" --output "$data" --overwrite
"$eegvlm" make-base --output "$out/nano-llava" --seed "$seed" --overwrite
"$eegvlm" finetune --model-name-or-path "$out/nano-llava" --data-path "$data/eeg_ft.json" \
    --image-folder "$data/eeg_images_ft" --output-dir "$out/nano" --lora-r 16 --lora-alpha 32 --lora-dropout 0 \
    --learning-rate 2e-3 --mm-projector-lr 1e-3 --max-steps 250 --seed "$seed" --overwrite
"$eegvlm" model-vqa --model-path "$out/nano" --model-base "$out/nano-llava" --question-file "$data/eeg_eval.jsonl" \
    --image-folder "$data/eeg_images_eval" --answers-file "$out/answers.jsonl" --overwrite
for who in majority.jsonl bandpower.jsonl vision/predictions.jsonl answers.jsonl; do
    echo "== $who"
    "$eegvlm" score --answers-file "$out/$who" --output "$out/metrics.json" --overwrite
done
