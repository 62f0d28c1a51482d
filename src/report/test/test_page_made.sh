#!/bin/sh
# Writes the pages that the tests in a browser open, into page-test of the build: a sweep of eight networks with three
# estimators, one network of a wide layer, a file of hostile names, and the least that a run file of another program has.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"
/usr/bin/python3 -c "import h5py" 2>/dev/null || skip "python3-h5py is not installed"
to=$INFOPLANE_BUILD/page-test
rm -rf "$to"
mkdir -p "$to" || exit 1
cat >"$dir/sweep.yaml" <<'YAML'
description: tanh against ReLU, two depths, <b>small</b>
repeats: 2
training: {epochs: 100, batch_size: 512}
log: {count: 24, keep: all, max_samples: 512}
estimators: [edges, "width:size=0.07", kde_upper]
estimate: {null_shuffles: 2}
measures: [geometry]
figures: []
sweep:
  network.activation: [tanh, relu]
  network.hidden: [[6, 4], [6, 5, 4]]
YAML
"$infoplane" run "$dir/sweep.yaml" -o "$to/sweep" >"$dir/said" 2>&1 || fail "the sweep did not run: $(cat "$dir/said")"
"$infoplane" report "$to/sweep" -o "$to/sweep.html" >"$dir/said" 2>&1 || fail "no page of the sweep: $(cat "$dir/said")"
"$infoplane" run "$INFOPLANE_SOURCE/experiments/quickstart.yaml" -o "$to/wide" --set training.epochs=20 --set log.count=8 \
  --set repeats=1 --set "network.hidden=[20, 2, 1]" --set figures=[] >"$dir/said" 2>&1 || fail "no wide network: $(cat "$dir/said")"
"$infoplane" report "$to/wide" -o "$to/wide.html" >"$dir/said" 2>&1 || fail "no page of the wide network: $(cat "$dir/said")"
# Names from files stay texts in a browser too.
name='</script><img src=x onerror=alert(1)>&"'
cp -r "$to/wide/runs" "$dir/hostile" || fail "no copy"
mv "$dir"/hostile/*.h5 "$dir/hostile/<b>a&amp;\"'.h5"
mkdir -p "$to/hostile"
/usr/bin/python3 - "$dir/hostile" "$name" <<'PY' || fail "no hostile file"
import glob, sys, h5py
for path in glob.glob(sys.argv[1] + "/*.h5"):
    with h5py.File(path, "r+") as f:
        f.attrs["experiment"] = sys.argv[2]
        f.attrs["dataset"] = "<!-- " + sys.argv[2]
        for k in f["layers"]:
            f["layers"][k].attrs["name"] = sys.argv[2] + "\u2028"
PY
"$infoplane" report "$dir/hostile" -o "$to/hostile.html" >"$dir/said" 2>&1 || fail "no page of hostile names: $(cat "$dir/said")"
mkdir "$dir/own"
/usr/bin/python3 - "$dir/own/a.h5" <<'PY' || fail "no file of another program"
import sys, h5py, numpy as np
with h5py.File(sys.argv[1], "w") as f:
    f.attrs["format_version"] = 1
    f["epoch"], f["data/x_id"], f["data/y"] = np.array([5]), np.arange(10), np.arange(10) % 3
    f["layers/1/activation"] = np.linspace(0, 1, 40, dtype="f4").reshape(1, 10, 4)
PY
"$infoplane" report "$dir/own" -o "$to/own.html" >"$dir/said" 2>&1 || fail "no page of the file: $(cat "$dir/said")"
exit $failures
