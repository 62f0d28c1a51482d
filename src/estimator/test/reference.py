#!/usr/bin/python3
"""Values of the estimators recomputed by the papers' formulas in a few lines of NumPy, as a C header.

usage: reference.py > reference.h

The samples are whole numbers divided, so that C and NumPy start from the same float32 values without a file of data.
"""
import numpy as np

N, N_IN, CLASSES = 300, 2, 3
i = np.arange(N)


def scatter(n):
    """Numbers in [-1, 1) without a pattern."""
    n = n * 2654435761 % 2**32
    n = (n ^ (n >> 15)) * 2246822519 % 2**32
    return (n ^ (n >> 13)) % 2**20 / 2**19 - 1


def samples(width):
    """25 clusters with some scatter: neighbours near and far."""
    k = np.arange(width)
    far = ((i[:, None] % 25) ** 2 * (k + 3) + 7 * k) % 97 / 48.5 - 1
    return (far + 0.25 * scatter(i[:, None] * 64 + k)).astype(np.float32).astype(np.float64)


def entropy_bound(t, w, variance):
    t, w = t[w > 0], w[w > 0]
    d = ((t[:, None] - t[None]) ** 2).sum(2)
    return -(w * np.log2(np.exp(-d / (2 * variance)) @ w)).sum()


def kde(t, p, variance):
    n, h = len(t), entropy_bound(t, np.full(len(t), 1 / len(t)), variance)
    return h, h - sum(c.sum() / n * entropy_bound(t, c / c.sum(), variance) for c in p.T if c.sum() > 0)


def log2det(m):
    return np.linalg.slogdet(m)[1] / np.log(2)


def gaussian(t, p, v):
    eye, cov = np.eye(t.shape[1]), lambda w: np.cov(t.T, aweights=w, bias=True).reshape(t.shape[1], -1)
    whole = log2det(eye + cov(np.ones(len(t))) / v) / 2
    parts = sum(c.sum() / len(t) * log2det(eye + cov(c) / v) / 2 for c in p.T)
    q = p.sum(0) / p.sum()
    return whole, min(whole - parts, -(q * np.log2(q)).sum())


def gaussian_inputs(t, x):
    det = lambda *a: log2det(np.cov(np.hstack(a).T, bias=True).reshape(sum(b.shape[1] for b in a), -1))
    return (det(t) + det(x) - det(t, x)) / 2


def digamma(n):
    return -np.euler_gamma + (1 / np.arange(1, np.max(n) + 1)).cumsum()[np.asarray(n) - 1] - 1 / np.asarray(n)


def ksg(t, x, y, k):
    t, x = t / t.std(0), x / x.std(0)
    n, dt, dx = len(t), abs(t[:, None] - t[None]).max(2), abs(x[:, None] - x[None]).max(2)
    e = np.sort(np.maximum(dt, dx), 1)[:, k : k + 1]
    ixt = digamma(k) + digamma(n) - (digamma((dt < e).sum(1)) + digamma((dx < e).sum(1))).mean()
    same = y[:, None] == y[None]
    e = np.sort(np.where(same, dt, np.inf), 1)[:, k : k + 1]
    ity = digamma(n) - digamma(same.sum(1)).mean() + digamma(k) - digamma((dt < e).sum(1)).mean()
    return max(0, ixt / np.log(2)), max(0, ity / np.log(2))


def renyi(t, x, p, alpha):
    def kernel(a):
        s2 = a.var(0).sum() * len(a) ** (-2 / (4 + a.shape[1]))
        return np.exp(-((a[:, None] - a[None]) ** 2).sum(2) / (2 * s2))

    def entropy(k):
        return np.log2((np.linalg.eigvalsh(k / len(k)).clip(0) ** alpha).sum()) / (1 - alpha)

    unit = p / np.sqrt((p**2).sum(1, keepdims=True))
    a, b, c = kernel(t), kernel(x), unit @ unit.T
    return tuple(entropy(a) + entropy(o) - entropy(a * o) for o in (b, c))


x = np.stack([(i % 25) ** 2 * 3 % 97 / 10 + scatter(i * 64 + 62), scatter(i * 64 + 63)], 1)
x = x.astype(np.float32).astype(np.float64)
y = (i % 25 // 9 + i // 280) % CLASSES
hard = np.eye(CLASSES)[y]
soft = np.stack([(i % 5) / 8, (i % 5 < 4) * (4 - i % 5) / 8, np.full(N, 0.5)], 1)
narrow, wide = samples(5), samples(40)
rows = []
for name, t in (("5", narrow), ("40", wide)):
    for p_name, p in (("false", hard), ("true", soft)):
        for v in (0.001, 0.1):
            rows.append((f"kde_upper:noise_variance={v}", name, p_name, *kde(t, p, v), 1e-5))
            rows.append((f"kde_lower:noise_variance={v}", name, p_name, *kde(t, p, 4 * v), 1e-5))
        rows.append(("gaussian:noise_variance=0.2", name, p_name, *gaussian(t, p, 0.2), 1e-9))
rows.append(("gaussian:given=inputs", "5", "false", gaussian_inputs(narrow, x), gaussian(narrow, hard, 1e-14)[1], 1e-9))
rows.append(("ksg", "5", "false", *ksg(narrow, x, y, 3), 1e-9))
rows.append(("ksg:k=7", "5", "false", *ksg(narrow, x, y, 7), 1e-9))
rows.append(("renyi", "5", "true", *renyi(narrow, x, soft, 1.01), 1e-9))
rows.append(("renyi:alpha=2", "40", "false", *renyi(wide, x, hard, 2), 1e-9))
print("/* reference.h - written by reference.py; estimator, width of the layer, soft labels, I(X;T), I(T;Y), tolerance. */")
print("/* clang-format off */")
for spec, width, p, ixt, ity, tolerance in rows:
    print(f'{{"{spec}", {width}, {p}, {ixt:.12f}, {ity:.12f}, {tolerance:g}}},')
