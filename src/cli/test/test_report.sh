#!/bin/sh
# infoplane report as a user meets it: a page of a small experiment, and mistakes.
set -u
infoplane=$INFOPLANE_BUILD/infoplane
failures=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

"$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o "$folder/x" --set training.epochs=3 --set log.count=3 \
  --set repeats=2 --set figures=[] >/dev/null 2>&1 || fail "the experiment did not run"
"$infoplane" report "$folder/x" >"$folder/said" 2>&1 || fail "no report: $(cat "$folder/said")"
[ "$(cat "$folder/said")" = "$folder/x/report.html" ] || fail "the path of the page is not what was printed: $(cat "$folder/said")"
grep -q '<h1>quickstart</h1>' "$folder/x/report.html" || fail "the page has no name"
grep -q 'repeats: 2' "$folder/x/report.html" || fail "the page has no configuration"
grep -q 'figure id="plane"' "$folder/x/report.html" || fail "the page has no plane"
"$infoplane" report "$folder/x" -o "$folder/again.html" >/dev/null || fail "no second report"
cmp "$folder/x/report.html" "$folder/again.html" || fail "equal results made other pages"
"$infoplane" report >/dev/null 2>&1
[ $? = 2 ] || fail "no folder was given and it did not exit with 2"
"$infoplane" report "$folder/none" >/dev/null 2>&1
[ $? = 1 ] || fail "a missing folder did not exit with 1"
exit $failures
