"""The version of a checkout: project(VERSION) of its CMakeLists.txt. Installing replaces this file by one line."""
from __future__ import annotations

import re
from pathlib import Path


def _read() -> str:
    listing = Path(__file__).resolve().parents[3] / "CMakeLists.txt"
    found = re.search(r"project\(infoplane VERSION ([0-9.]+)", listing.read_text(encoding="utf-8"))
    if not found:
        raise ImportError(f"{listing}: no project(infoplane VERSION ...), which has the version")
    return found.group(1)


VERSION = _read()
