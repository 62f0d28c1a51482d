#!/bin/sh
# A sweep on a real Slurm (one node, scripts/slurm-local.sh): a job array, a task that fails, the job behind it that
# gathers, submitting again; in the end the files are those of a local run.
set -u
infoplane=$INFOPLANE_BUILD/infoplane
dir=$(mktemp -d)
"$INFOPLANE_SOURCE/scripts/slurm-local.sh" start "$dir/cluster" 2 >"$dir/start" 2>&1 || {
  status=$?
  cat "$dir/start"
  rm -rf "$dir"
  exit $status
}
trap '"$INFOPLANE_SOURCE/scripts/slurm-local.sh" stop "$dir/cluster"; rm -rf "$dir"' EXIT
export SLURM_CONF="$dir/cluster/slurm.conf"
cd "$dir" || exit 1

fail() {
  echo "FAILED: $*"
  tail -n 5 "$dir"/results/slurm/*.log "$dir"/cluster/*.log 2>/dev/null
  exit 1
}

# expect TEXT FILE
expect() {
  grep -q -- "$1" "$2" || fail "'$1' is not in: $(cat "$2")"
}

wait_for_jobs() {
  for _ in $(seq 600); do
    [ -n "$(squeue --noheader 2>/dev/null)" ] || return 0
    sleep 0.2
  done
  fail "jobs do not end: $(squeue)"
}

cat >sweep.yaml <<'EOF'
name: sweep
repeats: 2
network: {hidden: [4, 3]}
training: {epochs: 12}
log: {schedule: every, every: 3}
estimators: [edges]
figures: [plane]
sweep:
  network.activation: [tanh, relu]
EOF

"$infoplane" run sweep.yaml -o plain --jobs 2 2>log || fail "the local run: $(cat log)"

# A folder where a run wants to write its file: this task must fail, and no other.
mkdir -p results/runs/activation=relu_seed=2.h5.part
"$infoplane" run sweep.yaml -o results --slurm --jobs 2 -- --comment=trial >out 2>log || fail "submitting: $(cat log)"
expect '4 runs in 4 tasks (0 finished runs are kept)' out
expect 'array [0-9]' results/slurm/jobs.txt
wait_for_jobs
"$infoplane" status results >out || fail "status"
expect ' 3 done' out
expect ' 1 failed' out
expect 'failed: run 3, activation=relu_seed=2: .*relu_seed=2.h5.part' out
expect 'COMPLETED' out
expect 'FAILED' out
expect '1 of 4 runs are missing' "$(ls results/slurm/*_gather.log)"
[ "$(cut -d, -f1 results/runs.csv | sort -u | wc -l)" = 4 ] || fail "the tables have not the header and three runs"

rmdir results/runs/activation=relu_seed=2.h5.part
"$infoplane" run sweep.yaml -o results --slurm >out 2>log || fail "submitting again: $(cat log)"
expect '1 runs in 1 tasks (3 finished runs are kept)' out
wait_for_jobs
"$infoplane" status results --json >out || fail "status --json"
expect '"done": 4' out
expect '"failed": 0' out
[ -s results/figures/plane.svg ] || fail "no figure: $(ls results/figures)"

for file in plain/runs/*.h5; do
  h5diff --exclude-path /provenance "$file" "results/runs/${file##*/}" || fail "$file differs"
done
cmp plain/summary.csv results/summary.csv || fail "summary.csv differs"
h5diff plain/grid.h5 results/grid.h5 || fail "grid.h5 differs"

# Nothing is left to do; and what sbatch refuses is told.
"$infoplane" run sweep.yaml -o results --slurm >out 2>log || fail "submitting a finished sweep: $(cat log)"
expect 'all 4 runs are finished' out
"$infoplane" run sweep.yaml -o other --slurm -- --partition=nowhere >out 2>log && fail "a wrong partition was taken"
expect 'sbatch failed: .*partition' log
"$infoplane" run sweep.yaml -o other --slurm --shard 1/2 2>log && fail "--slurm with --shard was taken"
wait_for_jobs
exit 0
