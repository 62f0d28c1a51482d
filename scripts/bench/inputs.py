"""The inputs that several benchmarks share: activations of one epoch, joint distributions, a tiny experiment.

Import this before NumPy and PyTorch, which load OpenBLAS.
"""
import os, struct, subprocess

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)  # NumPy and PyTorch get the kernel that OpenBLAS itself chooses for the processor
import numpy as np

SAMPLES, WIDTHS = 4096, (10, 7, 5, 4, 3, 2)

TINY = """name: tiny
repeats: 1
dataset: {name: samples.csv}
network: {hidden: [3, 2]}
training: {epochs: 3, batch_size: 16}
log: {schedule: every, every: 1, keep: none}
estimators: [edges]
"""


def epoch(gain):
    """All 4096 inputs of 12 bits through a tanh network; a gain of 4 saturates units as training does."""
    rng = np.random.default_rng(1)
    x = ((np.arange(SAMPLES)[:, None] >> np.arange(12)) & 1).astype(np.float32)
    layers, t = [], x
    for width in WIDTHS:
        w = rng.normal(size=(t.shape[1], width)).astype(np.float32) * gain / np.sqrt(t.shape[1])
        t = np.tanh((t - t.mean(axis=0)) @ w).astype(np.float32)
        layers.append(np.ascontiguousarray(t))
    return layers, (x.sum(axis=1) + x[:, 0] * 2 > 6.5).astype(np.int32)


def clusters(n, width):
    """One layer of n samples in two classes, each around a point of its own, as a trained hidden layer is."""
    rng = np.random.default_rng(1)
    y = (np.arange(n) % 2).astype(np.int32)
    return [(rng.normal(size=(2, width))[y] + 0.2 * rng.normal(size=(n, width))).astype(np.float32)], y


def write_epoch(path, layers, y):
    """The file of src/bench/epoch.h."""
    with open(path, "wb") as f:
        f.write(struct.pack(f"={2 + len(layers)}I", len(y), len(layers), *(t.shape[1] for t in layers)) + y.tobytes())
        for t in layers:
            f.write(t.tobytes())


def pairs(n, width):
    """X normal; T = X + noise; two classes by the sign of the first unit with noise."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(n, width)).astype("f4")
    t = (x + 0.5 * rng.normal(size=(n, width))).astype("f4")
    return x, t, (t[:, 0] + 0.5 * rng.normal(size=n) > 0).astype("i4")


def write_pairs(path, x, t, y):
    """The file of src/bench/bench_ksg.c."""
    with open(path, "wb") as f:
        f.write(struct.pack("=4I", *x.shape, t.shape[1], 2) + x.tobytes() + t.tobytes() + y.tobytes())


def sphere():
    """p(x,y) of the 4096 patterns with their soft labels, steepness 12, threshold 5.89."""
    phi = (1 + 5**0.5) / 2
    a = 1 / np.sqrt(1 + phi * phi)
    b = phi * a
    v = np.array([(0, a, b), (a, b, 0), (0, a, -b), (-a, b, 0), (b, 0, -a), (0, -a, b), (a, -b, 0), (-a, -b, 0),
                  (-b, 0, -a), (0, -a, -b), (-b, 0, a), (b, 0, a)])
    on = (np.arange(4096)[:, None] >> np.arange(11, -1, -1)) & 1
    x, y, z = v.T
    harmonics = [np.stack([np.full(12, np.sqrt(1 / (4 * np.pi)))]),
                 np.sqrt(3 / (4 * np.pi)) * v.T,
                 np.sqrt(15 / (4 * np.pi)) * np.stack([x * y, y * z, x * z, (3 * z * z - 1) / np.sqrt(12), (x * x - y * y) / 2])]
    f = sum(r / (2 * n + 1) * 4 * np.pi / 12 * np.linalg.norm(on @ h.T, axis=1)
            for n, (r, h) in enumerate(zip((2, 5, 4), harmonics)))
    q = 1 / (1 + np.exp(-12 * (f - 5.89)))
    return np.stack([1 - q, q], axis=1) / 4096


def write_joint(path, p_xy):
    """The file of src/bench/bench_bottleneck.c."""
    with open(path, "wb") as f:
        f.write(struct.pack("=2I", *p_xy.shape) + np.ascontiguousarray(p_xy).tobytes())


def write_tiny(folder):
    """Writes an experiment of one tiny run; returns the path of its configuration."""
    config = os.path.join(folder, "tiny.yaml")
    with open(config, "w") as out:
        out.write(TINY)
    with open(os.path.join(folder, "samples.csv"), "w") as out:
        out.write("a,b,label\n" + "".join(f"{i % 4},{i // 4 % 4},{(i % 4 + i // 4 % 4) % 2}\n" for i in range(32)))
    return config


def tiny_experiment(program, folder):
    """Runs the tiny experiment; returns its configuration and its results directory."""
    config, results = write_tiny(folder), os.path.join(folder, "results")
    subprocess.run([program, "run", config, "-o", results], check=True, capture_output=True, cwd=folder)
    return config, results


def spread(values, digits=2):
    return f"from {min(values):.{digits}f} to {max(values):.{digits}f}"


def draw(script, table, figure):
    """Runs a gnuplot script beside this file; the figure changes only if that works."""
    new = figure + ".part"
    subprocess.run(["gnuplot", "-c", os.path.join(os.path.dirname(os.path.abspath(__file__)), script), table, new], check=True)
    os.replace(new, figure)
