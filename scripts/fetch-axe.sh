#!/bin/sh
# Puts axe-core (Deque Systems, MPL-2.0), which a test of the page of infoplane report uses, into data/axe of this project
# or $INFOPLANE_DATA/axe. It comes from the npm registry, one file of a fixed version, and is checked against its digest.
# usage: scripts/fetch-axe.sh               from the npm registry (curl or wget)
#        scripts/fetch-axe.sh axe-core-4.10.2.tgz   from a package fetched elsewhere
set -eu
case "${1:-}" in
  -h | --help)
    sed -n '2,5s/^# //p' "$0"
    exit 0
    ;;
esac
version=4.10.2
digest=b511cd9dec01c76f4b2ad1723b66b6db37d4c2eb4ed199076e1829d9ee7b75e3 # sha256 of axe.min.js
root=$(cd "$(dirname "$0")/.." && pwd)
target=${INFOPLANE_DATA:-$root/data}/axe

fail() {
  echo "fetch-axe.sh: $*" >&2
  exit 1
}

is_it() {
  [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -d' ' -f1)" = $digest ]
}

if is_it "$target/axe.min.js"; then
  echo "$target/axe.min.js: is here already"
  exit 0
fi
mkdir -p "$target" || fail "$target cannot be made"
work=$(mktemp -d "$target/XXXXXX.part") || fail "$target cannot be written"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
package=${1:-$work/axe.tgz}
if [ $# -eq 0 ]; then
  url=https://registry.npmjs.org/axe-core/-/axe-core-$version.tgz
  if command -v curl >/dev/null; then
    curl -fsSL --max-time 60 -o "$package" "$url" || fail "$url cannot be fetched"
  elif command -v wget >/dev/null; then
    wget -q -T 60 -O "$package" "$url" || fail "$url cannot be fetched"
  else
    fail "neither curl nor wget is here"
  fi
fi
tar -xzf "$package" -C "$work" package/axe.min.js || fail "$package is no package of axe-core"
is_it "$work/package/axe.min.js" || fail "$package: axe.min.js is not that of version $version; nothing was changed"
mv "$work/package/axe.min.js" "$target/axe.min.js"
echo "$target/axe.min.js: version $version, checked"
