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
    np.savez("bad.npz", x=np.zeros((2, 2)), y=np.eye(2))
    assert "bad.npz: y has the shape (2, 2); expected (2)" in infoplane("data", "bad.npz", status=1)
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


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    datasets()
    what_is_refused()
    tables()
    os.chdir("/")
