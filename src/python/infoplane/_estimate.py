"""`estimate`: I(X;T) and I(T;Y) of activations in arrays."""
from __future__ import annotations

import operator
import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from ctypes import byref
from typing import Any, Dict, Hashable, List, Mapping, Optional, Sequence, Tuple, TypeVar, Union, overload

from numpy.typing import ArrayLike

from . import _arrays, _library, _words
from ._errors import ConfigError, Error, SaturationWarning
from ._result import Band, Estimate, Interval, Null
from ._version import VERSION

K = TypeVar("K", bound=Hashable)
Specs = Union[List[str], Tuple[str, ...]]
RunRange = Tuple[float, float]

_MOST = 2**64 - 1

# ---------------------------------------------------------------- arguments


def _count(value: Any, name: str, most: int = _MOST) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        raise Error(f"{name}: got {value!r}, expected a whole number") from None
    if not 0 <= number <= most:
        raise Error(f"{name}: got {number}, expected 0 to {most}")
    return number


def _number(value: Any, name: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise Error(f"{name}: got {value!r}, expected a number") from None


def _spec(value: Any) -> str:
    if not isinstance(value, str):
        raise Error(f"estimator: got {value!r}, expected a name such as 'edges' or 'width:size=0.5', or a list of them")
    if not _words.is_text(value):
        raise ConfigError(f"estimator {value!r}: has a NUL character, or one that is not Unicode")
    return value


def _ends(value: Any) -> RunRange:
    try:
        low, high = value
    except (TypeError, ValueError):
        raise Error(f"run_range: got {value!r}, expected (smallest, largest) activation of the layer over the run") from None
    return _number(low, "run_range"), _number(high, "run_range")


# ---------------------------------------------------------------- one layer


class _Layer:
    """One layer's samples in a struct, and the arrays that it points to."""

    __slots__ = ("struct", "arrays", "y")

    def __init__(self, t: Any, copy: Optional[bool]) -> None:
        s = self.struct = _library.Samples()
        array = _arrays.activations(t, copy)
        n, s.width = array.shape
        s.n = n
        if array.dtype.char == "f":
            s.t = _arrays.address(array)
        else:
            s.t64 = _arrays.address(array)
        s.epoch = -1
        self.arrays: List[Any] = [array]
        self.y: Any = None

    def add_labels(self, y: Any) -> None:
        s = self.struct
        array, code = _arrays.labels(y, s.n)
        self.arrays.append(array)
        if code < 0:
            s.p_y_given_x = _arrays.address(array)
            s.n_y = array.shape[1]
        else:
            s.y = _arrays.address(array)
            s.y_type = code
            self.y = array

    def renumber(self) -> bool:
        """Numbers the labels from 0 where the library refuses them; False if they are wrong."""
        if self.y is None or not self.y.size:
            return False
        array = _arrays.renumbered(self.y)
        self.y = None
        if array is None:
            return False
        self.arrays.append(array)
        self.struct.y = _arrays.address(array)
        self.struct.y_type = 0
        return True

    def add_inputs(self, x_id: Any) -> None:
        array, code = _arrays.numbers(x_id, self.struct.n, "x_id")
        if array.size and array.max() >= 4 * array.size + 65536:
            array, code = _arrays.renumbered(array), 0  # type: ignore[assignment]
        self.arrays.append(array)
        self.struct.x_id = _arrays.address(array)
        self.struct.x_id_type = code

    def add_rows(self, name: str, value: Any) -> int:
        """Points the field `name` to the rows, and returns how many columns they have."""
        array = _arrays.rows(value, self.struct.n, name)
        self.arrays.append(array)
        setattr(self.struct, name, _arrays.address(array))
        return array.shape[1]


def _layer(t: Any, y: Any, given: Dict[str, Any]) -> _Layer:
    layer = _Layer(t, given["copy"])
    s = layer.struct
    if y is not None:
        layer.add_labels(y)
    if given["x_id"] is not None:
        layer.add_inputs(given["x_id"])
    if given["x"] is not None:
        s.n_in = layer.add_rows("x", given["x"])
    if given["targets"] is not None:
        s.n_targets = layer.add_rows("target", given["targets"])
    if given["mean"] is not None and layer.add_rows("mean", given["mean"]) != s.width:
        raise Error(f"mean: expected the shape of t, ({s.n}, {s.width})")
    if given["run_range"] is not None:
        s.low, s.high = _ends(given["run_range"])
        s.has_run_range = 1
    for name in ("noise_variance", "multiplicative_noise", "dropout"):
        if given[name]:
            setattr(s, name, _number(given[name], name))
    if given["quantize_bits"]:
        s.quantize_bits = _count(given["quantize_bits"], "quantize_bits", 2**31 - 1)
    s.noise_below = bool(given["noise_below"])
    s.is_output = bool(given["is_output"])
    return layer


def _run(layer: _Layer, estimator: _library.Estimator, options: Optional[_library.Options]) -> Estimate:
    library = _library.load()
    out = _library.EstimateStruct()
    request = None if options is None else byref(options)
    scratch = _library.scratch().handle
    code = library.ip_capi_estimate_run(estimator.handle, byref(layer.struct), request, scratch, byref(out))
    if code and layer.renumber():
        code = library.ip_capi_estimate_run(estimator.handle, byref(layer.struct), request, scratch, byref(out))
    if code:
        _library.fail(library, code)
    return _result(out, estimator.label, options)


def _result(out: _library.EstimateStruct, label: str, options: Optional[_library.Options]) -> Estimate:
    interval = null = band = None
    if options is not None and options.bootstrap:
        interval = Interval(
            (out.ixt_low, out.ixt_high), (out.ity_low, out.ity_high), options.level,
            _library.text(out.ixt_interval_no_value), _library.text(out.ity_interval_no_value),
        )  # fmt: skip
    if options is not None and options.null_shuffles:
        null = Null(out.null_mean, out.null_high, out.null_p_value)
    if out.ixt_band_low == out.ixt_band_low or out.ity_band_low == out.ity_band_low:
        band = Band((out.ixt_band_low, out.ixt_band_high), (out.ity_band_low, out.ity_band_high))
    return Estimate(
        out.ixt, out.ity, out.ixt_error, out.ity_error, out.h_t, out.n_symbols, out.saturated != 0, interval, null,
        label, VERSION, out.ixt_raw, out.ity_raw, out.ixt_given_y, band, _library.text(out.ixt_no_value),
        _library.text(out.ity_no_value),
    )  # fmt: skip


def _saturation(where: Sequence[str]) -> str:
    shown = ", ".join(where[:4]) + (f" and {len(where) - 4} more" if len(where) > 4 else "")
    return (
        f"{shown}: I(X;T) is within 1 % of log2 n, its maximum: the estimate only shows that the samples differ; use "
        "fewer bins or more noise, or another estimator"
    )


# ---------------------------------------------------------------- several


def _options(null: Any, bootstrap: Any, level: Any) -> Optional[_library.Options]:
    if null == 0 and bootstrap == 0:
        return None
    options = _library.Options()
    options.null_shuffles = _count(null, "null")
    options.bootstrap = _count(bootstrap, "bootstrap")
    options.level = _number(level, "level")
    return options


def _n_threads(threads: Any, n_jobs: int) -> int:
    n = _count(threads, "threads")
    if n == 0:
        n = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(n, n_jobs)


def _run_all(
    layers: Sequence[_Layer],
    estimators: Sequence[_library.Estimator],
    options: Optional[_library.Options],
    threads: Any,
) -> List[Estimate]:
    """(layers, estimators), row by row."""
    jobs = [(layer, estimator) for layer in layers for estimator in estimators]
    n = _n_threads(threads, len(jobs))
    if n <= 1:
        return [_run(layer, estimator, options) for layer, estimator in jobs]
    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(lambda job: _run(job[0], job[1], options), jobs))


@overload
def estimate(
    t: Mapping[K, Any], y: Any = ..., *, estimator: str = ..., x_id: Any = ..., x: Any = ..., targets: Any = ...,
    null: int = ..., bootstrap: int = ..., level: float = ..., seed: int = ...,
    run_range: Union[RunRange, Mapping[K, RunRange], None] = ..., noise_variance: float = ...,
    multiplicative_noise: float = ..., dropout: float = ..., mean: Any = ..., noise_below: bool = ...,
    quantize_bits: int = ..., is_output: bool = ..., copy: Optional[bool] = ..., threads: int = ...,
) -> Dict[K, Estimate]: ...  # fmt: skip


@overload
def estimate(
    t: Mapping[K, Any], y: Any = ..., *, estimator: Specs, x_id: Any = ..., x: Any = ..., targets: Any = ...,
    null: int = ..., bootstrap: int = ..., level: float = ..., seed: int = ...,
    run_range: Union[RunRange, Mapping[K, RunRange], None] = ..., noise_variance: float = ...,
    multiplicative_noise: float = ..., dropout: float = ..., mean: Any = ..., noise_below: bool = ...,
    quantize_bits: int = ..., is_output: bool = ..., copy: Optional[bool] = ..., threads: int = ...,
) -> Dict[K, Dict[str, Estimate]]: ...  # fmt: skip


@overload
def estimate(
    t: ArrayLike, y: Any = ..., *, estimator: str = ..., x_id: Any = ..., x: Any = ..., targets: Any = ...,
    null: int = ..., bootstrap: int = ..., level: float = ..., seed: int = ...,
    run_range: Optional[RunRange] = ..., noise_variance: float = ..., multiplicative_noise: float = ...,
    dropout: float = ..., mean: Any = ..., noise_below: bool = ..., quantize_bits: int = ..., is_output: bool = ...,
    copy: Optional[bool] = ..., threads: int = ...,
) -> Estimate: ...  # fmt: skip


@overload
def estimate(
    t: ArrayLike, y: Any = ..., *, estimator: Specs, x_id: Any = ..., x: Any = ..., targets: Any = ...,
    null: int = ..., bootstrap: int = ..., level: float = ..., seed: int = ...,
    run_range: Optional[RunRange] = ..., noise_variance: float = ..., multiplicative_noise: float = ...,
    dropout: float = ..., mean: Any = ..., noise_below: bool = ..., quantize_bits: int = ..., is_output: bool = ...,
    copy: Optional[bool] = ..., threads: int = ...,
) -> Dict[str, Estimate]: ...  # fmt: skip


def estimate(
    t: Any,
    y: Any = None,
    *,
    estimator: Any = "kde_upper",
    x_id: Any = None,
    x: Any = None,
    targets: Any = None,
    null: int = 0,
    bootstrap: int = 0,
    level: float = 0.95,
    seed: int = 1,
    run_range: Any = None,
    noise_variance: float = 0.0,
    multiplicative_noise: float = 0.0,
    dropout: float = 0.0,
    mean: Any = None,
    noise_below: bool = False,
    quantize_bits: int = 0,
    is_output: bool = False,
    copy: Optional[bool] = None,
    threads: int = 1,
) -> Any:
    """Estimates I(X;T) and I(T;Y) of a layer, in bits.

        I(A;B) = sum over a, b of p(a,b) log2( p(a,b) / (p(a) p(b)) )        Cover & Thomas 2006, eq. 2.28

    T is the layer's activations, X the index of the distinct input, Y the label. Every estimator is biased;
    docs/estimators.md has formulas, bias and sources, `infoplane.estimators()` the parameters. The result has the same
    bits as the run file that `infoplane estimate` writes for the same samples and seed.

    Estimators of a discrete T: edges, width, equal_width, equal_mass, ebab, exact. Of a continuous T: kde_upper,
    kde_lower (bounds), gaussian, ksg, mixture_ksg, sliced, edge, renyi. Of networks with noise: noisy, multiplicative,
    dropout. A spec is "name" or "name:key=value:key=value", such as "width:size=0.07".

    Args:
        t: Activations (n, width): anything that NumPy reads, tensors of PyTorch included. float32 in C order is read in
            place, float64 with all its digits. A mapping of such arrays, such as {(layer, epoch): array}, is estimated
            key by key.
        y: Labels (n): whole numbers from 0, bools, strings, -1 and 1; one-hot rows (n, classes), or rows p(y|x).
        estimator: Spec of an estimator, or a list of specs.
        x_id: Distinct input of each sample (n), numbers or names. None: every sample is an input of its own.
        x: The inputs themselves (n, ...), for estimators that need them: ksg, mixture_ksg, sliced, and gaussian and edge
            with given=inputs.
        targets: Targets of a regression (n, ...) in place of labels.
        null: Number of label shuffles for the distribution of I(T;Y) under independence; 0: none.
        bootstrap: Number of resamples for confidence intervals (200; 1000 for publication); 0: none.
        level: Level of these intervals.
        seed: Seed of all random draws.
        run_range: Smallest and largest activation of the layer over the whole run, for range=run of equal_width; for a
            mapping of layers, also a mapping with the same keys.
        noise_variance, multiplicative_noise, dropout: Noise of the network on each unit, at most one kind.
        mean: The units (n, width) before that noise.
        noise_below: Layers below add noise too.
        quantize_bits: Number of bits to which the activations were quantized; 0: they were not.
        is_output: The layer is the output.
        copy: False: an array that would have to be converted is an error.
        threads: Threads that share layers and estimators; 0: one for each core. The result does not depend on it.

    Returns:
        An `Estimate`; for a list of estimators a dict from spec to Estimate, and for a mapping a dict with its keys.

    Raises:
        ConfigError: The name or a parameter of an estimator is wrong.
        NumericError: An activation is NaN or infinite.
        Error: Arrays do not fit each other or the estimator. All are ValueErrors with a sentence for the user.

    Warns:
        SaturationWarning: I(X;T) is within 1 % of log2 n, its maximum.
    """
    given = {
        "x_id": x_id, "x": x, "targets": targets, "run_range": run_range, "noise_variance": noise_variance,
        "multiplicative_noise": multiplicative_noise, "dropout": dropout, "mean": mean, "noise_below": noise_below,
        "quantize_bits": quantize_bits, "is_output": is_output, "copy": copy,
    }  # fmt: skip
    seed = _count(seed, "seed")
    options = _options(null, bootstrap, level)
    if isinstance(estimator, str) and not isinstance(t, Mapping):
        found = _run(_layer(t, y, given), _library.estimator(_spec(estimator), seed), options)
        if found.saturated:
            warnings.warn(_saturation([found.label]), SaturationWarning, stacklevel=2)
        return found
    return _several(t, y, estimator, seed, given, options, threads)


def _several(
    t: Any, y: Any, estimator: Any, seed: int, given: Dict[str, Any], options: Optional[_library.Options], threads: Any
) -> Any:
    is_one = isinstance(estimator, str)
    if not is_one and not isinstance(estimator, (list, tuple)):
        raise Error(f"estimator: got {estimator!r}, expected a name such as 'edges', or a list of them")
    specs = [_spec(s) for s in ([estimator] if is_one else estimator)]
    estimators = [_library.estimator(s, seed) for s in specs]
    keys = list(t) if isinstance(t, Mapping) else [None]
    layers = []
    for key in keys:
        ranges = given["run_range"]
        mine = {**given, "run_range": ranges[key]} if isinstance(ranges, Mapping) else given
        layers.append(_layer(t[key] if isinstance(t, Mapping) else t, y, mine))
    found = _run_all(layers, estimators, options, threads)
    where = [f"{key}, {e.label}" if isinstance(t, Mapping) else e.label for key in keys for e in estimators]
    saturated = [w for w, e in zip(where, found) if e.saturated]
    if saturated:
        warnings.warn(_saturation(saturated), SaturationWarning, stacklevel=3)
    n = len(specs)
    by_key = {k: found[i * n] if is_one else dict(zip(specs, found[i * n : (i + 1) * n])) for i, k in enumerate(keys)}
    return by_key if isinstance(t, Mapping) else by_key[None]
