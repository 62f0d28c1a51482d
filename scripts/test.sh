#!/bin/sh
# Installs what is missing, builds, and runs every test: the release build with gcc, and the sanitizer build with clang.
# Then come the checks of CONTRIBUTING.md: the static analyzer of gcc, valgrind, ThreadSanitizer, and a build with
# link-time optimization. On x86-64, everything is also compiled for arm64, and the tests of the numerical folders run
# under qemu-user.
# usage: scripts/test.sh
set -eu
cd "$(dirname "$0")/.."
scripts/install-packages.sh test
jobs=$(nproc)

# build PRESET [OPTION...]
build() {
  preset=$1
  shift
  cmake --preset "$preset" -DIP_WERROR=ON "$@"
  cmake --build --preset "$preset"
}

build asan -DCMAKE_C_COMPILER=clang
build release -DCMAKE_C_COMPILER=gcc
ctest --preset asan -j "$jobs"
ctest --preset release -j "$jobs"
ctest --preset valgrind -j "$jobs"
build analyze
build tsan -DCMAKE_C_COMPILER=clang
ctest --preset tsan -j "$jobs"
build lto
ctest --preset lto -j "$jobs"
[ "$(uname -m)" = x86_64 ] || exit 0
build arm64
ctest --preset arm64 -j "$jobs"
