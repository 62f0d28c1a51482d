"""Arrays of all kinds as those that the library reads: C-contiguous, of a type that it knows, without a copy where
possible."""
from __future__ import annotations

import math
from typing import Any, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from ._errors import Error

Array = NDArray[Any]

_F4: np.dtype[Any] = np.dtype(np.float32)
_F8: np.dtype[Any] = np.dtype(np.float64)
_I4: np.dtype[Any] = np.dtype(np.int32)
_I8: np.dtype[Any] = np.dtype(np.int64)
_U1: np.dtype[Any] = np.dtype(np.uint8)
_TYPES = {_I4: 0, _I8: 1, _U1: 2}  # IP_CAPI_I32, ...


# ---------------------------------------------------------------- anything as an array


def as_array(value: Any, name: str) -> Array:
    """`value` as a NumPy array, that of a tensor without a copy where it is in the memory of the processor."""
    if isinstance(value, np.ma.MaskedArray):
        if np.any(value.mask):
            raise Error(f"{name}: has masked values; leave these samples out")
        return np.asarray(value.data)
    try:
        if hasattr(value, "detach") and hasattr(value, "numpy"):
            return _of_tensor(value)
        if hasattr(value, "__dlpack__") and not hasattr(value, "__array__") and hasattr(np, "from_dlpack"):
            return np.from_dlpack(value)
        with np.errstate(all="ignore"):
            return np.asarray(value)
    except (ValueError, TypeError, OverflowError, RuntimeError, BufferError) as reason:
        raise Error(f"{name}: is no array: {reason}") from None


def _of_tensor(tensor: Any) -> Array:
    """The array of a tensor of PyTorch."""
    tensor = tensor.detach().cpu()
    if str(tensor.dtype) == "torch.bfloat16":  # which NumPy does not have; float32 has its values
        tensor = tensor.float()
    return np.asarray(tensor.numpy())


def address(array: Array) -> int:
    data: int = array.__array_interface__["data"][0]
    return data


def _is_ready(array: Array) -> bool:
    return array.flags.c_contiguous and array.flags.aligned


def _ready(array: Array, dtype: np.dtype[Any]) -> Array:
    """C-contiguous, aligned, of this type and in this machine's byte order."""
    with np.errstate(over="ignore"):
        return np.require(array, dtype, ["C", "A"])


def _floats(array: Array, name: str) -> Array:
    """float32 where that holds every value of the type, else float64."""
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "O":
        try:
            return _ready(array.astype(_F8), _F8)
        except (ValueError, TypeError, OverflowError) as reason:
            raise Error(f"{name}: has values that are not numbers: {reason}") from None
    if kind not in "fiub":
        raise Error(f"{name}: has the type {array.dtype}, expected numbers")
    if kind == "f":
        return _ready(array, _F4 if size <= 4 else _F8)
    return _ready(array, _F4 if size <= 2 else _F8)


# ---------------------------------------------------------------- activations


def activations(value: Any, copy: Optional[bool]) -> Array:
    """(n, width) of float32 or float64. float32 in C order is used in place."""
    array = value if type(value) is np.ndarray else as_array(value, "t")
    if array.ndim == 2 and array.dtype == _F4 and _is_ready(array):
        return array
    if array.ndim == 0:
        raise Error("t: is one value, expected activations (samples, units)")
    if array.ndim > 2:
        raise Error(
            f"t: has the shape {array.shape}, expected (samples, units); pool the other axes first, as Recorder(pool=...) "
            "does: for example t.mean(axis=(2, 3)) of a convolution, or t.reshape(len(t), -1) for all units"
        )
    if copy is False and not (array.ndim == 1 and array.dtype == _F4 and _is_ready(array)):
        order = "" if array.flags.c_contiguous else " not in C order"
        raise Error(
            f"t: copy=False expects float32 in C order, got {array.dtype}{order}; leave copy out to convert it once"
        )
    array = _floats(array, "t")
    return array[:, np.newaxis] if array.ndim == 1 else array


def rows(value: Any, n: int, name: str) -> Array:
    """(n, columns) of float32: inputs, targets, units before noise."""
    array = as_array(value, name)
    if array.ndim == 0 or array.shape[0] != n:
        raise Error(f"{name}: has the shape {array.shape}, expected a row for each of the {n} samples")
    return _ready(_floats(array, name), _F4).reshape(n, math.prod(array.shape[1:]))


# ---------------------------------------------------------------- labels


def _is_missing(value: Any) -> bool:
    """None, NaN, NaT, or pandas.NA, whose comparisons have no truth value."""
    try:
        return value is None or bool(value != value)
    except TypeError:
        return True
    except ValueError:  # an array
        return False


def check_missing(array: Array, name: str) -> None:
    """An error where objects or dates have missing values, which would else be a class of their own."""
    kind = array.dtype.kind
    if np.isnat(array).any() if kind in "mM" else kind == "O" and any(map(_is_missing, array.flat)):
        raise Error(f"{name}: has missing values (None, NaN, NaT or NA); leave these samples out")


def _numbered(array: Array, name: str) -> Array:
    """Values of any kind that can be sorted, as their ranks."""
    check_missing(array, name)
    try:
        return np.unique(array, return_inverse=True)[1].reshape(array.shape)
    except TypeError as reason:
        raise Error(f"{name}: has values of different kinds: {reason}") from None


def renumbered(array: Array) -> Optional[Array]:
    """Labels that the library refuses, numbered from 0: -1 and 1, or large numbers with gaps. None: they are wrong."""
    values, ranks = np.unique(array, return_inverse=True)
    if values[0] >= 0 or (values.size == 2 and values[0] == -1 and values[1] == 1):
        return ranks.astype(_I4)
    return None


def is_whole(array: Array) -> bool:
    """Whether floats are integers that are exact in float64."""
    with np.errstate(invalid="ignore"):
        return bool((np.abs(array) < 1 << 53).all() and (array == np.floor(array)).all())


def numbers(value: Any, n: int, name: str) -> Tuple[Array, int]:
    """(n) whole numbers of a type that the library reads, and which; other values of any kind as their ranks."""
    array = value if type(value) is np.ndarray else as_array(value, name)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1 or array.shape[0] != n:
        raise Error(f"{name}: has the shape {array.shape}, expected one value for each of the {n} samples")
    code = _TYPES.get(array.dtype)
    if code is not None and _is_ready(array):
        return array, code
    kind = array.dtype.kind
    if kind == "b":
        return _ready(array, _U1), 2
    if kind == "f" and name == "y" and is_whole(array):
        return _ready(array, _I8), 1
    if kind in "fc":
        raise Error(f"{name}: has the type {array.dtype}, expected whole numbers or names; numbers of a regression are "
                    "given as targets=")
    if kind == "u" and array.dtype.itemsize == 8 and array.size and int(array.max()) > np.iinfo(_I8).max:
        return _ready(_numbered(array, name), _I8), 1
    if kind in "iu":
        return _ready(array, _I8), 1
    return _ready(_numbered(array, name), _I8), 1


def labels(value: Any, n: int) -> Tuple[Array, int]:
    """As `numbers`, or (n, classes) of float32 with the code -1: soft labels p(y|x). One-hot rows become numbers."""
    array = value if type(value) is np.ndarray else as_array(value, "y")
    if array.ndim != 2 or array.shape[1] == 1:
        return numbers(array, n, "y")
    if array.shape[0] != n:
        raise Error(f"y: has the shape {array.shape}, expected a row for each of the {n} samples")
    p = _floats(array, "y")
    hot = p.argmax(axis=1) if p.size else np.zeros(n, int)
    if (p.max(axis=1, initial=0) == 1).all() and (np.count_nonzero(p, axis=1) == 1).all():
        return _ready(hot, _I8), 1
    if array.dtype.kind != "f":
        raise Error(f"y: has the shape {array.shape} and is not one-hot; expected one label for each sample")
    return _ready(p, _F4), -1


# ---------------------------------------------------------------- tables


def doubles(value: Any, name: str) -> Array:
    """float64 in C order."""
    return _ready(_floats(as_array(value, name), name), _F8)


def table(value: Any, name: str) -> Tuple[Array, bool]:
    """Probabilities as float64, or counts (whole numbers) as uint32, and whether they are counts."""
    array = as_array(value, name)
    if array.dtype.kind in "iub":
        most = np.iinfo(np.uint32).max
        if array.size and (int(array.min()) < 0 or int(array.max()) > most):
            raise Error(f"{name}: has counts from {array.min()} to {array.max()}, expected 0 to {most}")
        return _ready(array, np.dtype(np.uint32)), True
    return _ready(_floats(array, name), _F8), False
