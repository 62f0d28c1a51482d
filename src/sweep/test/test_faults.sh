#!/bin/sh
# Every write, fsync, rename, open, mkdir, unlink, ftruncate, flock, fork, thread, exec and pipe of a small sweep fails
# once: the sweep goes on or ends with one clear error, and the same command afterwards ends with the right files.
# INFOPLANE_FAULTS: how many of each kind and error (default 2, evenly spaced, and 1 with sanitizers, which take twice as
# long); scripts/faults does it for every call.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
fail_call=$INFOPLANE_BUILD/fail_call
command -v h5diff >/dev/null && [ -x "$fail_call" ] || { echo "no h5diff or no fail_call"; exit 77; }
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # it cannot look for leaks in a traced process
most=2
grep -q '^IP_SANITIZE:STRING=.' "$INFOPLANE_BUILD/CMakeCache.txt" && most=1
most=${INFOPLANE_FAULTS:-$most}

cat >sweep.yaml <<'END'
name: sweep
network: {hidden: [3, 2]}
training: {epochs: 60, batch_size: 512}
log: {schedule: every, every: 20}
estimators: [edges]
figures: []
sweep:
  network.activation: [tanh, relu]
END

"$infoplane" run sweep.yaml -o plain --jobs 1 2>log || { echo "the sweep in peace: $(cat log)"; exit 1; }
"$fail_call" -o count write 0 0 "$infoplane" run sweep.yaml -o counted --jobs 1 2>log
[ $? != 125 ] || { cat log; exit 77; }

same() { # DIR: it has the files of the sweep in peace, and nothing else
  for file in plain/runs/*.h5; do
    h5diff --exclude-path /provenance "$file" "$1/runs/${file##*/}" >diff 2>&1 || return 1
  done
  cmp -s plain/summary.csv "$1/summary.csv" && cmp -s plain/runs.csv "$1/runs.csv" &&
    h5diff plain/grid.h5 "$1/grid.h5" >diff 2>&1 && [ "$(ls "$1" "$1/runs")" = "$(ls plain plain/runs | sed "s|^plain|$1|")" ]
}

# try KIND N ERROR NAME
try() {
  rm -rf broken
  timeout 120 "$fail_call" -o count "$1" "$2" "$3" "$infoplane" run sweep.yaml -o broken --jobs 1 >out 2>log
  got=$?
  what="$1 $2 ($4)"
  read -r _ failed <count || failed=0
  trials=$((trials + failed))
  case $got in
    0) ;;
    1 | 2 | 3) # 3: the disk is full
      grep -q "^infoplane: \|: failed: \|killed again" log || fail "$what: no error: $(cat log)"
      told=$((told + 1))
      ;;
    *) fail "$what: exit $got: $(tail -3 log)" ;;
  esac
  [ "$got" != 0 ] || same broken || fail "$what: exit 0, but the files differ: $(ls broken broken/runs) $(cat diff)"
  "$infoplane" run sweep.yaml -o broken --jobs 1 >out 2>log || fail "$what: the same command afterwards: $(tail -3 log)"
  same broken || fail "$what: the files differ after the same command: $(ls -a broken broken/runs) $(cat diff)"
}

# every KIND ERROR NAME: the n-th for evenly spaced n
every() {
  rm -rf counted
  "$fail_call" -o count "$1" 0 0 "$infoplane" run sweep.yaml -o counted --jobs 1 >out 2>&1
  read -r total _ <count
  step=$(((total + most - 1) / most))
  [ "$step" -ge 1 ] || step=1
  trials=0 told=0 n=$(((step + 1) / 2))
  while [ "$n" -le "$total" ]; do
    try "$1" "$n" "$2" "$3"
    n=$((n + step))
  done
  echo "$1 $3: $trials of $total calls failed; $told times the sweep ended with an error, $((trials - told)) times it went on"
  [ "$trials" -ge 1 ] || fail "$1 $3: no call failed"
}

ENOSPC=28 EIO=5 EDQUOT=122 EINTR=4 EACCES=13 EMFILE=24 EAGAIN=11 ENOMEM=12 ENOENT=2
every write $ENOSPC ENOSPC
every write $EIO EIO
every write $EDQUOT EDQUOT
every write $EINTR EINTR
every write 0 short
every sync $EIO EIO
every rename $EACCES EACCES
every rename $ENOSPC ENOSPC
every open $EMFILE EMFILE
every open $ENOSPC ENOSPC
every open $EINTR EINTR
every mkdir $EACCES EACCES
every unlink $EIO EIO
every truncate $ENOSPC ENOSPC
every lock $EINTR EINTR
every fork $EAGAIN EAGAIN
every thread $EAGAIN EAGAIN
every exec $ENOENT ENOENT
every exec $ENOMEM ENOMEM
every pipe $EMFILE EMFILE
exit $failures
