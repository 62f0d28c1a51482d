#!/bin/sh
# Installs the Debian packages that building, running and testing infoplane needs, and only those that are missing.
# usage: scripts/install-packages.sh [build|test]     build: to build and run (default); test: what the tests use besides
set -eu
build="gcc libc6-dev cmake ninja-build pkg-config git ca-certificates
  libopenblas-dev libhdf5-dev libyaml-dev zlib1g-dev libzip-dev libmatio-dev libssl-dev libjansson-dev libseccomp-dev librandom123-dev libcmocka-dev
  gnuplot-nox fonts-dejavu-core hdf5-tools"
test="slurmctld slurmd slurm-client slurm-wlm-basic-plugins clang g++ libclang-rt-14-dev python3 python3-numpy python3-h5py python3-xarray python3-h5netcdf dataset-fashion-mnist librsvg2-bin"
test="$test patchelf lintian dpkg-dev file" # of the packages
test="$test texlive-latex-base poppler-utils" # of figures for papers
test="$test python3-pytest mypy python3-yaml python3-torch python3-venv python3-pip" # of the Python package
test="$test zsh fish" # whose completion is tested
test="$test python3-pandas python3-matplotlib python3-nbclient python3-nbformat python3-ipykernel" # of its files and notebook
test="$test chromium chromium-driver python3-selenium node-typescript curl" # of the page of infoplane report
test="$test valgrind" # of the quick tests
test="$test llvm" # whose llvm-cov shows what the fuzzers reach
cross="gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user" # for the tests of arm64 on x86-64
[ "$(uname -m)" != x86_64 ] || test="$test $cross"
case "${1:-build}" in
  build) wanted=$build ;;
  test) wanted="$build $test" ;;
  *) echo "usage: $0 [build|test]" >&2; exit 2 ;;
esac
missing=
for package in $wanted; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "installing:$missing" >&2
as_root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "$0: as root, run: apt-get install$missing" >&2; exit 1; }
  as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
$as_root apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 || {
  $as_root apt-get update >/dev/null
  $as_root apt-get install -y --no-install-recommends $missing >/dev/null
}
