#!/bin/sh
# The installed library, away from its sources: programs in C and C++ find it through pkg-config and through CMake,
# shared and static. Its headers are whole, each alone and all together, and private ones are not among them.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

grep -q '^IP_SANITIZE:STRING=.' "$INFOPLANE_BUILD/CMakeCache.txt" && exit 77 # needs the sanitizers' flags to link
for tool in cmake cc pkg-config ldd; do
  command -v $tool >/dev/null || exit 77
done
cmake --install "$INFOPLANE_BUILD" --prefix "$dir/usr" >install.txt 2>&1 || fail "cmake --install: $(tail -3 install.txt)"
mv usr moved # nothing may remember where it was put first

# ---------------------------------------------------------------- headers
(cd moved/include && find infoplane -name '*.h' | LC_ALL=C sort) >installed.txt
sed -n '/^set(IP_PUBLIC_HEADERS/,/)/p' "$INFOPLANE_SOURCE/cmake/library.cmake" | grep -o '[a-z_]*/[a-z_]*\.h' |
  sed 's,^,infoplane/,' >listed.txt
printf '%s\n' infoplane/infoplane.h infoplane/capi.h >>listed.txt
LC_ALL=C sort listed.txt | diff - installed.txt || fail "listed in cmake/library.cmake (<) is not what is installed (>)"
while read -r h; do
  [ "$h" = infoplane/infoplane.h ] || [ "$h" = infoplane/base/public.h ] ||
    grep -q "${h#infoplane/}" "$INFOPLANE_SOURCE/docs/library.md" || fail "docs/library.md does not name $h"
done <installed.txt

warnings="-Wall -Wextra -Wpedantic -Wshadow -Wundef -Werror -fsyntax-only -Imoved/include"
# refuses STANDARD COMPILER LANGUAGE HEADER...: prints the headers that do not compile; nothing without the compiler
refuses() {
  standard=$1 compiler=$2 language=$3
  command -v "$compiler" >/dev/null || return 0
  shift 3
  for h in "$@"; do
    # shellcheck disable=SC2086
    printf '#include <%s>\ntypedef int not_empty;\n' "$h" |
      "$compiler" -std="$standard" $warnings -x "$language" - >messages.txt 2>&1 ||
      echo "$compiler refuses $h: $(head -3 messages.txt)"
  done
}
{
  # shellcheck disable=SC2046
  refuses c17 gcc c $(cat installed.txt)
  refuses c11 gcc c infoplane/infoplane.h
  refuses c17 clang c infoplane/infoplane.h
  refuses c++11 g++ c++ infoplane/infoplane.h
  refuses c++17 clang++ c++ infoplane/infoplane.h
} >faulty.txt
[ ! -s faulty.txt ] || fail "$(cat faulty.txt)"

# ---------------------------------------------------------------- programs
cat >entropy.c <<'END'
#include <infoplane/infoplane.h>

#include <stdio.h>

int main(void)
{
  const double p[] = {0.25, 0.25, 0.5}, p_xy[] = {0.5, 0, 0, 0.5};
  ip_ib_problem *problem;
  if (ip_ib_problem_create(2, 2, p_xy, &problem) != IP_OK) return 1;
  printf("%g bit, I(X;Y) = %g bit\n", ip_entropy_bits(3, p), problem->ixy_bits);
  ip_ib_problem_destroy(&problem);
  return 0;
}
END
cp entropy.c entropy.cc
libdir=$dir/$(dirname "$(find moved -name libinfoplane.a)")
PKG_CONFIG_PATH=$libdir/pkgconfig
export PKG_CONFIG_PATH

# works PROGRAM KIND: it prints what it should, and loads libinfoplane.so (KIND shared) or not (KIND static)
works() {
  expect 0 "1.5 bit, I(X;Y) = 1 bit" env LD_LIBRARY_PATH="$libdir" "$1"
  case $2,$(LD_LIBRARY_PATH=$libdir ldd "$1") in
    shared,*libinfoplane.so.0*) ;;
    shared,* | static,*libinfoplane.so*) fail "$1 is not linked as $2" ;;
  esac
}

# shellcheck disable=SC2046
cc -std=c17 entropy.c $(pkg-config --cflags --libs infoplane) -o shared || fail "pkg-config infoplane: does not link"
works ./shared shared
# shellcheck disable=SC2046
cc -std=c17 entropy.c $(pkg-config --cflags --libs infoplane-static) -o static ||
  fail "pkg-config infoplane-static: does not link"
works ./static static
if command -v c++ >/dev/null; then
  # shellcheck disable=SC2046
  c++ -std=c++11 entropy.cc $(pkg-config --cflags --libs infoplane) -o cplusplus || fail "C++ does not link"
  works ./cplusplus shared
fi

version=$("$infoplane" --version | sed 's/infoplane \([0-9]*\.[0-9]*\).*/\1/') # without the patch
cat >CMakeLists.txt <<END
cmake_minimum_required(VERSION 3.16)
project(entropy LANGUAGES C)
find_package(infoplane $version REQUIRED COMPONENTS static)
add_executable(cmake_shared entropy.c)
target_link_libraries(cmake_shared infoplane::infoplane)
add_executable(cmake_static entropy.c)
target_link_libraries(cmake_static infoplane::static)
END
{ cmake -S . -B cmake -DCMAKE_PREFIX_PATH="$dir/moved" && cmake --build cmake; } >cmake.txt 2>&1 ||
  fail "find_package(infoplane): $(tail -20 cmake.txt)"
works cmake/cmake_shared shared
works cmake/cmake_static static
sed -i "s/infoplane $version/infoplane $version.99/" CMakeLists.txt
expect 1 "compatible" cmake -S . -B cmake -DCMAKE_PREFIX_PATH="$dir/moved"
exit $failures
