#!/bin/sh
# libinfoplane_core.so exports the functions of capi.h and nothing else, loads few libraries, and needs none of its
# parts that write files. Installed, a program finds it by pkg-config and by CMake. It can be
# built alone.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
for tool in nm readelf ldd cc pkg-config cmake; do
  command -v $tool >/dev/null || exit 77
done
grep -q '^IP_SANITIZE:STRING=.' "$INFOPLANE_BUILD/CMakeCache.txt" && exit 77 # their run-time part is another library
library=$INFOPLANE_BUILD/libinfoplane_core.so
header=$INFOPLANE_SOURCE/src/core/capi.h

# ---------------------------------------------------------------- symbols
major=$(sed -n 's/^#define IP_CAPI_MAJOR \([0-9]*\).*/\1/p' "$header")
nm -D --defined-only "$library" | awk '$2 != "A" {print $3}' | LC_ALL=C sort >exported.txt
grep -v "@@INFOPLANE_CORE_$major\$" exported.txt && fail "symbols without the version INFOPLANE_CORE_$major"
sed -e 's,//.*,,' -e 's,/\*.*\*/,,' -e '/\/\*/,/\*\//d' -e '/^#/d' "$header" | grep -o '\<ip_[a-z0-9_]*(' | tr -d '(' |
  LC_ALL=C sort -u >declared.txt
sed 's/@.*//' exported.txt | diff declared.txt - || fail "declared in capi.h (<) is not what is exported (>)"
readelf -d "$library" | grep -q "SONAME.*libinfoplane_core\.so\.$major\]" || fail "the soname is not of version $major"

# ---------------------------------------------------------------- what it loads and calls
ldd "$library" >libraries.txt
[ "$(wc -l <libraries.txt)" -le 12 ] || fail "it loads $(wc -l <libraries.txt) libraries, not 12 at most"
grep -E 'hdf5|gomp|yaml|crypto|matio|curl' libraries.txt && fail "it loads libraries that it must not"
nm -D --undefined-only "$library" | sed 's/.* //; s/@.*//' >called.txt
grep -xE 'fopen|fopen64|open|open64|exit|_exit|printf|puts|putchar|fork|execv|execvp|posix_spawn|posix_spawnp|system' \
  called.txt && fail "it calls what touches files, processes or standard output"

# ---------------------------------------------------------------- installed
cmake --install "$INFOPLANE_BUILD" --prefix "$dir/usr" >install.txt 2>&1 || fail "cmake --install: $(tail -3 install.txt)"
mv usr moved # nothing may remember where it was put first
libdir=$dir/$(dirname "$(dirname "$(find moved -name infoplane-core.pc)")")
PKG_CONFIG_PATH=$libdir/pkgconfig
export PKG_CONFIG_PATH
sed -n '/^```c/,/^```/p' "$INFOPLANE_SOURCE/docs/library.md" | sed '/^```/d' >estimate.c # the example of the page
# shellcheck disable=SC2046
cc -std=c17 -Wall -Wextra -Werror estimate.c $(pkg-config --cflags --libs infoplane-core) -o estimate ||
  fail "pkg-config infoplane-core: does not link"
expect 0 "I(X;T) = 2.000 bits" env LD_LIBRARY_PATH="$libdir" ./estimate
mkdir project && cp estimate.c project
cat >project/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.16)
project(estimate LANGUAGES C)
find_package(infoplane REQUIRED)
add_executable(estimate estimate.c)
target_link_libraries(estimate infoplane::core)
END
{ cmake -S project -B cmake -DCMAKE_PREFIX_PATH="$dir/moved" && cmake --build cmake; } >cmake.txt 2>&1 ||
  fail "find_package(infoplane): $(tail -20 cmake.txt)"
expect 0 "I(X;T) = 2.000 bits" cmake/estimate
for language in "c11 gcc c" "c17 clang c" "c++11 g++ c++"; do
  # shellcheck disable=SC2086
  set -- $language
  command -v "$2" >/dev/null || continue
  printf '#include <infoplane/capi.h>\ntypedef int not_empty;\n' |
    "$2" -std="$1" -Wall -Wextra -Wpedantic -Werror -fsyntax-only -Imoved/include -x "$3" - || fail "$2 refuses capi.h"
done
# ---------------------------------------------------------------- alone: without the libraries that files need
cmake -S "$INFOPLANE_SOURCE" -B alone -DIP_CORE_ONLY=ON >alone.txt 2>&1 || fail "IP_CORE_ONLY: $(tail -5 alone.txt)"
grep -iE '^(HDF5|YAML|MATIO|CRYPTO|JANSSON)_' alone/CMakeCache.txt && fail "IP_CORE_ONLY looks for libraries it does not need"
exit $failures
