#!/bin/sh
# The program under limits of memory and processes, as batch systems set them, and with files that are not files.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

# a sanitizer reserves more than any limit allows
if (ulimit -v 400000 && OPENBLAS_NUM_THREADS=1 "$infoplane" --version) >/dev/null 2>&1; then
  for kilobytes in 150000 200000 400000; do
    expect 0 "infoplane" sh -c "unset OPENBLAS_NUM_THREADS; ulimit -v $kilobytes; timeout -k 1 20 '$infoplane' --version"
  done
fi

mkfifo pipe
cat >config.yaml <<'EOF'
dataset: {name: pipe}
network: {hidden: [3]}
training: {epochs: 1}
EOF
for command in "run pipe --dry-run" "run pipe" "train pipe -o q.h5" "data pipe" "estimate pipe --estimator edges" "plot pipe" "plot pipe -t" \
  "report pipe" "gather pipe" "measure pipe pipe" "curve pipe" "train config.yaml -o q.h5"; do
  # shellcheck disable=SC2086
  timeout -k 1 20 "$infoplane" $command >out 2>&1
  status=$?
  case $status in
    1 | 2) ;;
    *) fail "$command with a named pipe: exit status $status" ;;
  esac
  grep -q "pipe" out || fail "$command does not name the pipe: $(cat out)"
done
for name in a.csv a.h5 a.mat a.npz a.npy a.idx; do
  mkfifo $name
  timeout -k 1 20 "$infoplane" data $name >out 2>&1
  [ $? = 1 ] || fail "data $name, a named pipe, was not refused: $(cat out)"
done
# a pipe that the user passed is read, and the first signal ends the program that waits for it
printf '0.5,0.5\n' | expect 0 "" "$infoplane" measure -
mkfifo held
exec 3<>held
"$infoplane" measure - <held >out 2>&1 3>&- &
waiting=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
  sleep 0.1
  kill -TERM $waiting 2>/dev/null || break
done
wait $waiting 2>/dev/null
[ $? -gt 128 ] || fail "the program waited for a pipe although it was told to end"

# nor does the plan of a million runs go on to its end
"$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" --dry-run --set repeats=1000000 >plan 2>&1 &
waiting=$!
while [ ! -s plan ] && kill -0 $waiting; do sleep 0.1; done
kill -TERM $waiting
wait $waiting
[ $? = 130 ] || fail "a plan that was stopped: $(tail -n 1 plan)"
! grep -q "^999999" plan || fail "a plan went on after the signal to end"

# programs that hang: a limit, and a message
"$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o small --set training.epochs=2 --set log.count=2 \
  --set figures=[] >/dev/null 2>&1 || fail "the experiment did not run"
mkdir bin
printf '#!/bin/sh\nsleep 60\n' >bin/hangs
cp bin/hangs bin/squeue
cp bin/hangs bin/sacct
printf '#!/bin/sh\necho "MaxArraySize = 1001"\n' >bin/scontrol
printf '#!/bin/sh\nprintf "%%s\\n" "$@" >>"%s/sbatch.words"\necho 7\n' "$dir" >bin/sbatch
chmod +x bin/*
expect 1 "did not end within 0.3 s and was killed" env INFOPLANE_GNUPLOT="$dir/bin/hangs" INFOPLANE_GNUPLOT_SECONDS=0.3 \
  "$infoplane" plot small -f plane
[ -z "$(find small -name '*.part')" ] || fail "a half-drawn figure was left"

# a limit of file sizes is an error, not the end of the process
(ulimit -f 20 && "$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o large -j 1) >out 2>&1
[ $? = 1 ] || fail "a limit of file sizes: $(cat out)"
grep -q "File too large; raise the limit of file sizes (ulimit -f)" out || fail "a limit of file sizes is not told: $(cat out)"
! grep -q "killed" out || fail "a limit of file sizes killed a worker: $(cat out)"

# a text plot writes nothing into the results
rm -rf small/figures
expect 0 "I(X;T)" "$infoplane" plot small -t -f plane
absent small/figures
[ -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'infoplane-??????' -newer bin/sbatch 2>/dev/null)" ] || fail "a temporary directory was left"

# the name of a directory is no pattern of sbatch
expect 0 "" env PATH="$dir/bin:$PATH" "$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o "100%A %u" --slurm
grep -qF "/100%%A %%u/slurm/%A_%a.log" sbatch.words || fail "a percent sign reached sbatch: $(cat sbatch.words)"
expect 1 "backslash" env PATH="$dir/bin:$PATH" "$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o 'a\b' --slurm
expect 0 "did not end within 0.3 s" env PATH="$dir/bin:$PATH" INFOPLANE_SLURM_SECONDS=0.3 "$infoplane" status "100%A %u"
exit $failures
