#!/usr/bin/env bash
# What the injected features are worth: the demo and its ablations for three seeds, and the mean of each kappa.
#
#   benchmarks/injection.sh OUTPUT_FOLDER [SEED...]
set -euo pipefail
out=$1
shift
seeds=("${@:-0 1 2}")
read -ra seeds <<< "${seeds[*]}"
eegvlm=$(dirname "$(dirname "$(realpath "$0")")")/eegvlm
for seed in "${seeds[@]}"; do
    "$eegvlm" demo --ablations --seed "$seed" --out "$out/seed-$seed"
done
echo
printf '%-22s' kappa
printf ' %9s' "${seeds[@]/#/seed }" mean
printf '\n'
for who in majority bandpower vision base off zero shuffle fuse "fuse, rows mixed up"; do
    printf '%-22s' "$who"
    for seed in "${seeds[@]}"; do
        awk -v who="\"$who\"" 'index($0, who " :") { found = 1 } found && /"kappa"/ { gsub(/[^0-9.eE-]/, "", $3); print $3; exit }' \
            "$out/seed-$seed/summary.json"
    done | awk '{ printf " %9.3f", $1; sum += $1 } END { printf " %9.3f\n", sum / NR }'
done
