#!/bin/sh
# Run files in every state, whose rows, lengths and texts infoplane wrote past the HDF5 library, as the library reads
# and changes them (h5dump, h5py): done, without activations, not fitted, of unknown length, killed, resumed.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
for python in /usr/bin/python3 python3; do
  "$python" -c 'import h5py, numpy' 2>/dev/null && break
done
"$python" -c 'import h5py, numpy' 2>/dev/null || { echo "no python3 with h5py"; exit 77; }
HDF5_USE_FILE_LOCKING=FALSE && export HDF5_USE_FILE_LOCKING

cat >done.yaml <<'EOT'
name: states
network: {hidden: [5, 3]}
training: {epochs: 12}
log: {schedule: list, list: [0, 3, 5, 12]}
estimators: [edges]
figures: []
EOT
sed 's/12]/12], keep: none/' done.yaml >none.yaml
sed 's/epochs: 12/epochs: 12, learning_rate: 1.0e-9/' done.yaml >failed.yaml
sed 's/epochs: 12/epochs: 8000/; s/schedule.*/schedule: every, every: 20}/' done.yaml >long.yaml
for f in done none failed; do
  "$infoplane" run $f.yaml -o $f 2>log || { cat log; exit 1; }
  mv $f/runs/*.h5 $f.h5
done
"$INFOPLANE_BUILD/example_write_run" unknown.h5 >/dev/null || fail "example_write_run"

# Killed after at least five logged epochs, then resumed
"$infoplane" train long.yaml -o long.h5 2>/dev/null &
pid=$!
n=0
while [ "$n" -lt 5 ] && kill -CONT $pid 2>/dev/null; do # it stands still while its file is read, however long that takes
  sleep 0.02
  kill -STOP $pid 2>/dev/null
  n=$(h5ls long.h5.part/epoch 2>/dev/null | sed -n 's/.*{\([0-9]*\).*/\1/p')
  n=${n:-0}
  [ "$n" -lt 400 ] || n=0 # room for all 401 epochs is made first
done
kill -9 $pid || fail "the run ended before it was killed"
wait $pid 2>/dev/null
cp long.h5.part killed.h5
"$infoplane" train long.yaml -o long.h5 2>log || { cat log; exit 1; }

cat >check.py <<'EOT'
import sys, h5py, numpy as np

def check(name, status, activations, n_epochs=None):
    """Everything that is to be there, and numbers in all of it."""
    with h5py.File(name) as f:
        assert f.attrs["status"] == status, (name, f.attrs["status"])
        epoch = f["epoch"][:]
        assert len(epoch) == n_epochs if n_epochs else len(epoch) >= 5, (name, epoch)
        assert (np.diff(epoch) > 0).all(), (name, epoch)
        ended = f["provenance"].attrs["ended"]
        assert (ended == "") == (status == "running"), (name, ended)
        assert (f.attrs["reason"] != "") == (status == "failed_to_fit"), (name, f.attrs["reason"])
        for k in f["layers"]:
            assert ("activation" in f["layers"][k]) == activations, (name, k)
            if activations:
                t = f["layers"][k]["activation"][:len(epoch)]
                assert np.isfinite(t).all(), (name, k)
                assert len(epoch) < 5 or all((a != b).any() for a, b in zip(t, t[1:])), (name, k, "equal epochs")
        assert np.isfinite(f["metrics/train/loss"][:len(epoch)]).all(), name

check("done.h5", "done", True, 4)
check("none.h5", "done", False, 4)
check("failed.h5", "failed_to_fit", True, 4)
check("unknown.h5", "done", True, 2)
check("killed.h5", "running", True)
check("long.h5", "done", True)
with h5py.File("killed.h5") as f, h5py.File("long.h5") as g:
    n = len(f["epoch"])
    assert n < len(g["epoch"])
    for k in f["layers"]:
        assert (f["layers"][k]["activation"][:n] == g["layers"][k]["activation"][:n]).all(), k
EOT
"$python" check.py || fail "check.py"
for f in done none failed unknown killed long; do
  h5dump -A $f.h5 >dump 2>log || fail "h5dump of $f.h5: $(cat log)"
  grep -q 'H5T_VARIABLE' dump || fail "h5dump of $f.h5 shows no text"
done

# The library changes a file whose texts were replaced, and infoplane goes on with the result
"$python" - <<'EOT' || fail "h5py cannot change done.h5"
import h5py
with h5py.File("done.h5", "r+") as f:
    for i in range(200):
        f.attrs["note %d" % i] = "text %d" % i * (i + 1)
    f.attrs["status"] = "done"
    f["more"] = ["text %d" % i for i in range(1000)]
    f["mine/numbers"] = list(range(1000))
EOT
"$infoplane" estimate done.h5 --estimator width:size=0.5 2>log || fail "estimate of the changed file: $(cat log)"
"$python" - <<'EOT' || fail "done.h5 is damaged"
import h5py
with h5py.File("done.h5") as f:
    assert all(f.attrs["note %d" % i] == "text %d" % i * (i + 1) for i in range(200))
    assert f.attrs["status"] == "done" and f["more"][999] == b"text 999" and f["mine/numbers"][999] == 999
    assert f["provenance"].attrs["ended"] != "" and f["information/width:size=0.5/ixt"].shape == (4, 3)
EOT
exit $failures
