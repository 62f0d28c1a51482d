#!/usr/bin/python3
"""Activations of float64 are estimated with all their digits: NumPy's values beside `infoplane estimate`."""
import os
import subprocess
import sys
import tempfile

try:
    import h5py
    import numpy as np
except ImportError:
    sys.exit(77)

infoplane = os.path.join(os.environ["INFOPLANE_BUILD"], "infoplane")


def entropy(symbols):
    _, count = np.unique(symbols, axis=0, return_counts=True)
    p = count / count.sum()
    return -(p * np.log2(p)).sum()


def estimate(t, *specs):
    """I(X;T) of activations t (n, width) by each estimator, and what is written to stderr."""
    with h5py.File("r.h5", "w") as f:
        f.attrs["format_version"] = 1
        f["epoch"], f["data/x_id"], f["data/y"] = [0], np.arange(len(t)), np.arange(len(t)) % 2
        f["data/x"] = t
        f["layers/1/activation"] = t[None]
    options = [word for spec in specs for word in ("-e", spec)]
    done = subprocess.run([infoplane, "estimate", "r.h5", *options], check=True, capture_output=True, text=True)
    with h5py.File("r.h5") as f:
        return [f[f"information/{spec}/ixt"][0, 0] for spec in specs], done.stderr


def check(name, got, right, tolerance=1e-12):
    assert abs(got - right) <= tolerance, f"{name}: {got}, expected {right}"


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    close = 1 + np.arange(8)[:, None] * 1e-9
    (exact, width, mass, ebab, equal), _ = estimate(close, "exact", "width:size=2e-09", "equal_mass:bins=4", "ebab:bins=4",
                                                    "equal_width:bins=8:range=run")
    check("exact", exact, 3)
    check("width", width, entropy(np.floor(close / 2e-9)))
    check("equal_mass", mass, entropy(np.searchsorted(np.quantile(close, [0.25, 0.5, 0.75]), close, side="right")))
    check("ebab", ebab, entropy(np.searchsorted(close[[0, 2, 4, 6, 7], 0], close, side="right")))
    check("equal_width", equal, 3)

    edge = np.array([[0.99999999999], [1.0], [-0.5], [-0.5]])
    (edges,), _ = estimate(edge, "edges")
    check("edges", edges, 1.5)

    # one unit near 1e9 and one near 0: estimators of continuous T see what is left when the mean is taken away
    rng = np.random.default_rng(3)
    t = rng.normal(size=(200, 2))
    (plain, plain_kde), _ = estimate(t, "gaussian", "kde_upper")
    (moved, moved_kde), _ = estimate(t + [1e9, 0], "gaussian", "kde_upper")
    check("gaussian, moved", moved, plain, 1e-5)
    check("kde_upper, moved", moved_kde, plain_kde, 1e-4)
    t32 = t.astype("f4")
    (same,), _ = estimate(t32.astype("f8"), "kde_upper")
    (right,), _ = estimate(t32, "kde_upper")
    assert same == right

    # digits that float32 cannot have together
    (_, exact), notes = estimate(np.array([[0], [1e-12], [1.0], [1 + 1e-12]]), "kde_upper", "exact")
    check("exact, far and near", exact, 2)
    assert "kde_upper: activations of the file are closer together than float32 tells apart" in notes, notes
    assert "exact: activations" not in notes, notes

    # integers that float32 cannot tell apart, and those that it can
    big = np.array([[1 << 24], [(1 << 24) + 1], [(1 << 24) + 2], [(1 << 24) + 3]])
    for kind in "i4", "u4", "i8", "u8", "f8":
        (exact,), notes = estimate(big.astype(kind), "exact")
        check(f"exact of {kind}", exact, 2)
    for kind, most in ("i1", 127), ("u1", 255), ("i2", 32767), ("u2", 65535), ("f2", 2048):
        (exact,), notes = estimate(np.array([[most], [most - 1], [most - 2], [most - 3]]).astype(kind), "exact")
        check(f"exact of {kind}", exact, 2)
