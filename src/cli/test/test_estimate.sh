#!/bin/sh
# infoplane estimate as a user meets it: what it lists, what it refuses before the first file, and interruptions.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

cat >small.yaml <<'END'
name: small
network: {hidden: [4]}
training: {epochs: 2, batch_size: 256}
log: {schedule: list, list: [0, 2]}
estimators: [edges]
figures: []
END
"$infoplane" run small.yaml -o out >log 2>&1 || fail "infoplane run: $(cat log)"
run=$(ls out/runs/*.h5)

# The list tells every choice, the default first.
expect 0 "range=epoch|run|fixed" "$infoplane" estimate --list
expect 0 "correction=none|miller_madow|grassberger|chao_shen|jackknife|chao_wang_jost|shrinkage|nsb" "$infoplane" estimate --list
expect 0 "/cka_next [fraction]  linear CKA with the next layer" "$infoplane" estimate --list

# Wrong words are found before any file is opened.
expect 2 "--measure geometri: error: unknown measure 'geometri'; did you mean 'geometry'?" \
  "$infoplane" estimate nothing.h5 -m geometri
expect 2 "measure hsic: s: expected a number from 1e-06 to 1000000, got '0'" "$infoplane" estimate nothing.h5 -m hsic:s=0
expect 2 "measure geometry takes no parameters, got 'k'" "$infoplane" estimate nothing.h5 -m geometry:k=2
expect 2 "did you mean kde_upper, kde_lower?" "$infoplane" estimate nothing.h5 -e kde
expect 2 "noise_variance: expected a number from 1e-30 to 1e+30, got '-1'" \
  "$infoplane" estimate nothing.h5 -e kde_upper:noise_variance=-1
expect 2 "--bootstrap: expected 0 or at least 2" "$infoplane" estimate nothing.h5 -e edges --bootstrap 1
expect 2 "infoplane estimate: --null was renamed to --null-shuffles" "$infoplane" estimate nothing.h5 --null 5
expect 2 "noise=spread was renamed to noise=variance" "$infoplane" estimate nothing.h5 -e kde_lower:noise=spread
expect 2 "--threads, --seed and --samples: expected 0 or more" "$infoplane" estimate nothing.h5 -e edges --seed -1
expect 2 "--split: got 'tets', expected all, train or test" "$infoplane" estimate nothing.h5 -e edges --split train,tets
expect 2 "--split: 'test' is given twice" "$infoplane" estimate nothing.h5 -e edges --split test --split train,test
expect 2 "expected a number in (0, 1), got 1" "$infoplane" estimate nothing.h5 -e edges --level 1

# What an estimator lacks is named, with the object that would hold it; the file stays as it is.
before=$(sha256sum <"$run")
expect 1 "noisy: needs a network trained with noise on its units" "$infoplane" estimate "$run" -e noisy
expect 1 "k = 5000 neighbours need more than 5000 samples, got 4096" "$infoplane" estimate "$run" -e ksg:k=5000

# Measures are added beside what the file has, and the file is otherwise the same.
cp "$run" measured.h5
cp "$run" sides.h5
expect 0 "edges@test: layer 1 saturated at every logged epoch: I(X;T) is at its limit for 100 samples" \
  "$infoplane" estimate sides.h5 -e edges --split train,test --samples 100
h5dump -H sides.h5 | grep -q 'GROUP "edges@train"' || fail "no estimates of the training samples"
expect 0 "" "$infoplane" estimate measured.h5 -m geometry -m hsic:max_samples=100
h5diff "$run" measured.h5 /information /information || fail "estimates changed"
h5dump -n measured.h5 | grep -q "/measures/hsic:max_samples=100/nhsic_x" || fail "no series of the measure hsic"
h5dump -a /measures/geometry/missing_cka_next_reason measured.h5 | grep -q "layer 2: no layer follows" ||
  fail "no reason for cka_next of the last layer"

# What bins lose of the network's prediction is there if somebody asks, here and in the tables of a run.
cp "$run" lost.h5
expect 0 "" "$infoplane" estimate lost.h5 -e width:size=2 --bin-loss
h5dump -n lost.h5 | grep -q "/information/width:size=2/bin_loss" || fail "no series bin_loss"
h5dump -n "$run" | grep -q "bin_loss" && fail "bin_loss that nobody asked for"
"$infoplane" run small.yaml --set estimate.bin_loss=true --set estimators=[width:size=2] -o lost >log 2>&1 ||
  fail "infoplane run with bin_loss: $(cat log)"
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
  NR > 1 { n++; ok += $at["bin_loss_final"] >= 0 && $at["bin_loss_final"] != "nan" && $at["ixt_given_y_final"] != "nan" &&
    $at["ixt_fraction_final"] <= 1 && $at["ity_fraction_final"] <= 1 && $at["lossy_bins_epochs"] != "nan" }
  END { exit !(n == 2 && ok == 2) }' lost/runs.csv || fail "runs.csv lacks bin_loss: $(cat lost/runs.csv)"
h5dump -d /bin_loss_final lost/grid.h5 | grep -q "nan" && fail "grid.h5 lacks bin_loss"

: >lone.npy
expect 1 'lone.npy: one array without labels; numpy.savez("lone.npz", layer=t, y=y) saves' "$infoplane" estimate lone.npy -e edges

# The estimators of the configuration come with its intervals.
"$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o own --set repeats=1 --set training.epochs=3 \
  --set log.count=3 --set figures=[] --set measures=[geometry] --set estimate.bootstrap=20 >log 2>&1 || fail "no run: $(cat log)"
expect 0 "" "$infoplane" estimate own/runs/*.h5
h5dump -a /information/edges/bootstrap own/runs/*.h5 | grep -q '(0): 20' || fail "the intervals of the configuration are lost"

# An interruption leaves the file that was there, and a request to stop nothing else either.
for signal in TERM KILL; do
  "$infoplane" estimate "$run" -e renyi:max_samples=2000 >log 2>&1 &
  sleep 0.5
  kill -$signal $! 2>kill.log
  wait $! 2>kill.log
  [ $? -ne 0 ] || fail "estimate went on after SIG$signal: $(cat log)"
done
[ "$before" = "$(sha256sum <"$run")" ] || fail "the run file has changed"
absent "$run.new"

exit $failures
