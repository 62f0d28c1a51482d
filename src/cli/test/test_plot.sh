#!/bin/sh
# infoplane plot as a user meets it, on what needs no run file: help, lists and mistakes.
set -u
infoplane=$INFOPLANE_BUILD/infoplane
failures=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# expect STATUS TEXT COMMAND...: the command exits with STATUS and prints TEXT on either stream
expect() {
  status=$1 text=$2
  shift 2
  output=$("$@" 2>&1)
  got=$?
  case "$output" in
    *"$text"*) found=1 ;;
    *) found=0 ;;
  esac
  if [ "$got" != "$status" ] || [ "$found" = 0 ]; then
    echo "FAILED: $* exits $got (expected $status), expected to read '$text' in: $output"
    failures=$((failures + 1))
  fi
}

mkdir "$folder/empty"
echo "no run file" >"$folder/text.h5"
expect 0 "usage: infoplane plot" "$infoplane" plot --help
expect 0 "the information plane" "$infoplane" plot --list
expect 2 "expected the folder of an experiment or run files" "$infoplane" plot
expect 1 "no run files" "$infoplane" plot "$folder/empty"
expect 1 "$folder/missing" "$infoplane" plot "$folder/missing"
expect 1 "$folder/text.h5" "$infoplane" plot "$folder/text.h5"
expect 2 "did you mean snapshots?" "$infoplane" plot "$folder/text.h5" --figure snapshot
expect 2 "'bmp'" "$infoplane" plot "$folder/text.h5" --format bmp
expect 2 "--figure needs a value" "$infoplane" plot "$folder/text.h5" --figure
[ ! -e "$folder/figures" ] || { echo "FAILED: a folder for figures was made without any"; failures=$((failures + 1)); }
exit $failures
