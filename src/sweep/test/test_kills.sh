#!/bin/sh
# kill -9 at many moments, of workers and of the parent: what is done in the end equals a sweep that was left in peace.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
command -v h5diff >/dev/null || { echo "no h5diff"; exit 77; }

die() {
  fail "$@"
  exit 1
}

cat >sweep.yaml <<'EOF'
name: sweep
repeats: 2
network: {hidden: [6, 4]}
training: {epochs: 4000, batch_size: 64}
log: {schedule: every, every: 80}
estimators: [edges, "width:size=0.5"]
figures: []
sweep:
  network.activation: [tanh, relu]
EOF

"$infoplane" run sweep.yaml -o plain --jobs 2 2>log || die "the sweep in peace: $(cat log)"

same() {
  for file in plain/runs/*.h5; do
    h5diff --exclude-path /provenance "$file" "$1/runs/${file##*/}" || die "$file differs after kills"
  done
  [ "$(ls "$1/runs" | wc -l)" = "$(ls plain/runs | wc -l)" ] || die "rests in $1/runs: $(ls "$1/runs")"
  cmp plain/summary.csv "$1/summary.csv" || die "summary.csv differs after kills"
  h5diff plain/grid.h5 "$1/grid.h5" || die "grid.h5 differs after kills"
}

# Workers are children of the parent: infoplane worker DIR POINT.
worker_of() {
  for stat in /proc/[0-9]*/stat; do
    { read -r pid _ _ ppid _ <"$stat"; } 2>/dev/null || continue
    [ "$ppid" = "$1" ] && echo "$pid" && return
  done
}

wanted=24 kills=0 of_workers=0 of_parents=0 turn=0 round=0
while [ $kills -lt $wanted ]; do
  round=$((round + 1))
  [ $round -le 200 ] || die "only $kills kills in $round rounds"
  while :; do
    turn=$((turn + 1))
    "$infoplane" run sweep.yaml -o "broken$round" --jobs 2 2>log &
    parent=$!
    # 0.03 s to 0.5 s, in an order that only looks random
    sleep "0.$(printf %02d $((turn * 37 % 48 + 3)))"
    if [ $((turn % 2)) = 0 ]; then
      worker=$(worker_of $parent)
      [ -n "$worker" ] && kill -9 "$worker" 2>/dev/null && kills=$((kills + 1)) && of_workers=$((of_workers + 1))
      sleep "0.$(printf %02d $((turn * 53 % 30 + 1)))"
    fi
    kill -9 $parent 2>/dev/null && kills=$((kills + 1)) && of_parents=$((of_parents + 1))
    wait $parent 2>/dev/null
    ended=$?
    if [ $ended != 137 ] || [ $kills -ge $wanted ]; then break; fi
  done
  "$infoplane" run sweep.yaml -o "broken$round" --jobs 2 2>log || die "going on after kills: $(cat log)"
  same "broken$round"
done
echo "$kills kills, $of_workers of workers and $of_parents of parents, in $round sweeps"
[ $of_workers -ge 4 ] && [ $of_parents -ge 10 ] || die "too few kills of one kind"
