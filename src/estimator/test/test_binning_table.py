#!/usr/bin/python3
"""Values of the binned and exact estimators from NumPy, a few lines each, independent of the library.

With --write the table goes to binning_reference.tsv beside this file, which test_binning_reference.c compares the library with. Without,
the table is computed again and compared with the file, so that nobody has to take the file on trust. Exit status 77
(skipped) where NumPy is missing.
"""
import functools
import os
import sys

try:
    import numpy as np
except ImportError:
    sys.exit(77)

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "binning_reference.tsv")
N, WIDTH, CLASSES = 360, 3, 3


def data(levels):
    """Whole numbers by a linear congruence, then one division: the same bits in every language."""
    state, draws = 12345, []
    for _ in range(N * WIDTH + N):
        state = (1103515245 * state + 12345) % 2**31
        draws.append(state >> 16)
    t = (np.array(draws[: N * WIDTH]) % levels).astype(np.float32).reshape(N, WIDTH) / np.float32(levels // 2) - 1
    y = ((t[:, 0] > 0).astype(int) + np.array(draws[N * WIDTH :]) % 2) % CLASSES
    return t.astype(np.float32), y, np.arange(N) % 90


NODE, WEIGHT = np.polynomial.legendre.leggauss(100)


@functools.lru_cache(maxsize=None)
def G(n):
    """Grassberger's G(n) = psi(n) + (-1)^n int_0^1 x^(n-1)/(x+1) dx, by sum and quadrature."""
    x, w = (NODE + 1) / 2, WEIGHT / 2
    return -np.euler_gamma + np.sum(1 / np.arange(1, n)) + (-1) ** n * np.sum(w * x ** (n - 1.0) / (x + 1))


@functools.lru_cache(maxsize=None)
def tail(a, n):
    """sum over j of (1-a)^(j+1) / (n+j), or as Chao, Wang & Jost write it where nothing cancels."""
    if n * a < 1:
        r = np.arange(1, n)
        return (-np.log(a) - np.sum((1 - a) ** r / r)) / (1 - a) ** (n - 1)
    j = np.arange(40 * n)
    return np.sum((1 - a) ** (j + 1) / (n + j))


def entropy(rows, correction):
    c = np.unique(rows, axis=0, return_counts=True)[1]
    n, k = c.sum(), len(c)
    if k == 1:
        return 0.0

    def plug_in(c):
        p = c[c > 0] / c.sum()
        return -np.sum(p * np.log(p))

    h = plug_in(c)
    if correction == "miller_madow":
        h += (k - 1) / (2 * n)
    if correction == "grassberger":
        h = np.log(n) - sum(v * G(v) for v in c) / n
    if correction == "chao_shen":
        q = (1 - min(np.sum(c == 1), n - 1) / n) * c / n
        h = -np.sum(q * np.log(q) / -np.expm1(n * np.log1p(-q)))
    if correction == "jackknife":
        without = {v: plug_in(np.append(np.delete(c, np.argmax(c == v)), v - 1)) for v in set(c)}
        h = n * h - (n - 1) / n * sum(v * without[v] for v in c)
    if correction == "chao_wang_jost":
        below = np.append(0, np.cumsum(1 / np.arange(1, n)))
        f1, f2 = np.sum(c == 1), np.sum(c == 2)
        a = 2 * f2 / ((n - 1) * f1 + 2 * f2) if f2 else 2 / ((n - 1) * (f1 - 1) + 2) if f1 else 1
        h = np.sum(c / n * (below[n - 1] - below[c - 1])) + (f1 / n * tail(a, n) if a < 1 else 0)
    if correction == "shrinkage":
        p, distance = c / n, np.sum((c / n - 1 / k) ** 2)
        shrink = min(1, np.sum(p * (1 - p)) / (n - 1) / distance) if distance > 1e-15 else 1
        p = shrink / k + (1 - shrink) * p
        h = -np.sum(p * np.log(p))
    return max(0.0, h / np.log(2))


def information(code, group, correction):
    given = sum(np.mean(group == g) * entropy(code[group == g], correction) for g in np.unique(group))
    return max(0.0, entropy(code, correction) - given)


def ebab(t, bins):
    u = np.unique(t)
    u = u[u != 0] if u[0] == 0 else u
    return np.digitize(t, np.append(u[np.arange(bins) * len(u) // bins], u[-1]))


t64 = lambda t: t.astype(np.float64)
SCHEMES = {
    "edges": lambda t: np.digitize(t64(t), np.linspace(-1, 1, 30)),
    "edges:count=4:low=-0.5:high=0.5": lambda t: np.digitize(t64(t), np.linspace(-0.5, 0.5, 4)),
    "width": lambda t: np.floor(t64(t) / 0.07),
    "width:size=0.5": lambda t: np.floor(t64(t) / 0.5),
    "equal_width:bins=7": lambda t: np.digitize(t64(t), np.linspace(t64(t).min(), t64(t).max(), 8)[1:-1]),
    "equal_width:bins=600": lambda t: np.digitize(t64(t), np.linspace(t64(t).min(), t64(t).max(), 601)[1:-1]),
    "equal_mass:bins=9": lambda t: np.digitize(t64(t), np.quantile(t64(t), np.arange(1, 9) / 9)),
    "ebab:bins=8": lambda t: ebab(t, 8),
    "exact": lambda t: t,
}
CORRECTIONS = ("none", "miller_madow", "grassberger", "chao_shen", "jackknife", "chao_wang_jost", "shrinkage")


def table():
    for levels in (1000, 6):
        t, y, x = data(levels)
        for scheme, coder in SCHEMES.items():
            for correction in CORRECTIONS:
                code = coder(t)
                spec = scheme + (":correction=" + correction if correction != "none" else "")
                yield levels, spec, entropy(code, correction), information(code, x, correction), information(code, y, correction)


lines = ["%d\t%s\t%.15g\t%.15g\t%.15g\n" % row for row in table()]
if sys.argv[1:] == ["--write"]:
    with open(TABLE, "w") as f:
        f.write("levels\tspec\tht\tixt\tity\n")
        f.writelines(lines)
    sys.exit()

with open(TABLE) as f:
    kept = f.readlines()[1:]
assert len(kept) == len(lines), f"{TABLE}: {len(kept)} rows, expected {len(lines)}"
for a, b in zip(kept, lines):
    a, b = a.split("\t"), b.split("\t")
    assert a[:2] == b[:2] and np.allclose([float(v) for v in a[2:]], [float(v) for v in b[2:]], rtol=0, atol=1e-11), (a, b)
