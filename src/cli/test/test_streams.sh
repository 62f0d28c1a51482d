#!/bin/sh
# Results that cannot be printed are a failure of every command; names that look like options stay names.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

"$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o small --set training.epochs=3 --set log.count=3 \
  --set repeats=2 --set figures=[] >/dev/null 2>&1 || fail "the experiment did not run"
printf '0.5 0.5\n' >p.csv

# refused COMMAND...: it prints; with standard output full, or closed, it says so and exits with 1
refused() {
  [ -n "$("$infoplane" "$@" 2>/dev/null)" ] || fail "$* prints nothing"
  expect 1 "cannot write to standard output" full "$@"
  expect 1 "cannot write to standard output" closed "$@"
}
full() { "$infoplane" "$@" 2>&1 >/dev/full; }
closed() { "$infoplane" "$@" 2>&1 >&-; }

refused --version
refused --help
refused plot --help
refused plot --list
refused plot small --terminal -f plane
refused plot small -f loss
refused report small
refused status small
refused status small --json
refused estimate --list
refused curve bsc:0.1
refused curve bsc:0.1 --json
refused measure p.csv
refused data sphere
refused run --help-keys

# A closed standard output is no place for the files that the program opens.
"$infoplane" plot small -f loss -o figures >&- 2>/dev/null
[ "$(head -c 5 figures/loss.svg)" = "<?xml" ] || fail "the figure is not what it should be"
cmp -s figures/loss.svg small/figures/loss.svg || fail "a closed output changed the figure"

# Nor is a closed standard error, or input: the lock has its owner and nothing else.
for closed in '2>&-' '<&-' '>&- 2>&-' '<&- >&- 2>&-'; do
  rm -rf quiet
  eval "\"\$infoplane\" run \"\$INFOPLANE_SOURCE/experiments/quickstart.yaml\" -o quiet --set training.epochs=3 \
    --set log.count=3 --set repeats=1 --set figures=[] >out 2>log $closed"
  [ "$(sed 's/^[0-9][0-9]* [^ ][^ ]*$/owner/' quiet/.lock)" = owner ] || fail "with $closed: .lock is $(cat quiet/.lock)"
  h5diff --exclude-path /provenance small/runs/seed=1.h5 quiet/runs/seed=1.h5 >diff 2>&1 || fail "with $closed: $(cat diff)"
done

# Folders and files whose names begin with a dash.
cp "$INFOPLANE_SOURCE/experiments/quickstart.yaml" ./-e.yaml
set -- --set training.epochs=3 --set log.count=3 --set repeats=2 --jobs 2
expect 0 "-out/figures/plane.svg" "$infoplane" run "$@" -o -out -- -e.yaml
[ -e ./-out/runs/seed=2.h5 ] || fail "the runs are not in -out"
expect 0 "2" "$infoplane" status -- -out
expect 0 "-out/figures/plane.svg" "$infoplane" plot -f plane -- -out
expect 0 "-figures/plane.svg" "$infoplane" plot -f plane -o -figures -- -out
expect 0 "layers A, B" env COLUMNS=70 LINES=20 "$infoplane" plot -f plane --terminal -o -figures -- -out
expect 0 "-out/report.html" "$infoplane" report -- -out
expect 0 "-page.html" "$infoplane" report -o -page.html -- -out
cp ./-out/runs/seed=1.h5 ./-run.h5
expect 0 "" "$infoplane" estimate -e width -- -run.h5
expect 0 "" "$infoplane" gather -- -out
exit $failures
