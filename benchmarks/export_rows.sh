#!/usr/bin/env bash
# Memory of export-features by the number of rows: the most resident of 10 000 and of 100 000 rows, heap limited to 256 MB.
# One simulated night in small pictures stands in the manifest again and again, under new ids; the network is ResNet-18 at
# 32 pixels, trained for one pass. Takes some minutes.
#
#   benchmarks/export_rows.sh [ROWS...]
set -euo pipefail
here=$(dirname "$(realpath "$0")")
eegvlm=$(dirname "$here")/eegvlm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$eegvlm" simulate --output raw --subjects 2 --epochs 30 >&2
"$eegvlm" render --source raw --output data --picture-size 48 --validation-subjects 0 --eval-subjects 1 >&2
"$eegvlm" train-vision --manifest data/epochs.jsonl --output vision --picture-size 32 --passes 1 >&2
"$eegvlm" export-onnx --vision vision >&2
for rows in "${@:-10000 100000}"; do
    for n in $rows; do
        awk -v n="$n" '
            /"split":"train"/ { line[count++] = $0 }
            END { for (i = 0; i < n; i++) { text = line[i % count]; sub(/"id":"/, "\"id\":\"" i "-", text); print text } }
        ' data/epochs.jsonl > data/many.jsonl
        EEGVLM_JAVA_OPTS=-Xmx256m /usr/bin/time -f "$n rows: %M kB resident at most, %e s" \
            "$eegvlm" export-features --manifest data/many.jsonl --vision vision --engine onnx --output "out-$n" 2>&1 |
            grep -a resident
        ls -l "out-$n/train_high_level_features.npy" | awk '{ print "file of", $5, "bytes" }'
    done
done
