#!/usr/bin/python3
"""Files of NumPy as it writes them: datasets, tables p(x,y) and what infoplane writes for it."""
import json
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    sys.exit(77)

INFOPLANE = os.path.join(os.environ["INFOPLANE_BUILD"], "infoplane")


def infoplane(*args, status=0):
    done = subprocess.run([INFOPLANE, *args], capture_output=True, text=True)
    assert done.returncode == status, (args, done)
    return done.stdout + done.stderr


def digest(*args):
    return json.loads(infoplane("data", *args, "--json").split("\n}")[0] + "\n}")["sha256"]


def datasets():
    rng = np.random.default_rng(1)
    x = rng.integers(-100, 100, (50, 2, 3))
    y = rng.integers(0, 3, 50)
    np.savez("plain.npz", x=x, y=y)
    wanted = digest("plain.npz")
    for kind in "i1 i2 i4 i8 f2 f4 f8 >i2 >i4 >i8 >f2 >f4 >f8".split():
        for save in np.savez, np.savez_compressed:
            save("other.npz", x=np.asfortranarray(x.astype(kind)), y=y.astype(kind))
            assert digest("other.npz") == wanted, kind
    names = np.array(["ant", "bee", "cicada"])
    np.savez("texts.npz", y=names[y], X=x.reshape(50, 6))
    assert digest("texts.npz") == wanted
    np.savez("bytes.npz", y=names[y].astype("S"), x=x)
    assert digest("bytes.npz") == wanted
    np.savez("mnist.npz", x_train=x[:40], y_train=y[:40], x_test=x[40:], y_test=y[40:])
    assert digest("mnist.npz") == wanted
    assert "(40 train, 10 test)" in infoplane("data", "mnist.npz")
    np.save("x.npy", x)
    np.save("y.npy", y[:, None])
    assert digest("x.npy") == wanted
    for part in "x_train", "y_train", "x_test", "y_test":
        np.save(part + ".npy", np.load("mnist.npz")[part])
    assert digest("x_train.npy") == wanted

    infoplane("data", "sphere", "--labels", "soft", "-o", "sphere.npz")
    infoplane("data", "sphere", "--labels", "soft", "-o", "again.npz")
    with open("sphere.npz", "rb") as a, open("again.npz", "rb") as b:
        assert a.read() == b.read()
    assert digest("sphere.npz") == digest("sphere", "--labels", "soft")
    sphere = np.load("sphere.npz")
    assert sphere["x"].shape == (4096, 12) and sphere["x"].dtype == np.float32
    assert list(sphere["class_name"]) == ["0", "1"] and sphere["split"].sum() == 820
    assert np.allclose(sphere["p_y_given_x"].sum(1), 1)


def what_is_refused():
    np.save("x.npy", np.array([[1, None]], dtype=object))
    assert "x.npy: contains Python objects (pickled)" in infoplane("data", "x.npy", status=1)
    np.savez("bad.npz", x=np.zeros((2, 2), "c8"), y=np.zeros(2))
    assert "bad.npz: x: has the type '<c8'" in infoplane("data", "bad.npz", status=1)
    np.savez("bad.npz", x=np.zeros(2, [("a", "i4"), ("b", "f4")]), y=np.zeros(2))
    assert "bad.npz: x: has a structured type" in infoplane("data", "bad.npz", status=1)
    np.savez("bad.npz", x=np.zeros((2, 2)), y=np.eye(2) / 2)
    assert "bad.npz: y: row 0 (from 0) is not one-hot" in infoplane("data", "bad.npz", status=1)
    assert "unknown extension" in infoplane("data", "sphere", "-o", "sphere.npy", status=2)


def tables():
    p = np.array([[0.25, 0.25], [0, 0.5]])
    np.save("p.npy", p)
    np.savez("p.npz", np.float32(1), p_xy=p)
    for name in "p.npy", "p.npz":
        found = json.loads(infoplane("measure", name, "--joint", "--json"))["mutual_information"]
        assert abs(found - (1 + 0.25 * 2 + 0.75 * np.log2(4 / 3) - 1.5)) < 1e-12, found
        curve = json.loads(infoplane("curve", name, "--beta", "1,2,4", "--json"))
        assert abs(curve["ixy_bits"] - found) < 1e-12
    np.save("rows.npy", np.array([[0.5, 0.5], [1, 0]]))
    assert "line 2" in infoplane("measure", "rows.npy")
    np.save("p.npy", p.astype("U5"))
    assert "p.npy: has the shape (2, 2) of texts" in infoplane("measure", "p.npy", status=1)
    np.savez("plain.npz", x=[[0], [1], [2], [3]], y=[0, 0, 1, 1])
    assert abs(json.loads(infoplane("curve", "plain.npz", "--beta", "2,4", "--json"))["ixy_bits"] - 1) < 1e-12


def activations():
    rng = np.random.default_rng(2)
    x = rng.integers(0, 2, (200, 3))  # 8 distinct inputs
    y = x[:, 0]
    early, late = rng.normal(size=(200, 4)), np.tanh(x @ rng.normal(size=(3, 4)))
    np.savez_compressed("acts.npz", conv1=np.stack([early, late]), fc=np.asfortranarray(np.stack([late, late])[:, :, :2]),
                        y=np.array(["odd", "even"])[y], x=x, epoch=[0, 30], split=np.arange(200) % 2)
    said = infoplane("estimate", "acts.npz", "-e", "edges", "-e", "gaussian", status=0)
    assert "wrote acts.h5 from acts.npz" in said, said
    import h5py
    with h5py.File("acts.h5") as f:
        assert list(f["epoch"]) == [0, 30] and f.attrs["status"] == "done"
        assert [f[f"layers/{k}"].attrs["name"] for k in (1, 2)] == ["conv1", "fc"]
        assert [f[f"layers/{k}"].attrs["kind"] for k in (1, 2)] == ["hidden", "output"]
        assert np.array_equal(f["layers/1/activation"][1], late.astype("f4"))
        assert np.array_equal(f["layers/2/activation"][0], late[:, :2].astype("f4"))
        assert np.array_equal(f["data/y"][:], 1 - y)  # even before odd
        assert len(set(f["data/x_id"][:])) == 8 and np.array_equal(f["data/split"][:], np.arange(200) % 2)
        ixt = f["information/edges/ixt"][:]
        counts = np.unique(x, axis=0, return_counts=True)[1] / 200
        assert abs(ixt[1, 0] + (counts * np.log2(counts)).sum()) < 0.2 and "gaussian" in f["information"]
    infoplane("estimate", "acts.npz", "-e", "kde_upper")  # adds to the same file
    with h5py.File("acts.h5") as f:
        assert sorted(f["information"]) == ["edges", "gaussian", "kde_upper"]
    infoplane("plot", "acts.h5", "-f", "plane", "-o", "figures")
    np.savez("acts.npz", layer=early, y=y, epoch=7)  # one epoch, without its dimension
    assert "acts.h5 exists and was not made from acts.npz" in infoplane("estimate", "acts.npz", "-e", "edges", status=1)
    infoplane("estimate", "acts.npz", "-e", "edges", "-o", "other.h5")
    with h5py.File("other.h5") as f:
        assert list(f["epoch"]) == [7] and f["layers/1/activation"].shape == (1, 200, 4)
        assert np.array_equal(f["data/x_id"][:], np.arange(200))
    wrong = {
        "no array y; expected labels": {"layer": early},
        "no activations; expected an array for each layer": {"y": y},
        "layer has the shape (200, 2, 2); expected activations (200, 200, units)": {"layer": np.zeros((200, 2, 2)), "y": y},
        "b has the shape (200); expected activations (1, 200, units), or without the 1": {"b": y, "layer": early, "y": y},
        "layer has the shape (2, 200, 4); expected activations (3, 200, units)": {
            "layer": np.stack([early, late]), "y": y, "epoch": [1, 2, 3]},
        "epoch: 1 follows 2; expected ascending epochs": {"layer": np.stack([early, late]), "y": y, "epoch": [2, 1]},
        "y: element 0 (from 0) is -1; expected integers from 0": {"layer": early, "y": -np.ones(200)},
        "y: row 0 (from 0) is not one-hot; expected one label for each sample": {"layer": early, "y": np.eye(2)[y] / 2},
        "split has the shape (3); expected": {"layer": early, "y": y, "split": [0, 1, 1]},
        "layer: contains Python objects": {"layer": np.array([[None]] * 200), "y": y},
    }
    for message, arrays in wrong.items():
        np.savez("wrong.npz", **arrays)
        said = infoplane("estimate", "wrong.npz", "-e", "edges", status=1)
        assert "wrong.npz: " + message in said, said
        assert not os.path.exists("wrong.h5") and not os.path.exists("wrong.h5.part"), message
    assert "names the run file of one .npz file" in infoplane("estimate", "acts.h5", "-e", "edges", "-o", "x.h5", status=2)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    datasets()
    what_is_refused()
    tables()
    activations()
    os.chdir("/")
