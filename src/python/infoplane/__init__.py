"""Information planes: I(X;T) and I(T;Y) of the layers of a neural network.

    import infoplane as ip

All information is in bits. X is the index of the distinct input, Y the label, T a layer's activations. NumPy is the only
requirement. The modules for frameworks (`infoplane.torch` and others) are imported when they are first used.
"""
from __future__ import annotations

import importlib
from types import ModuleType

from ._errors import ConfigError, Error, FileError, NumericError, SaturationWarning
from ._version import VERSION as __version__
from .recorder import Recorder

__all__ = [
    "ConfigError",
    "Error",
    "FileError",
    "NumericError",
    "Recorder",
    "SaturationWarning",
    "__version__",
]

# Modules that import a framework.
_FRAMEWORKS = ("keras", "lightning", "torch", "transformers")


def __getattr__(name: str) -> ModuleType:
    if name in _FRAMEWORKS:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_FRAMEWORKS])
