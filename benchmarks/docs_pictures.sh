#!/usr/bin/env bash
# Makes docs/stages.png and docs/spectra.svg, the pictures of docs/pictures.md, from simulated nights; half a minute.
#
#   benchmarks/docs_pictures.sh
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=benchmarks/data_settings.sh
source "$here/data_settings.sh"
compile DocsPictures
start -Xmx256m DocsPictures "$work" "$root/docs"
ls -l "$root/docs/stages.png" "$root/docs/spectra.svg"
