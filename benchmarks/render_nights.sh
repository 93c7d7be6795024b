#!/usr/bin/env bash
# Renders simulated nights of 960 epochs, as PNG, on two cores, in one JVM: nights/s of the last quarter against the
# first, and how much resident memory grows after night 10. 250 000 epochs take some minutes.
#
#   benchmarks/render_nights.sh [EPOCHS]     (default 250000)
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=benchmarks/data_settings.sh
source "$here/data_settings.sh"
compile RenderNights
# The heap's size is fixed and touched at the start: what grows then is a leak.
taskset -pc 0,1 $$ >/dev/null
start -Xms256m -Xmx256m -XX:+AlwaysPreTouch RenderNights "$work" "${1:-250000}"
