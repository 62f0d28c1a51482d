#!/bin/sh
# Installs what is missing, builds, and runs every test: the release build with gcc, and the sanitizer build with clang.
# usage: scripts/test.sh
set -eu
cd "$(dirname "$0")/.."
scripts/install-packages.sh test
jobs=$(nproc)
cmake --preset asan -DIP_WERROR=ON -DCMAKE_C_COMPILER=clang
cmake --build --preset asan
cmake --preset release -DIP_WERROR=ON -DCMAKE_C_COMPILER=gcc
cmake --build --preset release
ctest --preset asan -j "$jobs"
ctest --preset release -j "$jobs"
