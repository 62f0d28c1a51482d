"""The samples of a run: labels, inputs, split. Every kind that users have becomes what a run file contains."""
from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

import numpy as np
from numpy.typing import NDArray

from ._arrays import as_array, check_missing, is_whole, renumbered
from ._errors import ConfigError, Error, NumericError

Array = NDArray[Any]

_MAX_CLASSES = 1 << 20


def array(values: Any, what: str) -> Array:
    """Any array of numbers or texts: of NumPy, torch (also of a GPU), or lists."""
    a = as_array(values, what)
    if a.dtype == object:
        raise Error(f"{what}: expected an array of numbers, got objects such as {type(a.flat[0] if a.size else values)}")
    return a


def matrix(values: Any, n: int, what: str) -> NDArray[np.float32]:
    """Activations (n, width) in float32; (n,) becomes (n, 1)."""
    a = array(values, what)
    if a.dtype.kind not in "fiub":
        raise Error(f"{what}: expected numbers, got {a.dtype}")
    if a.ndim == 1:
        a = a[:, None]
    if a.ndim != 2 or a.shape[0] != n or a.shape[1] == 0:
        more = "; average or flatten the positions first" if a.ndim > 2 else ""
        raise Error(f"{what}: expected the shape ({n}, width), got {a.shape}{more}")
    return np.ascontiguousarray(a, np.float32)


def labels(y: Any) -> NDArray[np.int32]:
    """Integers from 0, of integers, booleans, strings or one-hot rows."""
    a = array(y, "y")
    if a.ndim == 2 and a.shape[1] > 1:
        if not _is_one_hot(a):
            raise Error(f"y: got rows of shape {a.shape} that are not one-hot; soft labels are p_y_given_x=, and the "
                        "targets of a regression targets=")
        a = a.argmax(1)
    a = a.reshape(-1) if a.ndim == 2 else a
    if a.ndim != 1:
        raise Error(f"y: expected the shape (samples,), got {a.shape}")
    if a.dtype.kind == "f":
        if not is_whole(a):
            raise Error("y: expected labels, got fractions, NaN or infinity; the targets of a regression are targets=")
        a = a.astype("i8")
    if a.dtype.kind in "biu":
        if not a.size or (a.min() >= 0 and a.max() < _MAX_CLASSES):
            return a.astype(np.int32)
        ranks = renumbered(a)
        if ranks is None:
            at = int(np.argmax(a < 0))
            raise Error(f"y: the label of sample {at} is {a[at]}, expected integers from 0, or -1 and 1; negative integers "
                        "usually mark missing labels: leave these samples out")
        return ranks
    if a.dtype.kind in "cV":
        raise Error(f"y: expected integers, booleans or texts, got {a.dtype}")
    check_missing(a, "y")
    return np.unique(a, return_inverse=True)[1].astype(np.int32)


def _is_one_hot(a: Array) -> bool:
    return a.dtype.kind in "biuf" and bool(((a == 0) | (a == 1)).all() and (a.sum(1) == 1).all())


def _most_probable(p: Array) -> NDArray[np.int32]:
    """The most probable class of each sample, the last of equals, as the program has it."""
    return np.asarray(p.shape[1] - 1 - p[:, ::-1].argmax(1), np.int32)


def classes(y: Any, n: int) -> NDArray[np.int32]:
    """One class per sample, for strata: 0 where y is none, or has several values per sample."""
    a = array(y, "y") if y is not None else np.zeros(n, np.int32)
    return labels(a) if a.ndim == 1 or _is_one_hot(a) else np.zeros(n, np.int32)


def seed(value: Any) -> int:
    """The number of a run among its repeats."""
    if isinstance(value, (int, np.integer)) and 0 <= value < 1 << 64:
        return int(value)
    raise ConfigError(f"seed: expected an integer from 0 to {(1 << 64) - 1}, got {value!r}")


def ids(x_id: Any, n: int) -> NDArray[np.uint32]:
    """The distinct input of each sample, from 0; without x_id, every sample is one of its own."""
    if x_id is None:
        return np.arange(n, dtype=np.uint32)
    a = array(x_id, "x_id")
    if a.dtype.kind not in "biu" or a.ndim != 1:
        raise Error(f"x_id: expected integers of the shape ({n},), got {a.dtype} {a.shape}")
    return np.unique(a, return_inverse=True)[1].astype(np.uint32)


def distinct(x: Array) -> NDArray[np.uint32]:
    """x_id of the inputs themselves: equal rows are the same input."""
    rows = np.ascontiguousarray(x.reshape(len(x), -1))
    keys = rows.view([("", f"V{rows.dtype.itemsize * rows.shape[1]}")]).reshape(-1)
    number: NDArray[np.int64] = np.unique(keys, return_inverse=True)[1]
    return number.astype(np.uint32)


def _floats(values: Any, what: str) -> NDArray[np.float32]:
    a = array(values, what)
    a = a.reshape(len(a), -1).astype(np.float32)
    if not np.isfinite(a).all():
        raise NumericError(f"{what}: contains NaN or infinity")
    return np.ascontiguousarray(a)


def _probabilities(values: Any) -> NDArray[np.float32]:
    p = _floats(values, "p_y_given_x")
    off = np.flatnonzero(((p < 0) | (p > 1)).any(1) | (np.abs(p.sum(1, dtype=float) - 1) >= 1e-4))
    if off.size:
        raise Error(f"p_y_given_x: the row of sample {off[0]} is {p[off[0]]}, expected numbers from 0 to 1 that sum to 1")
    return p


def _split(values: Any) -> NDArray[np.uint8]:
    a = array(values, "split")
    if a.dtype.kind not in "biu" or not np.isin(a, (0, 1)).all():
        raise Error("split: expected False or 0 for training samples, True or 1 for test samples")
    return a.astype(np.uint8)


def collect(y: Any = None, x_id: Any = None, x: Any = None, targets: Any = None, p_y_given_x: Any = None,
            split: Any = None) -> Dict[str, Array]:
    """The datasets of /data. All have the same number of samples."""
    found: Dict[str, Optional[Array]] = {
        "y": labels(y) if y is not None else None,
        "target": _floats(targets, "targets") if targets is not None else None,
        "p_y_given_x": _probabilities(p_y_given_x) if p_y_given_x is not None else None,
        "x": _floats(x, "x") if x is not None else None,
        "split": _split(split) if split is not None else None,
    }
    given = {name: a for name, a in found.items() if a is not None}
    if not ({"y", "target", "p_y_given_x"} & set(given)):
        raise Error("y: expected labels, or targets= or p_y_given_x=")
    n = len(next(iter(given.values())))
    given["x_id"] = ids(x_id, n)
    sizes = {name: len(a) for name, a in given.items()}
    if len(set(sizes.values())) > 1 or n == 0:
        raise Error("samples: expected the same number of each, at least one; got "
                    + ", ".join(f"{size} of {name}" for name, size in sizes.items()))
    if "y" not in given:
        p = given.get("p_y_given_x")
        given["y"] = np.zeros(n, np.int32) if p is None else _most_probable(p)
    return given


def _bits(counts: NDArray[np.int64]) -> float:
    p = counts / counts.sum()
    return float(-(p * np.log2(p)).sum()) + 0.0


def entropies(samples: Mapping[str, Array]) -> Dict[str, float]:
    """H(X) and H(Y) of the samples in bits. Without H(Y) where Y is not the label."""
    x, y = samples["x_id"], samples["y"]
    found = {"hx_bits": _bits(np.unique(x, return_counts=True)[1])}
    if not ({"target", "p_y_given_x"} & set(samples)):
        found["hy_bits"] = _bits(np.unique(y, return_counts=True)[1])
    return found


def stratified(y: Array, count: int, seed: int) -> NDArray[np.int64]:
    """Indices, in order, of `count` samples in which every class has its share; a class has at least one sample.

    Shares are rounded by the largest remainder. Depends only on y, count and seed.
    """
    n = len(y)
    if count >= n:
        return np.arange(n)
    rng = np.random.default_rng(seed)
    classes, inverse, sizes = np.unique(y, return_inverse=True, return_counts=True)
    share = sizes * count / n
    take = np.maximum(np.floor(share).astype(int), min(1, count // len(classes)))
    order = np.argsort(-(share - take), kind="stable")
    for k in order[: max(count - take.sum(), 0)]:
        take[k] += 1
    while take.sum() > count:  # classes that were raised to one sample
        take[np.argmax(take)] -= 1
    chosen = [rng.permutation(np.flatnonzero(inverse == k))[: take[k]] for k in range(len(classes))]
    return np.sort(np.concatenate(chosen))
