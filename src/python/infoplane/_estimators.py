"""`estimators`: which there are."""
from __future__ import annotations

from ctypes import addressof
from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple

from . import _library

_NEEDS = ("the range of the layer over the run (run_range)", "the inputs (x)", "mean and noise_variance",
          "mean and multiplicative_noise", "mean and dropout")  # in the order of IP_CAPI_NEEDS_...
_TYPES = ("int", "real", "choice")


@dataclass(frozen=True)
class Parameter:
    """A parameter of an estimator: `name=value` in its spec."""

    name: str
    type: str
    """int, real or choice"""
    default: str
    help: str
    low: Optional[float]
    high: Optional[float]
    choices: Tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """An estimator."""

    name: str
    help: str
    needs: Tuple[str, ...]
    """what it requires beyond activations and labels, with its default parameters"""
    is_discrete: bool
    """it makes T discrete, and Estimate.h_t and .symbols exist"""
    knows_targets: bool
    """it uses the targets of a regression as Y"""
    parameters: Tuple[Parameter, ...]


class Estimators(Dict[str, Kind]):
    """The estimators by their names. Printed, a table."""

    def __repr__(self) -> str:
        return "\n".join(line for kind in self.values() for line in _lines(kind))


def _lines(kind: Kind) -> Tuple[str, ...]:
    needs = f" Needs {', '.join(kind.needs)}." if kind.needs else ""
    return (
        f"{kind.name}: {kind.help}{'' if kind.help.endswith('.') else '.'}{needs}",
        *(f"    {p.name}={p.default}: {p.help}{_range(p)}" for p in kind.parameters),
    )


def _range(p: Parameter) -> str:
    if p.choices:
        return f" ({', '.join(p.choices)})"
    return "" if p.low is None or p.high is None else f" ({p.low:g} to {p.high:g})"


def _decoded(value: Any) -> str:
    return _library.text(value) or ""


def _parameter(library: Any, kind: int, i: int) -> Parameter:
    p = _library.Parameter()
    code = library.ip_capi_kind_parameter(kind, i, addressof(p))
    if code:
        _library.fail(library, code)
    is_choice = p.n_choices > 0
    return Parameter(
        _decoded(p.name), _TYPES[p.type], _decoded(p.fallback), _decoded(p.help), None if is_choice else p.low,
        None if is_choice else p.high, tuple(_decoded(p.choices[k]) for k in range(p.n_choices)),
    )  # fmt: skip


def estimators() -> Estimators:
    """The estimators by their names, each with its parameters and what it needs. `print(estimators())` is a table."""
    library = _library.load()
    found = Estimators()
    for i in range(library.ip_capi_n_kinds()):
        k = _library.Kind()
        code = library.ip_capi_kind_at(i, addressof(k))
        if code:
            _library.fail(library, code)
        needs = tuple(text for bit, text in enumerate(_NEEDS) if k.needs >> bit & 1)
        parameters = tuple(_parameter(library, i, p) for p in range(k.n_parameters))
        name = _decoded(k.name)
        found[name] = Kind(name, _decoded(k.help), needs, k.is_discrete != 0, k.knows_targets != 0, parameters)
    return found
