#!/bin/sh
# infoplane plot as a user meets it, on what needs no run file: help, lists and mistakes.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

mkdir "$dir/empty"
echo "no run file" >"$dir/text.h5"
expect 0 "usage: infoplane plot" "$infoplane" plot --help
expect 0 "the information plane" "$infoplane" plot --list
expect 2 "expected the folder of an experiment or run files" "$infoplane" plot
expect 1 "no run files" "$infoplane" plot "$dir/empty"
expect 1 "$dir/missing" "$infoplane" plot "$dir/missing"
expect 1 "$dir/text.h5" "$infoplane" plot "$dir/text.h5"
expect 2 "did you mean snapshots?" "$infoplane" plot "$dir/text.h5" --figure snapshot
expect 2 "'bmp'" "$infoplane" plot "$dir/text.h5" --format bmp
expect 2 "--figure needs a value" "$infoplane" plot "$dir/text.h5" --figure
[ ! -e "$dir/figures" ] || fail "a folder for figures was made without any"
exit $failures
