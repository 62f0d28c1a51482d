#!/usr/bin/python3
"""A linear network on Gaussian inputs, from training to estimates: gaussian against its closed form, between the kernel
bounds, and the information on the targets against canonical correlations."""
import os, subprocess, sys, tempfile

try:
    import h5py
    import numpy as np
except ImportError:
    print("no NumPy or h5py: skipped")
    sys.exit(77)

NOISE = 0.5
CONFIG = """
dataset: {name: linear_gaussian, n_samples: 4000, n_in: 4, n_targets: 2, noise: 0.5}
network: {hidden: [3, 2], activation: linear, output: linear}
training: {epochs: 4, batch_size: 100, learning_rate: 0.01}
log: {schedule: list, list: [0, 4], keep: all}
estimators: ["gaussian:noise_variance=0.5", "kde_upper:noise_variance=0.5", "kde_lower:noise_variance=0.5"]
figures: []
"""


def closed_form(x, t):
    """1/2 log2 det(I + W W' / v) for T = W x + b, x standard normal; W and b from the samples, which they fit exactly."""
    one = np.hstack([x, np.ones((len(x), 1))])
    w = np.linalg.lstsq(one, t, rcond=None)[0]
    assert np.abs(one @ w - t).max() < 1e-4, "the layer is not linear in the inputs"
    return np.linalg.slogdet(np.eye(t.shape[1]) + w[:-1].T @ w[:-1] / NOISE)[1] / 2 / np.log(2)


def of_samples(t):
    return np.linalg.slogdet(np.eye(t.shape[1]) + np.cov(t.T, bias=True) / NOISE)[1] / 2 / np.log(2)


def with_targets(t, y):
    cov = np.cov(np.hstack([t, y]).T, bias=True)
    k = t.shape[1]
    cov[:k, :k] += NOISE * np.eye(k)
    det = lambda m: np.linalg.slogdet(m)[1] / np.log(2)
    return (det(cov[:k, :k]) + det(cov[k:, k:]) - det(cov)) / 2


with tempfile.TemporaryDirectory() as folder:
    config = os.path.join(folder, "linear.yaml")
    with open(config, "w") as f:
        f.write(CONFIG)
    program = os.path.join(os.environ["INFOPLANE_BUILD"], "infoplane")
    subprocess.run([program, "run", config, "-o", os.path.join(folder, "out")], check=True, stdout=subprocess.DEVNULL)
    runs = os.listdir(os.path.join(folder, "out", "runs"))
    with h5py.File(os.path.join(folder, "out", "runs", [r for r in runs if r.endswith(".h5")][0])) as run:
        x, y = run["data/x"][:].astype(float), run["data/target"][:].astype(float)
        info = {name.split(":")[0]: (g["ixt"][:], g["ity"][:]) for name, g in run["information"].items()}
        for layer in range(3):
            for epoch in range(2):
                t = run[f"layers/{layer + 1}/activation"][epoch].astype(float)
                at = f"layer {layer + 1}, epoch {epoch}"
                truth, (ixt, ity) = closed_form(x, t), (q[epoch, layer] for q in info["gaussian"])
                assert abs(ixt - of_samples(t)) < 1e-9, f"{at}: {ixt}, NumPy {of_samples(t)}"
                assert abs(ity - with_targets(t, y)) < 1e-9, f"{at}: {ity}, NumPy {with_targets(t, y)}"
                # covariances of 4000 samples: the standard deviation of ixt is below sqrt(width / 8000) / ln 2 = 0.028
                assert abs(ixt - truth) < 0.11, f"{at}: {ixt}, closed form {truth}"
                lower, upper = info["kde_lower"][0][epoch, layer], info["kde_upper"][0][epoch, layer]
                assert lower <= truth <= upper, f"{at}: {lower} <= {truth} <= {upper}"
