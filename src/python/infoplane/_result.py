"""What `estimate` returns."""
from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Dict, Optional, Tuple

NATS_PER_BIT = math.log(2)

Ends = Tuple[float, float]

_AMOUNTS = ("ixt", "ity", "ixt_error", "ity_error", "h_t", "ixt_raw", "ity_raw", "ixt_given_y")


def _in_nats(ends: Ends) -> Ends:
    return ends[0] * NATS_PER_BIT, ends[1] * NATS_PER_BIT


@dataclass(frozen=True)
class Interval:
    """Bootstrap confidence intervals over samples; (nan, nan) with the reason where one is not defined."""

    ixt: Ends
    ity: Ends
    level: float
    ixt_no_value: Optional[str] = None
    ity_no_value: Optional[str] = None


@dataclass(frozen=True)
class Null:
    """I(T;Y) under shuffled labels: its mean, which is the bias under independence; its 95 % quantile; the p-value
    (1 + shuffles with at least the observed I(T;Y)) / (1 + shuffles) (Phipson & Smyth 2010)."""

    mean: float
    high: float
    p_value: float


@dataclass(frozen=True)
class Band:
    """The ends of an estimate that is a range over one of the estimator's parameters. No confidence interval."""

    ixt: Ends
    ity: Ends


@dataclass(frozen=True)
class Estimate:
    """I(X;T) and I(T;Y) of one layer, in bits; `.nats` has the same in nats. A value that does not exist is NaN, and
    `ixt_no_value` or `ity_no_value` says why."""

    ixt: float
    """I(X;T), within 0 and H(X) where theory has these bounds"""
    ity: float
    """I(T;Y), within 0 and H(Y)"""
    ixt_error: float
    """standard error of the estimator's own random draws; 0 if it makes none"""
    ity_error: float
    h_t: float
    """entropy of a discrete T; NaN for estimators of continuous T"""
    symbols: int
    """distinct values of a discrete T; 0 for estimators of continuous T"""
    saturated: bool
    """I(X;T) is within 1 % of log2 n: the estimate only shows that the samples differ"""
    interval: Optional[Interval]
    """with bootstrap="""
    null: Optional[Null]
    """with null="""
    label: str
    """canonical spec of the estimator: the name of its group in run files"""
    version: str
    """of infoplane"""
    ixt_raw: float
    """the value of the formula before clipping: average raw values over seeds, then clip the mean"""
    ity_raw: float
    ixt_given_y: float
    """I(X;T|Y)"""
    band: Optional[Band]
    """of estimators whose result is a band (edge)"""
    ixt_no_value: Optional[str] = None
    ity_no_value: Optional[str] = None
    unit: str = "bits"

    @property
    def nats(self) -> Estimate:
        """The same estimate in nats: every amount of information times ln 2."""
        if self.unit == "nats":
            return self
        amounts: Dict[str, Any] = {name: getattr(self, name) * NATS_PER_BIT for name in _AMOUNTS}
        interval, null, band = self.interval, self.null, self.band
        if interval:
            interval = replace(interval, ixt=_in_nats(interval.ixt), ity=_in_nats(interval.ity))
        if null:
            null = replace(null, mean=null.mean * NATS_PER_BIT, high=null.high * NATS_PER_BIT)
        if band:
            band = Band(_in_nats(band.ixt), _in_nats(band.ity))
        return replace(self, **amounts, interval=interval, null=null, band=band, unit="nats")
