#!/bin/sh
# Installs what is missing, builds, and runs every test: the release build with gcc, and the sanitizer build with clang.
# On x86-64, also compiles everything for arm64 and runs the tests of the numerical folders under qemu-user.
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
[ "$(uname -m)" = x86_64 ] || exit 0
cmake --preset arm64 -DIP_WERROR=ON
cmake --build --preset arm64
ctest --preset arm64 -j "$jobs"
