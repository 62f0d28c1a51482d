"""Information planes: I(X;T) and I(T;Y) of the layers of a neural network.

    import infoplane as ip

All information is in bits. X is the index of the distinct input, Y the label, T a layer's activations. NumPy is the only
requirement. The modules for frameworks (`infoplane.torch` and others) are imported when they are first used.
"""
from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ._curve import Curve, ib_curve
from ._errors import ConfigError, Error, FileError, NumericError, SaturationWarning
from ._estimate import estimate
from ._estimators import estimators
from ._result import Band, Estimate, Interval, Null
from ._tables import entropy, mutual_information
from ._version import VERSION as __version__
from .files import Run, estimate_run, read, read_all, report, run
from .recorder import Recorder

__all__ = [
    "Band",
    "ConfigError",
    "Curve",
    "Error",
    "Estimate",
    "FileError",
    "Interval",
    "Null",
    "NumericError",
    "Recorder",
    "Run",
    "SaturationWarning",
    "__version__",
    "entropy",
    "estimate",
    "estimate_run",
    "estimators",
    "ib_curve",
    "mutual_information",
    "plane",
    "read",
    "read_all",
    "report",
    "run",
]

# Modules that import a framework.
_FRAMEWORKS = ("keras", "lightning", "torch", "transformers")


if TYPE_CHECKING:
    from . import keras, lightning, torch, transformers
    from ._matplotlib import plane
else:

    def __getattr__(name: str) -> Any:
        if name == "plane":  # uses matplotlib
            return importlib.import_module(f"{__name__}._matplotlib").plane
        if name in _FRAMEWORKS:
            return importlib.import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_FRAMEWORKS])
