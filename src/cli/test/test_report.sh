#!/bin/sh
# infoplane report as a user meets it: a page of a small experiment, and mistakes.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

"$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o "$dir/x" --set training.epochs=3 --set log.count=3 \
  --set repeats=2 --set figures=[] >/dev/null 2>&1 || fail "the experiment did not run"
"$infoplane" report "$dir/x" >"$dir/said" 2>&1 || fail "no report: $(cat "$dir/said")"
[ "$(cat "$dir/said")" = "$dir/x/report.html" ] || fail "the path of the page is not what was printed: $(cat "$dir/said")"
grep -q '<h1>quickstart</h1>' "$dir/x/report.html" || fail "the page has no name"
grep -q 'repeats: 2' "$dir/x/report.html" || fail "the page has no configuration"
grep -q 'figure id="figure-plane"' "$dir/x/report.html" || fail "the page has no plane"
grep -q '<p class="lead">A first look at the information plane</p>' "$dir/x/report.html" || fail "the page has no description"
grep -q '<strong>Layer 5 (3 tanh)</strong>: I(X;T) ' "$dir/x/report.html" || fail "the page has no finding on layer 5"
"$infoplane" report "$dir/x" -o "$dir/again.html" >/dev/null || fail "no second report"
cmp "$dir/x/report.html" "$dir/again.html" || fail "equal results made other pages"
"$infoplane" report >/dev/null 2>&1
[ $? = 2 ] || fail "no folder was given and it did not exit with 2"
"$infoplane" report "$dir/none" >/dev/null 2>&1
[ $? = 1 ] || fail "a missing folder did not exit with 1"
# A run without estimates: named on the page; without any: the figures are named on standard error.
mkdir -p "$dir/some/runs"
"$infoplane" train "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o "$dir/some/runs/bare.h5" --set training.epochs=3 \
  --set log.count=3 --set repeats=1 >/dev/null 2>&1 || fail "no run without estimates"
"$infoplane" report "$dir/some" >/dev/null 2>"$dir/said" || fail "no report without estimates: $(cat "$dir/said")"
grep -q '^plane: left out: ' "$dir/said" || fail "it was not said that the plane is left out: $(cat "$dir/said")"
grep -q '<li>Figure plane: ' "$dir/some/report.html" || fail "the page does not say that the plane is left out"
cp "$dir/x/runs/"*seed=1*.h5 "$dir/some/runs" || fail "no run to copy"
"$infoplane" report "$dir/some" >/dev/null 2>&1 || fail "no report of two runs"
grep -q '<li>1 of 2 runs has no estimates by edges .*: bare.h5' "$dir/some/report.html" || fail "bare.h5 is not named"
grep -q 'figure id="figure-plane"' "$dir/some/report.html" || fail "the plane of the other run was not drawn"
# runs/ without a finished run: the tables beside it are not run files.
mkdir "$dir/x/kept" && mv "$dir/x/runs/"*.h5 "$dir/x/kept"
expect 1 "x/runs: no run files (*.h5) yet" "$infoplane" report "$dir/x"
expect 1 "x/runs: no run files (*.h5) yet" "$infoplane" plot "$dir/x"

# Sizes: what does not fit is left out and named; a size that is none is a mistake of the command line.
cp "$dir/x/kept/"*.h5 "$dir/x/runs" || fail "no runs again"
"$infoplane" report "$dir/x" --max-size 200k -o "$dir/small.html" >/dev/null 2>"$dir/said" || fail "no small page: $(cat "$dir/said")"
[ "$(wc -c <"$dir/small.html")" -le 200000 ] || grep -q 'nothing more' "$dir/said" || fail "the page is too large and does not say so"
grep -q '^left out to keep the page small: ' "$dir/said" || fail "it was not said what was left out: $(cat "$dir/said")"
expect 0 "x/report.html" "$infoplane" report "$dir/x" --max-size 1000M
for size in 3G 0 -1 1.5M x 99999999999 1001M 1000000001 1000001k ""; do
  expect 2 "expected a size up to 1000M" "$infoplane" report "$dir/x" --max-size "$size"
done
"$infoplane" report "$dir/x" --static -o "$dir/static.html" >/dev/null 2>&1 || fail "no static page"
grep -q '<script' "$dir/static.html" && fail "a static page has a script"

# Verdicts on claims that use the experiment: results/claims beside its directory, experiments/claims in the current one.
mkdir -p "$dir/p/experiments/claims" "$dir/p/results" && cd "$dir/p" || exit 1
printf 'dataset: {name: sphere}\nnetwork: {hidden: [3]}\ntraining: {epochs: 3}\nlog: {count: 3, final: true}\n' >experiments/tiny.yaml
cat >experiments/claims/own.yaml <<'YAML'
claim: own
paper: Nobody 2026
statement: The loss </script> decreases.
experiment: experiments/tiny.yaml
seeds: {first: 1, looks: [3]}
layers: none
parts: {learns: mean(first(train_loss) - last(train_loss)) > 0}
verdict: learns
YAML
"$infoplane" claims run own -j1 >"$dir/said" 2>&1 || fail "the claim was not run: $(cat "$dir/said")"
"$infoplane" run experiments/tiny.yaml -o results/tiny --set repeats=1 --set figures=[] >/dev/null 2>&1 || fail "tiny did not run"
for folder in results/tiny results/claims/own/main; do
  "$infoplane" report $folder -o page.html >"$dir/said" 2>&1 || fail "no page of $folder: $(cat "$dir/said")"
  grep -q '"claims":\[{"claim": "own",' page.html || fail "the page of $folder has no claim"
  grep -q '"statement": "The loss \\u003c/script> decreases."' page.html || fail "the statement of the claim in $folder is not escaped"
done
exit $failures
