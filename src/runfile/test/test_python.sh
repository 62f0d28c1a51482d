#!/bin/sh
# What docs/run-file.md says of other programs: a file written by the PyTorch example is taken, and h5py and xarray read
# what infoplane writes, with named axes.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
for python in /usr/bin/python3 python3; do
  "$python" -c 'import h5py, numpy' 2>/dev/null && break
done
"$python" -c 'import h5py, numpy' 2>/dev/null || { echo "no python3 with h5py"; exit 77; }
cat >tiny.yaml <<'EOF'
name: tiny
network: {hidden: [3, 2]}
training: {epochs: 6}
log: {schedule: list, list: [0, 3, 5]}
estimators: [edges]
figures: []
sweep:
  network.activation: [tanh, relu]
  training.learning_rate: [0.001, 0.01]
EOF
"$infoplane" run tiny.yaml -o tiny 2>log || { cat log; exit 1; }

"$python" - <<'EOF' || exit 1
import h5py, numpy as np
f = h5py.File("tiny/runs/activation=tanh_learning_rate=0.01_seed=1.h5")
assert f.attrs["format_version"] == 1 and f.attrs["status"] == "done", dict(f.attrs)
assert f["epoch"][:].tolist() == [0, 3, 5]
t = f["layers/1/activation"]
assert t.shape == (3, 4096, 3) and t.dtype == "f4"
assert [d[0].name for d in t.dims] == ["/epoch", "/sample", "/layers/1/unit"]
assert np.abs(t[:]).max() <= 1 and len(np.unique(t[2, :, 0])) > 2000
ixt = f["information/edges/ixt"]
assert ixt.shape == (3, 3) and [d[0].name for d in ixt.dims] == ["/epoch", "/layer"]
assert (ixt[:] > 0).all() and (ixt[:] <= 12).all()
assert f["metrics/train/loss"].shape == (3,) and np.isfinite(f["metrics/train/loss"][:]).all()
assert "hidden" in f["config"][()].decode()
EOF

if "$python" -c 'import xarray, h5netcdf' 2>/dev/null; then
  "$python" - <<'EOF' || exit 1
import csv, h5py, numpy as np, xarray
run = "tiny/runs/activation=relu_learning_rate=0.001_seed=1.h5"
layer = xarray.open_dataset(run, engine="h5netcdf", group="/layers/2")
assert layer.activation.dims == ("epoch", "sample", "unit") and layer.weight_norm.dims == ("epoch",)
grid = xarray.open_dataset("tiny/grid.h5", engine="h5netcdf")
assert grid.ixt.dims == ("network.activation", "training.learning_rate", "seed", "estimator", "epoch", "layer")
got = grid.ixt.sel({"network.activation": "relu", "training.learning_rate": 0.001, "seed": 1, "estimator": "edges"})
assert np.array_equal(got.values, h5py.File(run)["information/edges/ixt"][:])
rows = list(csv.DictReader(open("tiny/summary.csv")))
assert len(rows) == 4 * 3 * 3, len(rows)
for row in rows:
    at = {"network.activation": row["network.activation"], "training.learning_rate": float(row["training.learning_rate"]),
          "seed": int(row["seed"]), "estimator": row["estimator"], "epoch": int(row["epoch"]), "layer": int(row["layer"])}
    assert float(row["ixt"]) == float(grid.ixt.sel(at)) and float(row["ity"]) == float(grid.ity.sel(at)), row
EOF
else
  echo "no xarray with h5netcdf: that part is left out"
fi

"$python" -c 'import torch' 2>/dev/null || { echo "no torch: the example is left out"; exit 0; }
"$python" "$INFOPLANE_SOURCE/docs/examples/log_h5py.py" torch.h5 || exit 1
"$infoplane" estimate torch.h5 --estimator edges 2>log || { cat log; exit 1; }
"$python" - <<'EOF' || exit 1
import h5py
f = h5py.File("torch.h5")
assert f.attrs["status"] == "done" and f["layers/1"].attrs["name"] == "fc1"
ixt, ity = f["information/edges/ixt"][:], f["information/edges/ity"][:]
assert ixt.shape == (7, 3) and (ixt >= ity).all() and ity[-1, -1] > 0.9, ity
EOF
