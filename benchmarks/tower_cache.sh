#!/usr/bin/env bash
# What remembering the vision tower's output is worth: the whole command of one pass over the demo's samples, start of
# the JVM included, without the cache, with an empty one, and with a filled one.
#
#   benchmarks/tower_cache.sh DEMO_FOLDER WORK_FOLDER [RUNS]
#
# DEMO_FOLDER is what 'eegvlm demo' has written.
set -euo pipefail
demo=$(realpath "$1")
work=$2
runs=${3:-3}
eegvlm=$(dirname "$(dirname "$(realpath "$0")")")/eegvlm
mkdir -p "$work"
"$eegvlm" --version >/dev/null

# NAME CACHE_FLAGS...: prints the seconds
train() {
    local name=$1 begun ended
    shift
    rm -rf "$work/$name"
    begun=$(date +%s%N)
    "$eegvlm" finetune --model-name-or-path "$demo/models/nano-llava" --data-path "$demo/sleep_data/eeg_ft.json" \
        --image-folder "$demo/sleep_data/eeg_images_ft" --output-dir "$work/$name" --num-train-epochs 1 --lora-r 16 \
        --lora-alpha 32 --report-to none "$@" >/dev/null 2>"$work/$name.log"
    ended=$(date +%s%N)
    awk -v name="$name" -v ns=$((ended - begun)) 'BEGIN { printf "%-8s %.1f s\n", name, ns / 1e9 }'
}

for ((run = 1; run <= runs; run++)); do
    rm -rf "$work/cache"
    train without --tower-cache-gib 0
    train empty --tower-cache "$work/cache"
    train filled --tower-cache "$work/cache"
done | tee "$work/seconds.txt"
awk '{ all[$1] = all[$1] " " $2; n[$1]++ }
    function median(name,  v, i, j, t, k) {
        k = split(all[name], v, " ")
        for (i = 1; i <= k; i++) for (j = i + 1; j <= k; j++) if (v[j] + 0 < v[i] + 0) { t = v[i]; v[i] = v[j]; v[j] = t }
        return v[int((k + 1) / 2)]
    }
    END { printf "medians: without %s, empty %s, filled %s; filled is %.1f times as fast as without\n", median("without"),
        median("empty"), median("filled"), median("without") / median("filled") }' "$work/seconds.txt"
cmp "$work/without/adapter_model.safetensors" "$work/filled/adapter_model.safetensors" && echo "the adapters are equal"
