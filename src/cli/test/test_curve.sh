#!/bin/sh
# infoplane curve: sources, what is printed and written, and mistakes a user makes.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

# the points of the reference, from every kind of source
expect 0 "           2     0.986024     0.842657         2" "$infoplane" curve sphere --set dataset.labels=soft --beta 1.05,2
expect 0 "unstable beta 1.081144" "$infoplane" curve sphere --set dataset.labels=soft --beta 2
expect 0 "inputs      4096, of 64 different p(y|x); 2 outcomes" "$infoplane" curve "$INFOPLANE_SOURCE/experiments/ib-curve-sphere.yaml" --beta 2
expect 0 "         100     1.956524     0.897024         6" "$infoplane" curve "$INFOPLANE_SOURCE/experiments/ib-curve-sphere.yaml" --beta 100
expect 0 "           2     0.696433     0.407234         2" "$infoplane" curve bsc:0.1 --beta 2
expect 0 "beta 1.5625" "$infoplane" curve bsc:0.1 --beta 1:2:lin5
expect 0 "           5     1.000000     0.800000         2" "$infoplane" curve bec:0.2 --beta 5
expect 0 "I(X;Y)      0.596323 bit" "$infoplane" curve gaussian:0.75 --beta 1:10:log4
expect 0 "critical beta 1.080480" "$infoplane" curve sphere --set dataset.labels=soft --beta 2
printf '0.2,0,0.2\n0,0,0.2\n0,0.2,0.2\n' >five.csv
expect 0 "         2.5     0.800000     0.400000         2" "$infoplane" curve five.csv --beta 1,2.5,10
expect 0 "          10     1.512903     0.570161         3" sh -c "'$infoplane' curve - --beta 10 <five.csv"
expect 0 "           3     0.970951     0.419973         2" "$infoplane" curve five.csv --alpha 0 --beta 3
# hard labels: beta / 2 nats
expect 0 "         0.5     0.360674     0.360674         3       yes" "$infoplane" curve sphere --squared --beta 0.5
expect 0 "           2     0.543807     0.255046         2" "$infoplane" curve gaussian:0.75 --squared --beta 1,2
expect 2 "has no lower bound when alpha is below 1" "$infoplane" curve gaussian:0.75 --alpha 0.5
# what belongs to the plain problem alone is not printed with the relatives
for relative in --squared "--alpha 0" "--alpha 0.5"; do
  "$infoplane" curve bsc:0.1 $relative --beta 1,3 >relative.txt || fail "bsc:0.1 $relative"
  grep -q "critical\|unstable" relative.txt && fail "bsc:0.1 $relative prints a critical beta"
  "$infoplane" curve bsc:0.1 $relative --beta 1,3 --json | grep -q '"unstable_beta": null' || fail "unstable_beta of $relative"
done
expect 0 '"ity_bits": 0.40723' "$infoplane" curve bsc:0.1 --beta 2 --json

# files
expect 0 "written to out: curve.csv, critical.csv, curve.h5" "$infoplane" curve five.csv --beta 1:10:log5 -o out --no-figure
[ "$(wc -l <out/curve.csv)" = 6 ] || fail "curve.csv has $(wc -l <out/curve.csv) lines"
absent out/figures out/curve.h5.part
if command -v gnuplot >/dev/null; then
  expect 0 "figures/curve.svg" "$infoplane" curve five.csv --beta 1:10:log5 -o drawn
  [ -s drawn/figures/curve.svg ] || fail "no figure"
fi
export INFOPLANE_GNUPLOT=/nowhere/gnuplot
expect 1 "install gnuplot" "$infoplane" curve five.csv --beta 2 -o undrawn
absent undrawn/figures/curve.svg
unset INFOPLANE_GNUPLOT

# mistakes: named, and nothing written
printf '0.5,0.5\n0.25,0\n' >sum.csv
printf '0.5,0.6\n-0.1,0\n' >negative.csv
printf '0.5,nan\n0.5,0\n' >nan.csv
printf '0.5,0.5\n0,0\n' >row.csv
expect 1 "sum.csv:1:1: the 4 cells from here sum to 1.25" "$infoplane" curve sum.csv -o bad
expect 1 "negative.csv:2:1: -0.1 is not a probability" "$infoplane" curve negative.csv -o bad
expect 1 "nan.csv:1:5: a missing value, 'nan'; expected a finite number" "$infoplane" curve nan.csv -o bad
expect 1 "row.csv:2:1: a line of zeros" "$infoplane" curve row.csv -o bad
expect 2 "beta 0: the bottleneck needs a finite beta above 0" "$infoplane" curve five.csv --beta 0 -o bad
expect 2 "beta -1" "$infoplane" curve five.csv --beta=-1:3:log4 -o bad
expect 2 "goes from 300 down to 1" "$infoplane" curve five.csv --beta 300:1:log40 -o bad
expect 2 "a probability is from 0 to 1" "$infoplane" curve bsc:2 -o bad
expect 2 "below 1" "$infoplane" curve gaussian:1 -o bad
expect 2 "infoplane curve: --bend was renamed to --tolerance" "$infoplane" curve five.csv --bend 0.1 -o bad
expect 2 "infoplane curve: --extra was renamed to --refine" "$infoplane" curve five.csv --extra=3 -o bad
expect 2 "--alpha: expected 0" "$infoplane" curve five.csv --alpha 2 -o bad
expect 2 "--squared goes with" "$infoplane" curve five.csv --alpha 0.5 --squared -o bad
expect 2 "--set goes with experiments" "$infoplane" curve five.csv --set seed=3 -o bad
expect 2 "infoplane curve: got 0 sources, expected one" "$infoplane" curve
expect 1 "did you mean 'sphere'?" "$infoplane" curve spere -o bad
printf '30,20\n10,40\n' >counts.csv
expect 1 "if these are counts, divide them by their sum" "$infoplane" curve counts.csv -o bad
expect 0 '"hy_bits": 0.998845' sh -c "printf '0.26,0.24\n0.26,0.24\n' >small.csv; '$infoplane' curve small.csv --beta 2 --json"
expect 0 '"different_inputs": 1' "$infoplane" curve small.csv --beta 2 --json
expect 0 '"outcomes": 2' "$infoplane" curve small.csv --beta 2 --json
expect 0 '"inputs": null' "$infoplane" curve gaussian:0.5 --beta 2 --json
expect 1 "missing.csv: cannot be opened" "$infoplane" curve missing.csv -o bad
expect 1 "real-valued targets" "$infoplane" curve linear_gaussian --set network.output=linear -o bad
: >empty.h5
expect 1 "empty.h5" "$infoplane" curve empty.h5 -o bad
absent bad
: >file
expect 1 "file" "$infoplane" curve five.csv --beta 2 -o file/out --no-figure
exit $failures
