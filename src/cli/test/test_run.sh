#!/bin/sh
# infoplane run as a user meets it: results, going on, refusals, shards, the same bits whatever the number of jobs.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

# same DIR DIR: the run files of both folders are equal, provenance apart
same() {
  for a in "$1"/runs/*.h5; do
    b=$2/runs/$(basename "$a")
    h5diff --exclude-path /provenance "$a" "$b" >diff.txt 2>&1 || fail "$a and $b differ: $(head -5 diff.txt)"
  done
}

cat >small.yaml <<'END'
name: small
repeats: 3
network: {hidden: [4, 3]}
training: {epochs: 30, batch_size: 512, learning_rate: 0.01}
log: {count: 10}
estimators: [edges, "width:size=0.07"]
figures: []
sweep:
  network.activation: [tanh, relu]
END

expect 0 "6 runs: 6 done now, 0 kept, 0 failed, 0 remaining" "$infoplane" run small.yaml -o one --jobs 1
[ "$(ls one/runs/*.h5 | wc -l)" = 6 ] || fail "expected 6 run files in one/runs"
ls one/runs/*.part 2>/dev/null && fail "a part was left behind"
[ -s one/experiment.yaml ] || fail "one/experiment.yaml is missing"
[ "$(grep -c done one/journal.tsv)" = 6 ] || fail "the journal does not tell of 6 runs"

expect 0 "6 runs: 6 done now" "$infoplane" run small.yaml -o two --jobs 2
same one two

expect 0 "6 runs: 0 done now, 6 kept" "$infoplane" run small.yaml -o one
expect 0 "0 kept" "$infoplane" run one/experiment.yaml -o again
same one again

# Finished runs stand: another configuration needs --force, a larger sweep does not.
expect 2 "training.learning_rate: 0.01 -> 0.02" "$infoplane" run small.yaml -o two --set training.learning_rate=0.02
# of many changed keys, twenty are listed
set -- --set training.learning_rate=0.02
for key in training.momentum=0.5 training.weight_decay=0.1 training.batch_size=64 training.epochs=31 training.warmup=1 training.shuffle=false \
  network.hidden=[5] network.output=linear network.initializer=zeros network.noise_variance=0.1 dataset.split=first \
  dataset.train_fraction=0.5 dataset.random_labels=0.1 dataset.max_train=100 dataset.max_test=100 dataset.scale=unit \
  dataset.gamma=11 dataset.theta=5 log.schedule=every log.every=3 training.optimizer=sgd; do
  set -- "$@" --set "$key"
done
"$infoplane" run small.yaml -o two "$@" >changes.txt 2>&1
case $(grep -c -- ' -> ' changes.txt) in 20) ;; *) fail "not 20 changed keys: $(cat changes.txt)" ;; esac
expect 0 "0 done now, 6 kept" "$infoplane" run small.yaml -o two
expect 0 "6 done now, 0 kept" "$infoplane" run small.yaml -o two --set training.learning_rate=0.02 --force
expect 0 "2 done now, 6 kept" "$infoplane" run small.yaml -o one --set repeats=4

# New estimators are run on the saved activations: nothing is trained again, nothing is refused.
expect 0 "6 done now, 0 kept" "$infoplane" run small.yaml -o again --set 'estimators=[edges, equal_mass]'
h5dump -n again/runs/*seed=1.h5 | grep -q '/information/equal_mass/ixt' || fail "equal_mass is missing in again"

# Shards make the same files as one process does.
expect 0 "2 runs: 2 done now" "$infoplane" run small.yaml -o shards --shard 1/3
expect 0 "2 runs: 2 done now" "$infoplane" run small.yaml -o shards --shard 2/3
expect 0 "2 runs: 2 done now" "$infoplane" run small.yaml -o shards --shard 3/3
"$infoplane" run small.yaml -o fresh >/dev/null 2>&1
same shards fresh
expect 2 "expected K/N" "$infoplane" run small.yaml -o shards --shard 4/3

# Data that are not there or do not fit are found before a folder is made, at the place in the file.
expect 1 "unknown dataset 'none.csv'" "$infoplane" run small.yaml -o nothing --set dataset.name=none.csv
expect 2 "training.batch_size: got 5000, expected at most 3276" "$infoplane" run small.yaml -o nothing --set training.batch_size=5000
absent nothing

# Tables and figures that were made from the runs that are there are not made again; whatever changed is.
expect 0 "kept/figures/loss.svg" "$infoplane" run small.yaml -o kept --set repeats=1 --set 'figures=[loss]'
states() { (cd kept && ls -i --time-style=full-iso -l ./*.csv grid.h5 figures/*); }
again() { # again WHAT: the same command makes the tables and figures again
  states >before.txt
  expect 0 "kept/figures/loss.svg" "$infoplane" run small.yaml -o kept --set repeats=1 --set 'figures=[loss]'
  states >after.txt
  cmp -s before.txt after.txt && fail "$1: nothing was made again"
  states >before.txt
  expect 0 "kept/figures/loss.svg" "$infoplane" run small.yaml -o kept --set repeats=1 --set 'figures=[loss]'
  expect 0 "2 runs: 0 done now, 2 kept" "$infoplane" run small.yaml -o kept --set repeats=1 --set 'figures=[loss]'
  states >after.txt
  cmp -s before.txt after.txt || fail "$1: made again although nothing changed"
}
for name in summary.csv runs.csv correlations.csv grid.h5 figures/loss.svg figures/loss.tsv; do
  rm kept/$name
  again "$name was removed"
  [ -s kept/$name ] || fail "$name was not made again"
done
echo changed >>kept/runs.csv
again "runs.csv was changed"
grep -q changed kept/runs.csv && fail "runs.csv was kept as it was changed"
"$infoplane" estimate kept/runs/*tanh*.h5 --estimator equal_mass >/dev/null 2>&1
again "a run file has more estimates"
grep -q equal_mass kept/runs.csv || fail "the new estimates are not in runs.csv"
rm kept/runs/*tanh*.h5
expect 0 "2 runs: 1 done now, 1 kept" "$infoplane" run small.yaml -o kept --set repeats=1 --set 'figures=[loss]'
grep -q equal_mass kept/runs.csv && fail "runs.csv is of a run file that was removed"
expect 0 "kept/figures/gradients.svg" "$infoplane" run small.yaml -o kept --set repeats=1 --set 'figures=[gradients]'
expect 0 "kept/figures/loss.png" "$infoplane" run small.yaml -o kept --set repeats=1 --set 'figures=[loss]' \
  --set figure_format=png
# A gather that fails or is interrupted leaves no stamp: here a figure cannot be drawn after the tables are made.
[ -e kept/.gathered ] || fail "a complete gather left no stamp"
expect 1 "" env INFOPLANE_GNUPLOT=false "$infoplane" gather kept
[ -e kept/.gathered ] && fail "a stamp was left by a gather that failed"
again "a gather failed"
# nor does one that made no figures: they may be older than its tables
expect 0 "" "$infoplane" gather kept --no-figures
[ -e kept/.gathered ] && fail "a stamp was left by a gather without figures"
again "figures were not gathered"

# A worker tells the epochs it has trained, and then the logged epochs it estimates.
rm one/runs/activation=tanh_seed=1.h5
expect 0 "+0/9" "$infoplane" worker one 0
echo "$output" | grep -qx '' || fail "the worker gives no sign of life: $output"

# Networks that did not learn are told of.
expect 0 "unfit: 2 of 2 networks failed to fit" "$infoplane" run small.yaml -o unfit --set repeats=1 \
  --set network.initializer=zeros
grep -q ',failed_to_fit,' unfit/runs.csv || fail "runs.csv does not mark them"

# A run that fails adds nothing to what is done: here the second dataset of the sweep is missing.
cat >gap.yaml <<'END'
network: {hidden: [4, 3]}
training: {epochs: 30, batch_size: 512}
log: {count: 10}
figures: []
sweep: {dataset.name: [sphere, none.csv]}
END
expect 1 "runs: 30/60 epochs" "$infoplane" run gap.yaml -o gap
case "$output" in *"

"*) fail "an empty line in: $output" ;; esac

# One process at a time.
mkdir -p held/runs
if command -v flock >/dev/null; then
  echo "4242 otherhost" >held/.lock
  flock held/.lock sleep 5 &
  sleep 0.3
  expect 4 "held by process 4242 on host otherhost" "$infoplane" run small.yaml -o held
  kill $! 2>/dev/null
fi

# What is going to happen.
expect 0 "6 runs; about" "$infoplane" run small.yaml -o plan --dry-run
expect 0 "activation=relu" "$infoplane" run small.yaml --dry-run
expect 0 "updates of the most expensive run with" "$infoplane" run small.yaml --dry-run
[ -e plan ] && fail "--dry-run made a folder"

# Mistakes.
expect 2 "got 0 configurations, expected one" "$infoplane" run
expect 2 "nowhere.yaml" "$infoplane" run nowhere.yaml
expect 2 "training.epochs: expected an integer, got '1e3'" "$infoplane" run small.yaml --set training.epochs=1e3
expect 2 "more than 1000000" "$infoplane" run small.yaml --set repeats=1000000
expect 0 "training.epochs" "$infoplane" run --help-keys
if [ "$(id -u)" != 0 ]; then
  mkdir locked && chmod 555 locked
  expect 1 "locked" "$infoplane" run small.yaml -o locked/x
fi
echo text >file
expect 1 "file" "$infoplane" run small.yaml -o file/x

exit $failures
