#!/bin/sh
# A sweep on a real Slurm (one node, scripts/slurm-local.sh): a job array, a task that fails, the job behind it that
# gathers, submitting again; in the end the files are those of a local run.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
"$INFOPLANE_SOURCE/scripts/slurm-local.sh" start "$dir/cluster" 2 >"$dir/start" 2>&1 || {
  status=$?
  cat "$dir/start"
  exit $status
}
trap '"$INFOPLANE_SOURCE/scripts/slurm-local.sh" stop "$dir/cluster"; rm -rf "$dir"' EXIT
export SLURM_CONF="$dir/cluster/slurm.conf"

die() {
  fail "$@"
  tail -n 5 "$dir"/results/slurm/*.log "$dir"/cluster/*.log 2>/dev/null
  exit 1
}

# has FILE TEXT
has() {
  grep -q -- "$2" "$1" || die "'$2' is not in: $(cat "$1")"
}

wait_for_jobs() {
  for _ in $(seq 600); do
    [ -n "$(squeue --noheader 2>/dev/null)" ] || return 0
    sleep 0.2
  done
  die "jobs do not end: $(squeue)"
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

"$infoplane" run sweep.yaml -o plain --jobs 2 2>log || die "the local run: $(cat log)"

# A folder where a run wants to write its file: this task must fail, and no other.
mkdir -p results/runs/activation=relu_seed=2.h5.part
"$infoplane" run sweep.yaml -o results --slurm --jobs 2 -- --comment=trial >out 2>log || die "submitting: $(cat log)"
has out '4 runs in 4 tasks (finished and up to date: 0)'
has results/slurm/jobs.txt 'array [0-9]'
wait_for_jobs
"$infoplane" status results >out || die "status"
has out ' 3 done'
has out ' 1 failed'
has out 'failed: run 3, activation=relu_seed=2: .*relu_seed=2.h5.part'
has out 'COMPLETED'
has out 'FAILED'
has "$(ls results/slurm/*_gather.log)" '1 of 4 runs are missing'
[ "$(cut -d, -f1 results/runs.csv | sort -u | wc -l)" = 4 ] || die "the tables have not the header and three runs"

rmdir results/runs/activation=relu_seed=2.h5.part
"$infoplane" run sweep.yaml -o results --slurm >out 2>log || die "submitting again: $(cat log)"
has out '1 run in 1 task (finished and up to date: 3)'
wait_for_jobs
"$infoplane" status results --json >out || die "status --json"
has out '"done": 4'
has out '"failed": 0'
[ -s results/figures/plane.svg ] || die "no figure: $(ls results/figures)"

for file in plain/runs/*.h5; do
  h5diff --exclude-path /provenance "$file" "results/runs/${file##*/}" || die "$file differs"
done
cmp plain/summary.csv results/summary.csv || die "summary.csv differs"
h5diff plain/grid.h5 results/grid.h5 || die "grid.h5 differs"

# Nothing is left to do; and what sbatch refuses is told.
"$infoplane" run sweep.yaml -o results --slurm >out 2>log || die "submitting a finished sweep: $(cat log)"
has out 'finished: 4 of 4'
"$infoplane" run sweep.yaml -o other --slurm -- --partition=nowhere >out 2>log && die "a wrong partition was taken"
has log 'sbatch failed: .*partition'
"$infoplane" run sweep.yaml -o other --slurm --shard 1/2 2>log && die "--slurm with --shard was taken"
wait_for_jobs
exit 0
