#!/bin/sh
# infoplane calibrate: tables, JSON, the check against documented bias, the figure, and wrong command lines.
set -u
infoplane=$INFOPLANE_BUILD/infoplane
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
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

expect 0 'I(X;T) = 0.531004' "$infoplane" calibrate --list
expect 0 'I(T;Y)  exact                               50' "$infoplane" calibrate -t bsc -e exact -n 50 -r 2
expect 0 '"truth_bits": 0.8' "$infoplane" calibrate -t bec -e exact -n 50 -r 2 --json
expect 0 '' "$infoplane" calibrate -t bsc -t uniform -e exact -e ksg -n 50 -n 100 -r 3 --check -o table.csv --figure figure.svg
[ "$(wc -l <table.csv)" = 17 ] || { echo "FAILED: table.csv has $(wc -l <table.csv) lines"; failures=$((failures + 1)); }
grep -q '^uniform,I(T;Y),ksg,100,3,0.85573' table.csv || { echo "FAILED: table.csv"; cat table.csv; failures=$((failures + 1)); }
grep -q '<svg' figure.svg && grep -q 'ksg' figure.svg || { echo "FAILED: figure.svg"; failures=$((failures + 1)); }
cp table.csv first.csv
expect 0 '' "$infoplane" calibrate -t bsc -t uniform -e exact -e ksg -n 50 -n 100 -r 3 -o table.csv
cmp table.csv first.csv || failures=$((failures + 1))

expect 2 "there is no calibration task 'bse' (did you mean bsc?)" "$infoplane" calibrate -t bse
expect 2 "no estimator is called 'kgs'" "$infoplane" calibrate -t bsc -e kgs
expect 2 "from 2 to 1000000, got '1e4'" "$infoplane" calibrate -n 1e4
expect 2 "expected a whole number from 2 to 100000, got 1" "$infoplane" calibrate -r 1
expect 2 "takes only options, got 'bsc'" "$infoplane" calibrate bsc
expect 2 "ending in .svg, .png or .pdf, got 'figure.gif'" "$infoplane" calibrate -t bsc -e exact -n 20 -r 2 --figure figure.gif
expect 1 "no estimate here has a documented bias" "$infoplane" calibrate -t bsc -e gaussian -n 20 -r 2 --figure new.svg
[ ! -e figure.gif ] && [ ! -e new.svg ] && [ ! -e new.tsv ] || { echo "FAILED: half a figure"; failures=$((failures + 1)); }
expect 1 "cannot" "$infoplane" calibrate -t bsc -e exact -n 20 -r 2 -o missing/table.csv
exit "$failures"
