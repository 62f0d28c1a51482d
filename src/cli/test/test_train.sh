#!/bin/sh
# infoplane train and estimate as a user meets them: going on, runs that are there, places that cannot be written.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

cat >one.yaml <<'END'
network: {hidden: [4, 3]}
training: {epochs: 30, learning_rate: 0.01}
log: {count: 10}
END

expect 0 "30/30 epochs" "$infoplane" train one.yaml -o one.h5
absent one.h5.part one.h5.state
cp one.h5 kept.h5

# A finished run stays, whatever is asked for, until --force.
expect 0 "one.h5: already trained" "$infoplane" train one.yaml -o one.h5
expect 2 "use --force to replace it" "$infoplane" train one.yaml -o one.h5 --set training.epochs=10
cmp one.h5 kept.h5 || fail "a finished run was touched"
expect 0 "10/10 epochs" "$infoplane" train one.yaml -o one.h5 --set training.epochs=10 --force
expect 0 "30/30 epochs" "$infoplane" train one.yaml -o again.h5
h5diff --exclude-path /provenance kept.h5 again.h5 || fail "the same configuration gave other numbers"
echo "my notes" >notes.h5
expect 2 "notes.h5: exists" "$infoplane" train one.yaml -o notes.h5
[ "$(cat notes.h5)" = "my notes" ] || fail "a file of the user's was replaced"

# Found before the work, not after it.
mkdir folder
expect 1 "folder: is a directory; name a file" "$infoplane" train one.yaml -o folder
expect 1 "make its directory first" "$infoplane" train one.yaml -o none/one.h5
absent none folder.part
expect 2 "--estimator edgs: error: unknown estimator 'edgs'; did you mean" "$infoplane" estimate kept.h5 -e edgs
case "$output" in *epochs*) fail "estimating began: $output" ;; esac
if [ "$(id -u)" != 0 ]; then
  mkdir locked
  cp kept.h5 locked/
  chmod a-w locked
  expect 1 "Permission denied; choose a place you may write in" "$infoplane" estimate locked/kept.h5
  case "$output" in *epochs*) fail "estimating began: $output" ;; esac
fi

exit $failures
