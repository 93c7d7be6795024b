#!/usr/bin/env bash
# Makes docs/stages.png and docs/spectra.svg, the pictures of docs/pictures.md, from simulated nights; half a minute.
#
#   benchmarks/docs_pictures.sh
set -euo pipefail
here=$(dirname "$(realpath "$0")")
root=$(dirname "$here")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/eegvlm" --version >&2 # builds where that is needed
class_path="$root/sleep-core/target/classes:$root/vision-module/target/classes:$(cat "$root/cli/target/classpath.txt"):$work"
"${JAVA_HOME:+$JAVA_HOME/bin/}javac" -d "$work" -cp "$class_path" "$here/DocsPictures.java"
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx256m -XX:+UseSerialGC -Djava.awt.headless=true -cp "$class_path" DocsPictures \
    "$work" "$root/docs"
ls -l "$root/docs/stages.png" "$root/docs/spectra.svg"
