"""Messages of the library and the program, with Python's names for what a user can do."""
from __future__ import annotations

import os

_PHRASES = (
    ("needs the inputs themselves, and the run file has no /data/x", "needs the inputs themselves: give x="),
    ("needs the range of the layer over the whole run", "needs the range of the layer over the whole run: give run_range="),
    ("the layer: no labels", "no labels: give y= or targets="),
)


def is_text(value: str) -> bool:
    """Whether C and HDF5 can hold it: without NUL characters and halves of surrogate pairs."""
    return "\0" not in value and value.encode("utf-8", "replace").decode() == value


def as_text(value: str) -> str:
    """The text with ? in place of characters that C and HDF5 cannot hold."""
    return value.replace("\0", "?").encode("utf-8", "replace").decode()


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
