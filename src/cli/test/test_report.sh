#!/bin/sh
# infoplane report as a user meets it: a page of a small experiment, and mistakes.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

"$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o "$dir/x" --set training.epochs=3 --set log.count=3 \
  --set repeats=2 --set figures=[] >/dev/null 2>&1 || fail "the experiment did not run"
"$infoplane" report "$dir/x" >"$dir/said" 2>&1 || fail "no report: $(cat "$dir/said")"
[ "$(cat "$dir/said")" = "$dir/x/report.html" ] || fail "the path of the page is not what was printed: $(cat "$dir/said")"
grep -q '<h1>quickstart</h1>' "$dir/x/report.html" || fail "the page has no name"
grep -q 'repeats: 2' "$dir/x/report.html" || fail "the page has no configuration"
grep -q 'figure id="plane"' "$dir/x/report.html" || fail "the page has no plane"
"$infoplane" report "$dir/x" -o "$dir/again.html" >/dev/null || fail "no second report"
cmp "$dir/x/report.html" "$dir/again.html" || fail "equal results made other pages"
"$infoplane" report >/dev/null 2>&1
[ $? = 2 ] || fail "no folder was given and it did not exit with 2"
"$infoplane" report "$dir/none" >/dev/null 2>&1
[ $? = 1 ] || fail "a missing folder did not exit with 1"
exit $failures
