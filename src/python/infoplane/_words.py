"""Messages of the library and the program, with Python's names for what a user can do."""
from __future__ import annotations

import os

_PHRASES = (
    ("needs the inputs themselves, and the run file has no /data/x", "needs the inputs themselves: give x="),
    ("needs the range of the layer over the whole run", "needs the range of the layer over the whole run: give run_range="),
    ("the layer: no labels", "no labels: give y= or targets="),
)


def of_library(message: str) -> str:
    for phrase, ours in _PHRASES:
        message = message.replace(phrase, ours)
    return message


def of_program(message: str) -> str:
    message = message.replace("with --partial", "with partial=True")
    if f"(process {os.getpid()}) has it open" in message:
        path = message.partition(": ")[0]
        return f"{path}: a Recorder of this program has it open; call its close() first"
    return message
