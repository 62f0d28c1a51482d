"""`ib_curve`: the Information Bottleneck curve of a table."""
from __future__ import annotations

from ctypes import addressof, c_void_p
from dataclasses import dataclass, field
from typing import Any, Callable, List, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from . import _arrays, _library
from ._errors import Error
from ._estimate import _count, _number

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Critical:
    """A phase transition: above critical_beta, the optimal T has more clusters than below."""

    critical_beta: float
    split_beta: float
    """at which a cluster would split in two; NaN if none does before the next point"""
    ixt: float
    ity: float
    n_before: int
    n_after: int


@dataclass(frozen=True)
class Nearest:
    """Where a point of the information plane is relative to the curve."""

    distance: float
    """to the curve in bits; negative if the point is above it, where no T is"""
    ity_gap: float
    """the curve at the same I(X;T), minus the point's I(T;Y), in bits"""
    beta: float
    ixt: float
    ity: float


@dataclass(frozen=True)
class Curve:
    """Points of an IB curve, in increasing order of beta, in bits."""

    beta: Floats
    ixt: Floats
    ity: Floats
    h_t: Floats
    slope_beta: Floats
    """the curve has the slope 1 / slope_beta; NaN unless alpha is 1"""
    lagrangian: Floats
    optimality_gap: Floats
    """how far the Lagrangian may be above the optimum; proven where `certified`"""
    clusters: NDArray[np.int64]
    converged: NDArray[np.bool_]
    certified: NDArray[np.bool_]
    critical: Tuple[Critical, ...]
    hx: float
    hy: float
    ixy: float
    """I(X;Y), the I(T;Y) at the end of the curve"""
    h_classes: float
    """the I(X;T) at its end: the entropy of X where inputs with the same p(y|x) are one"""
    critical_beta: float
    """T = constant is optimal up to this beta; NaN unless alpha is 1 and not squared"""
    unstable_beta: float
    _handle: _Handle = field(repr=False, compare=False)

    def at(self, ixt: Any) -> Any:
        """I(T;Y) of the curve at I(X;T) = ixt, in bits, linear between its points: a lower bound. A number or an array."""
        library = _library.load()
        values = _arrays.doubles(ixt, "ixt")
        found = np.array([library.ip_capi_curve_at(self._handle.value, v) for v in values.ravel()])
        return float(found[0]) if values.ndim == 0 else found.reshape(values.shape)

    def nearest(self, ixt: float, ity: float) -> Nearest:
        """Where a point of the information plane, such as a layer, is relative to the curve."""
        library = _library.load()
        near = _library.Nearest()
        point = _number(ixt, "ixt"), _number(ity, "ity")
        code = library.ip_capi_curve_nearest(self._handle.value, *point, addressof(near))
        if code:
            _library.fail(library, code)
        return Nearest(near.distance, near.ity_gap, near.beta, near.ixt, near.ity)


class _Handle:
    """The curve in the library."""

    def __init__(self, value: Optional[int]) -> None:
        self.value = value
        self._destroy = _library.load().ip_capi_curve_destroy

    def __del__(self) -> None:
        self._destroy(self.value)


def _read(call: Callable[..., int], handle: _Handle, n: int, struct: Any) -> List[Any]:
    """The n structs that `call` fills."""
    found = []
    for i in range(n):
        s = struct()
        code = call(handle.value, i, addressof(s))
        if code:
            _library.fail(_library.load(), code)
        found.append(s)
    return found


def _curve(handle: _Handle) -> Curve:
    library = _library.load()
    summary = _library.CurveSummary()
    code = library.ip_capi_curve_summarize(handle.value, addressof(summary))
    if code:
        _library.fail(library, code)
    points = _read(library.ip_capi_curve_point_at, handle, summary.n_points, _library.CurvePoint)
    critical = _read(library.ip_capi_curve_critical_at, handle, summary.n_critical, _library.Critical)

    def column(name: str, dtype: Any) -> NDArray[Any]:
        return np.array([getattr(p, name) for p in points], dtype)

    return Curve(
        beta=column("beta", float), ixt=column("ixt", float), ity=column("ity", float), h_t=column("h_t", float),
        slope_beta=column("slope_beta", float), lagrangian=column("lagrangian", float),
        optimality_gap=column("optimality_gap", float), clusters=column("n_clusters", np.int64),
        converged=column("converged", bool), certified=column("certified", bool),
        critical=tuple(
            Critical(c.critical_beta, c.split_beta, c.ixt, c.ity, c.n_before, c.n_after) for c in critical
        ),
        hx=summary.hx, hy=summary.hy, ixy=summary.ixy, h_classes=summary.h_classes,
        critical_beta=summary.critical_beta, unstable_beta=summary.unstable_beta, _handle=handle,
    )  # fmt: skip


def ib_curve(
    pxy: Any,
    betas: Any = None,
    *,
    squared: bool = False,
    alpha: float = 1.0,
    refine: int = 0,
    tolerance: float = 1e-3,
    restarts: int = 3,
    seed: int = 1,
) -> Curve:
    """The Information Bottleneck curve: the largest I(T;Y) of any T with a given I(X;T), in bits.

        minimise  I(X;T) - beta I(T;Y)  over p(t|x)        Tishby, Pereira & Bialek 1999, eq. 15

    The same computation as `infoplane curve`; docs/bottleneck.md says how far each point can be trusted. It ends when it
    is done: a table of thousands of different p(y|x) takes seconds for each beta.

    Args:
        pxy: Probabilities (values of X, values of Y) that sum to 1 within 1e-6, or whole numbers, which are counts;
            without a row of zeros.
        betas: Increasing values of beta above 0. None: 40 from 1 to 300 with equal ratios.
        squared: Minimise I(X;T)^2 - beta I(T;Y), in nats, which has an optimum at every point of the curve even if Y is
            a function of X (Kolchinsky, Tracey & Van Kuyk 2019).
        alpha: Minimise H(T) - alpha H(T|X) - beta I(T;Y); 0 is the deterministic bottleneck (Strouse & Schwab 2017).
        refine: Largest number of betas to add where the curve is known least, until straight lines are within
            `tolerance` bits of it.
        tolerance: See refine.
        restarts: Random starts at every beta without a proof of optimality.
        seed: Seed of these starts.

    Raises:
        ConfigError: An option is out of range.
        Error: The table is no distribution, or the betas are not increasing.
    """
    array, are_counts = _arrays.table(pxy, "pxy")
    if are_counts:
        array = array / max(1, array.sum(dtype=float))
    if array.ndim != 2:
        raise Error(f"pxy: has the shape {array.shape}, expected a table (values of X, values of Y)")
    grid = _arrays.doubles([] if betas is None else betas, "betas")
    if betas is not None and not grid.size:
        raise Error("betas: has no values, expected at least one")
    options = _library.CurveOptions()
    options.alpha = _number(alpha, "alpha")
    options.tolerance = _number(tolerance, "tolerance")
    options.refine = _count(refine, "refine")
    options.restarts = _count(restarts, "restarts")
    options.seed = _count(seed, "seed")
    options.squared = bool(squared)
    library = _library.load()
    handle = c_void_p()
    code = library.ip_capi_curve_create(
        *array.shape, _arrays.address(array), addressof(options), grid.size, _arrays.address(grid), addressof(handle)
    )
    if code:
        _library.fail(library, code)
    return _curve(_Handle(handle.value))
