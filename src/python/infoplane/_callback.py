"""What the callbacks of the frameworks have in common."""
from __future__ import annotations

import importlib
import re
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
    """The numbers in what a framework reports: loss, val_loss, ... The figures call held-out samples test."""
    found: Dict[str, Any] = {}
    for name, value in (logs or {}).items():
        try:
            found[re.sub(r"^(val|valid|validation|eval)(?=[_/])", "test", name)] = float(value)
        except (TypeError, ValueError):
            continue
    return found
