#!/usr/bin/python3
"""The corrections nsb, shrinkage and chao_wang_jost from mpmath with 30 digits, a few lines each, independent of the library.

With --write the table goes to corrections_reference.tsv beside this file, which test_corrections.c compares the library
with. Without, the table is computed again and compared with the file. Exit status 77 (skipped) where mpmath is missing.
"""
import os
import sys

try:
    import mpmath as mp
except ImportError:
    sys.exit(77)

mp.mp.dps = 30
TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corrections_reference.tsv")
COUNTS = {
    "well_sampled": [20, 17, 33, 25, 9, 41, 28, 14],
    "saturated": [1] * 37 + [2] * 3,
    "all_once": [1] * 25,
    "sparse": [1] * 11 + [2] * 4 + [3, 3, 5, 8],
    "one_heavy": [900, 1, 1, 2, 1, 5],
    "one_single": [60, 1],
    "no_single": [2, 2, 3, 5],
    "equal": [50] * 6,
    "more_pairs": [1, 1, 2, 2, 2, 2, 2, 2, 9, 4],
    "large": [4000, 90000, 777, 777, 12, 2, 2, 2, 2, 1],
}
POINTS = mp.calculus.quadrature.GaussLegendre(mp.mp).calc_nodes(3, 100)
NODE, WEIGHT = [(x + 1) / 2 for x, _ in POINTS], [w for _, w in POINTS]  # 12 on [0, 1]
H = lambda p: -mp.fsum(v * mp.log(v) for v in p if v > 0)


def shrinkage(c):
    n, k = mp.mpf(sum(c)), len(c)
    u = [v / n for v in c]
    d = mp.fsum((v - mp.mpf(1) / k) ** 2 for v in u)
    lam = min(1, mp.fsum(v * (1 - v) / (n - 1) for v in u) / d) if d > mp.mpf(10) ** -30 else 1
    return H([lam / k + (1 - lam) * v for v in u])


def chao_wang_jost(c):
    n, f1, f2 = sum(c), c.count(1), c.count(2)
    h = mp.fsum(mp.mpf(v) / n * mp.fsum(mp.mpf(1) / j for j in range(v, n)) for v in c)
    if f1 == 0:
        return h
    a = mp.mpf(2 * f2) / ((n - 1) * f1 + 2 * f2) if f2 else mp.mpf(2) / ((n - 1) * (f1 - 1) + 2)
    q = 1 - a
    if q == 0:
        return h
    with mp.extradps(int(-n * mp.log10(q)) + 5):  # the difference is as small as q^n
        difference = mp.log(1 / (1 - q)) - mp.fsum(q**r / r for r in range(1, n))
        return h + mp.mpf(f1) / n * difference / q ** (n - 1)


def nsb(c, k=None):
    n, k = sum(c), k or len(c)
    c = c + [0] * (k - len(c))
    values = {v: c.count(v) for v in set(c)}

    def log_rho(b):
        return mp.loggamma(k * b) - mp.loggamma(n + k * b) + mp.fsum(m * (mp.loggamma(v + b) - mp.loggamma(b)) for v, m in values.items())

    def entropy(b):
        return mp.digamma(n + k * b + 1) - mp.fsum(m * (v + b) / (n + k * b) * mp.digamma(v + b + 1) for v, m in values.items())

    def log_weight(u):
        b = mp.exp(u)
        return u + log_rho(b) + mp.log(k * mp.psi(1, k * b + 1) - mp.psi(1, b + 1))

    ends = [mp.mpf(i) / 2 for i in range(-60, 91)]
    height = [log_weight(u) for u in ends]
    top = max(height)
    above = weights = 0
    for i in range(1, len(ends) - 2):  # Gauss-Legendre in ln b, where the weight is not negligible within a piece or beside it
        if max(height[i - 1 : i + 3]) > top - 45:
            for x, w in zip(NODE, WEIGHT):
                u = ends[i] + x / 2
                f = w * mp.exp(log_weight(u) - top)
                above, weights = above + f * entropy(mp.exp(u)), weights + f
    return above / weights


def table():
    for name, c in COUNTS.items():
        yield name, *(h(c) / mp.log(2) for h in (chao_wang_jost, shrinkage, nsb)), ",".join(map(str, c))
    more = [7, 3, 5, 8, 9, 1, 3, 3, 1, 2, 5, 2, 11, 4, 23, 5, 8]  # of 20 possible symbols: the example of the package ndd
    yield "of_20", mp.nan, mp.nan, nsb(more, 20) / mp.log(2), ",".join(map(str, more))


if __name__ == "__main__":
    lines = ["%s\t%s\t%s\t%s\t%s\n" % (r[0], *(mp.nstr(v, 15) for v in r[1:4]), r[4]) for r in table()]
    if sys.argv[1:] == ["--write"]:
        with open(TABLE, "w") as f:
            f.write("name\tchao_wang_jost\tshrinkage\tnsb\tcounts\n")
            f.writelines(lines)
        sys.exit()
    with open(TABLE) as f:
        kept = f.readlines()[1:]
    assert len(kept) == len(lines), f"{TABLE}: {len(kept)} rows, expected {len(lines)}"
    for a, b in zip(kept, lines):
        a, b = a.split("\t"), b.split("\t")
        near = [abs(mp.mpf(u) - mp.mpf(v)) < 1e-11 or u == v == "nan" for u, v in zip(a[1:4], b[1:4])]
        assert a[0] == b[0] and a[4] == b[4] and all(near), (a, b)
