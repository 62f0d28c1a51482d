#!/usr/bin/python3
"""What infoplane estimate says of its results, and where it takes what is not on the command line from."""
import os, sys, tempfile

from program import SOURCE, fail, finish, refused, run

sys.path.insert(0, SOURCE + "/src/base/test")
from with_h5py import h5py, np  # noqa: E402

N = 8
DISTINCT, HALF, CONSTANT = np.arange(N) / N, np.arange(N) // 4 / 2, np.zeros(N)


def write_run(path, *layers, epochs=(0, 5, 9), names=()):
    """Layers of one unit, each with its values at every epoch."""
    with h5py.File(path, "w") as f:
        f.attrs["format_version"] = 1
        f["epoch"], f["data/x_id"], f["data/y"] = epochs, np.arange(N), np.arange(N) % 2
        for k, values in enumerate(layers, start=1):
            f[f"layers/{k}/activation"] = np.array(values, "f4").reshape(len(values), N, 1)
            if names:
                f[f"layers/{k}"].attrs["name"] = names[k - 1]


def says(words, *lines, status=0):
    said = [s for s in refused("estimate", *words, status=status).stderr.splitlines() if " epochs, " not in s]
    if said != list(lines):
        fail(f"{words}: says {said}, expected {list(lines)}")


def limit(at, layers, when, n=N):
    return (f"{at}: {layers} saturated {when}: I(X;T) is at its limit for {n} samples, because the estimator separates almost "
            "all inputs; it reflects the number of samples, not the layer")


def lost(at, layer, now, before):
    return (f"{at}: layer {layer} is constant at epoch {now} but not at epoch {before}: unless the network collapsed, its "
            "activations were not written")


def layers_at_their_limit_and_layers_that_lost_all():
    spec = ["-e", "width:size=0.01"]
    always, first, end = [DISTINCT] * 3, [DISTINCT, HALF, HALF], [HALF, HALF, CONSTANT]
    write_run("a.h5", always, always, first, end, [HALF, CONSTANT, HALF])
    at = "a.h5: width:size=0.01"
    says(["a.h5", *spec], limit(at, "layers 1-2", "at every logged epoch"), limit(at, "layer 3", "at 1 of 3 epochs"),
         lost(at, "4", 9, 5), lost(at, "5", 5, 0))
    write_run("b.h5", always, always, end, names=("fc1", "fc2", "out"))
    at = "b.h5: width:size=0.01"
    says(["b.h5", *spec], limit(at, "layers fc1 to fc2", "at every logged epoch"), lost(at, "out", 9, 5))
    at = "b.h5: width:size=0.01@"
    says(["b.h5", *spec, "--split", "all,train", "--samples", "0"], limit(at[:-1], "layers fc1 to fc2", "at every logged epoch"),
         lost(at[:-1], "out", 9, 5), limit(at + "train", "layers fc1 to fc2", "at every logged epoch"), lost(at + "train", "out", 9, 5))
    write_run("c.h5", [HALF] * 3)
    with h5py.File("c.h5", "r+") as f:  # room for a fourth epoch, into which nothing was written
        del f["epoch"], f["layers/1/activation"]
        f["epoch"] = (0, 5, 9, 12)
        f.create_dataset("layers/1/activation", (4, N, 1), "f4", chunks=(1, N, 1))[:3] = np.array([HALF] * 3).reshape(3, N, 1)
    says(["c.h5", *spec], "c.h5: the last 1 of the 4 epochs in /epoch (from epoch 12) have no activations; their estimates are NaN")
    write_run("d.h5", [HALF] * 3)
    says(["d.h5", *spec])


def what_cannot_run_is_counted():
    write_run("e.h5", [HALF] * 3)
    write_run("f.h5", [HALF] * 3)
    for words, ending in (
            (["-e", "noisy"], "no estimator can run with this file"),
            (["-e", "noisy", "--split", "all,train"], "no estimator can run with this file"),
            (["-e", "noisy", "-e", "edges"], "1 of 2 estimators cannot run with this file; the results of the others were written"),
            (["-e", "noisy", "-m", "geometry"],
             "1 of 2 estimators and measures cannot run with this file; the results of the others were written"),
            (["-e", "noisy", "-e", "edges", "--split", "all,train"],
             "2 of 4 estimators cannot run with this file; the results of the others were written")):
        said = refused("estimate", "e.h5", *words, status=1).stderr.splitlines()
        if said[-1] != "infoplane: e.h5: " + ending or not any("noisy: needs a network trained with noise" in s for s in said):
            fail(f"{words}: {said}")
    with h5py.File("e.h5") as f:
        if sorted(f["information"]) != ["edges", "edges@train"] or list(f["measures"]) != ["geometry"]:
            fail(f"groups: {list(f['information'])} {list(f['measures'])}")
    with open("text.h5", "w") as out:
        out.write("text")
    os.link("text.h5", "more.h5")
    said = refused("estimate", "e.h5", "text.h5", "f.h5", "more.h5", "-e", "edges", status=1).stderr
    if not said.endswith("infoplane: 2 of 4 run files lack requested estimates\n") or "infoplane: text.h5: " not in said:
        fail(f"four files: {said}")
    with h5py.File("f.h5") as f:
        if list(f["information"]) != ["edges"]:
            fail("the file behind a damaged one has no estimates")
    if "e.h5: no estimators specified, and the file contains no configuration" not in refused("estimate", "e.h5").stderr:
        fail("a file without a configuration")


CONFIG = """
seed: 3
network: {hidden: [2]}
training: {epochs: 1, batch_size: 0}
log: {schedule: list, list: [0], keep: all}
estimators: [edges, "width:size=0.5"]
measures: [geometry]
estimate: {bootstrap: 4, null_shuffles: 3, level: 0.8, bin_loss: true, split: [all, test], samples: 300}
figures: []
"""


def groups(path):
    """Every group of estimates and measures, with its attributes and series."""
    with h5py.File(path) as f:
        return {f"{part}/{name}": (dict(group.attrs), {s: group[s][()] for s in group})
                for part in ("information", "measures") for name, group in f.get(part, {}).items()}


def levels(path):
    return {float(attributes[a]) for attributes, _ in groups(path).values() for a in attributes if "level" in a}


def same(a, b):
    equal = lambda x, y: x.keys() == y.keys() and all(np.array_equal(x[k], y[k], equal_nan=np.asarray(x[k]).dtype.kind == "f") for k in x)
    return a.keys() == b.keys() and all(equal(a[k][0], b[k][0]) and equal(a[k][1], b[k][1]) for k in a)


def without_options_the_configuration_counts():
    with open("config.yaml", "w") as out:
        out.write(CONFIG)
    run("run", "config.yaml", "-o", "out")
    path = "out/runs/" + os.listdir("out/runs")[0]
    made = groups(path)
    if sorted(made) != ["information/edges", "information/edges@test", "information/width:size=0.5",
                        "information/width:size=0.5@test", "measures/geometry", "measures/geometry@test"]:
        fail(f"groups of a run: {sorted(made)}")
    with h5py.File(path, "r+") as f:
        del f["information"], f["measures"]
    run("estimate", path)
    if not same(groups(path), made):
        fail("estimates by the configuration are not those of the run")
    options = ["--bootstrap", "4", "--null-shuffles", "3", "--level", "0.8", "--bin-loss", "--split", "all,test", "--samples", "300"]
    specs = ["-e", "edges", "-e", "width:size=0.5", "-m", "geometry"]
    with h5py.File(path, "r+") as f:
        del f["information"], f["measures"]
    run("estimate", path, *specs, *options, "--seed", "3", "--threads", "2")
    if not same(groups(path), made):
        fail("the same on the command line gives other estimates")
    if levels(path) != {0.8}:
        fail(f"levels: {levels(path)}")
    for words, level in (["--bootstrap", "4"], 0.95), (["--bootstrap", "4", "--level", "0.7"], 0.7):
        with h5py.File(path, "r+") as f:
            del f["information"], f["measures"]
        run("estimate", path, "-e", "edges", *words)
        if levels(path) != {level}:
            fail(f"levels {words}: {levels(path)}")
        run("estimate", path, "-m", "geometry")
    # each option that is left out, or another, is seen in the file
    for i, words in ((0, options[2:]), (2, options[:2] + options[4:]), (4, options[:4] + options[6:]), (6, options[:6] + options[7:]),
                     (7, options[:7] + options[9:]), (9, options[:9]), (None, options + ["--seed", "4"])):
        with h5py.File(path, "r+") as f:
            del f["information"], f["measures"]
        run("estimate", path, *specs, *words)
        if same(groups(path), made):
            fail(f"estimates are the same {'without ' + options[i] if i is not None else 'with another seed'}")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for part in (layers_at_their_limit_and_layers_that_lost_all, what_cannot_run_is_counted, without_options_the_configuration_counts):
        part()
finish()
