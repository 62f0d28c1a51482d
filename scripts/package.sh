#!/bin/sh
# Makes packages of infoplane.
# usage: scripts/package.sh [deb|tarball|folder] [BUILD] [OUT]
#   deb      Debian packages, checked by lintian: infoplane, libinfoplane0, libinfoplane-dev, python3-infoplane
#   tarball  infoplane-VERSION-MACHINE-linux.tar.xz, for systems without root or without Debian: unpack it anywhere, and
#            run bin/infoplane. It contains every library, and the C library too. Figures need gnuplot on the system.
#   folder   the same, not packed
# BUILD is an existing build folder; without it (or with ""), build/package is configured and built. OUT is where packages
# go (default: the current directory). IP_DEB_COMPRESSION=gzip packs Debian packages faster.
set -eu
kind=${1:-deb} build=${2:-} out=${3:-.}
source=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$out"
out=$(cd "$out" && pwd)
need() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "package.sh: needs $tool (scripts/install-packages.sh test)" >&2; exit 1; }
  done
}

if [ -z "$build" ]; then
  cd "$source"
  cmake --preset package
  cmake --build --preset package
  build=$source/build/package
fi
SOURCE_DATE_EPOCH=$(git -C "$source" log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH

if [ "$kind" = deb ]; then
  need cpack dpkg-deb dpkg-shlibdeps
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  cpack -D CPACK_DEBIAN_COMPRESSION_TYPE="${IP_DEB_COMPRESSION:-xz}" -G DEB --config "$build/CPackConfig.cmake" -B "$work" >"$work/log" || { cat "$work/log" >&2; exit 1; }
  packages=
  for file in "$work"/*.deb; do
    mv "$file" "$out"
    packages="$packages $out/$(basename "$file")"
  done
  if command -v lintian >/dev/null; then
    # shellcheck disable=SC2086
    lintian --fail-on error --allow-root $packages
  else
    echo "package.sh: lintian is not installed; the packages were not checked" >&2
  fi
  # shellcheck disable=SC2086
  printf '%s\n' $packages
  exit 0
fi

case $kind in
  tarball | folder) ;;
  *) echo "usage: $0 [deb|tarball|folder] [BUILD] [OUT]" >&2; exit 2 ;;
esac
need cc patchelf ldd
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")
name=infoplane-$version-$(uname -m)-linux
root=$out/$name
rm -rf "$root"
cmake --install "$build" --component program --prefix "$root" --strip >/dev/null
mkdir -p "$root/lib" "$root/libexec" "$root/share/licenses"
cp "$source/LICENSE" "$root/share/licenses/infoplane"
mv "$root/bin/infoplane" "$root/libexec/infoplane"

# Every library, under the name by which it is looked for; and the license of the package that it comes from.
ldd "$root/libexec/infoplane" | awk '$2 == "=>" {print $1, $3} $1 ~ /^\// {print $1, $1}' >"$root/libraries.txt"
loader=
while read -r wanted file; do
  case $wanted in
    */ld-linux*) wanted=$(basename "$wanted") loader=$(basename "$wanted") ;;
  esac
  cp -L "$file" "$root/lib/$wanted"
  package=$(dpkg-query -S "$(readlink -f "$file")" 2>/dev/null || dpkg-query -S "$file" 2>/dev/null || true)
  package=${package%%:*}
  [ -z "$package" ] || cp -L "/usr/share/doc/$package/copyright" "$root/share/licenses/$package" 2>/dev/null || true
done <"$root/libraries.txt"
rm "$root/libraries.txt"
[ -n "$loader" ] || { echo "package.sh: ldd names no loader" >&2; exit 1; }
chmod u+w "$root"/lib/*
for library in "$root"/lib/*; do
  case $library in
    */ld-linux* | */libc.so*) ;; # they have no other libraries to look for
    *) patchelf --set-rpath "\$ORIGIN" "$library" ;;
  esac
done
patchelf --set-rpath "\$ORIGIN/../lib" "$root/libexec/infoplane"
cc -std=c17 -D_POSIX_C_SOURCE=200809L -Os -s -static -DLOADER="\"$loader\"" -o "$root/bin/infoplane" \
  "$source/scripts/package/launcher.c"
chmod -R u+rwX,go+rX,go-w "$root"
if [ "$kind" = folder ]; then
  echo "$root"
  exit 0
fi
tar -C "$out" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -cf - "$name" |
  xz -T0 >"$root.tar.xz"
rm -rf "$root"
echo "$root.tar.xz"
