#!/bin/sh
# Installs what is missing, builds, runs experiments/quickstart.yaml, and names the figures it drew.
# usage: scripts/quickstart.sh
set -eu
cd "$(dirname "$0")/.."
scripts/install-packages.sh build
cmake --preset release
cmake --build --preset release
build/release/infoplane run experiments/quickstart.yaml
echo
echo "The figures:"
ls results/quickstart/figures/*.svg
