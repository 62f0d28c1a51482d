#!/bin/sh
# The plot scripts find the columns of a table by name: with another column in front, and with columns in another order,
# every figure is the same to the last byte; a table that lacks a column is refused with its name.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
command -v gnuplot >/dev/null || { echo "gnuplot is not installed (gnuplot-nox)"; exit 77; }
plot=$INFOPLANE_SOURCE/scripts/plot
results=$INFOPLANE_SOURCE/scripts/results

# wider: a column "extra" in front of the table, with the word "x" in every row; empty lines stay empty
wider() { awk -F '\t' 'NR == 1 { print "extra\t" $0; next } NF { print "x\t" $0; next } { print }' "$1"; }

# turned: the columns of the table in the opposite order
turned() { awk -F '\t' '{ for (i = NF; i > 0; i--) printf "%s%s", $i, (i > 1 ? "\t" : ""); print "" }' "$1"; }

# check SCRIPT TABLE FORMAT
check() {
  name=$(basename "$2" .tsv)
  wider "$2" >wider.tsv
  turned "$2" >turned.tsv
  column=$(sed -n 's/^columns = "\([a-z_]*\).*/\1/p' "$1")
  sed "1s/$column/other/" "$2" >lacking.tsv
  for table in "$2" wider.tsv turned.tsv; do
    rm -f out."$3"
    gnuplot -c "$1" "$table" out."$3" "$3" >said 2>&1 || fail "$name: $(basename "$1") with $table: $(cat said)"
    if [ "$table" = "$2" ]; then mv out."$3" first; continue; fi
    cmp first out."$3" || fail "$name: $(basename "$1") draws $table differently"
  done
  expect 1 "lacking.tsv: no column '$column'" gnuplot -c "$1" lacking.tsv out."$3" "$3"
}

small="--set training.epochs=6 --set log.count=3 --set repeats=2 --set figures=[]"
"$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" $small --set log.keep=all --set dataset.labels=soft \
  --set 'estimators=[edges, "width:size=0.5"]' --set measures=[geometry,probe] -o one >/dev/null 2>&1 || fail "the experiment did not run"
printf '%s\n' 'sweep:' '  network.hidden: [[3], [4, 3]]' '  training.beta: [0.01, 0.1]' >sweep.yaml
"$infoplane" run sweep.yaml $small --set training.objective=vib --set dataset.labels=soft --set training.optimizer=adam \
  --set 'estimators=[edges]' -o two >/dev/null 2>&1 || fail "the sweep did not run"
printf '%s\n' 'sweep:' '  dataset.train_fraction: [0.2, 0.5]' >data.yaml
"$infoplane" run data.yaml $small --set 'estimators=[edges]' -o three >/dev/null 2>&1 || fail "the sweep did not run"

figures=$("$infoplane" plot --list | sed 's/^ *//; s/ .*//')
[ "$(echo "$figures" | wc -l)" -ge 14 ] || fail "expected at least 14 figures, got: $figures"
for figure in $figures; do
  table=
  for experiment in one two three; do
    "$infoplane" plot $experiment -f "$figure" -o tables >/dev/null 2>&1 && table=tables/$figure.tsv && break
  done
  [ -f "$table" ] || { fail "no experiment here has the figure $figure"; continue; }
  format=svg
  [ "$figure" != movie ] || format=gif
  case $figure in depth | estimators) script=plane ;; *) script=$figure ;; esac
  check "$plot/$script.gp" "$table" $format
done
"$infoplane" curve sphere --set dataset.labels=soft -o tables >/dev/null 2>&1
check "$plot/curve.gp" tables/figures/curve.tsv svg
check "$plot/calibration.gp" "$INFOPLANE_SOURCE/results/figures/calibration.tsv" svg
check "$plot/accuracy.gp" "$INFOPLANE_SOURCE/results/figures/accuracy.tsv" svg
check "$results/against-beta.gp" "$INFOPLANE_SOURCE/results/figures/nib-mnist.tsv" svg
check "$results/under-curve.gp" "$INFOPLANE_SOURCE/results/figures/nib-mnist-plane.tsv" svg
exit $failures
