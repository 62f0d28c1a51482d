"""What the callbacks of the frameworks have in common."""
from __future__ import annotations

import importlib
from typing import Any, Dict, Mapping, Optional


def base(*names: str) -> Any:
    """The first class that exists, "module:class"; `object` where none of the frameworks is installed."""
    for name in names:
        module, _, attribute = name.partition(":")
        try:
            return getattr(importlib.import_module(module), attribute)
        except ImportError:
            continue
    return object


def metrics(logs: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    """The numbers in what a framework reports: loss, val_loss, ..."""
    found: Dict[str, Any] = {}
    for name, value in (logs or {}).items():
        try:
            found[name] = float(value)
        except (TypeError, ValueError):
            continue
    return found
