#!/usr/bin/env bash
# Renders simulated nights of 960 epochs, as PNG, on two cores, in one JVM: nights/s of the last quarter against the
# first, and how much resident memory grows after night 10. 250 000 epochs take some minutes.
#
#   benchmarks/render_nights.sh [EPOCHS]     (default 250000)
set -euo pipefail
here=$(dirname "$(realpath "$0")")
root=$(dirname "$here")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/eegvlm" --version >&2 # builds where that is needed
class_path="$root/sleep-core/target/classes:$root/vision-module/target/classes:$(cat "$root/cli/target/classpath.txt"):$work"
"${JAVA_HOME:+$JAVA_HOME/bin/}javac" -d "$work" -cp "$class_path" "$here/RenderNights.java"
# The heap's size is fixed and touched at the start: what grows then is a leak.
taskset -c 0,1 "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xms256m -Xmx256m -XX:+AlwaysPreTouch -XX:+UseSerialGC \
    -cp "$class_path" RenderNights "$work" "${1:-250000}"
