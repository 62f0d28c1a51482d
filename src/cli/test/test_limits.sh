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
exit $failures
