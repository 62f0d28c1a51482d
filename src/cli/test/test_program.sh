#!/bin/sh
# The program as a user meets it: help, versions, and mistakes on the command line.
set -u
infoplane=$INFOPLANE_BUILD/infoplane
failures=0

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

expect 0 "usage: infoplane COMMAND" "$infoplane" --help
expect 0 "infoplane 0." "$infoplane" --version
expect 2 "no command was given" "$infoplane"
expect 2 "there is no command 'frobnicate'" "$infoplane" frobnicate
exit $failures
