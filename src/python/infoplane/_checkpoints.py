"""Weights that were saved during training: which epoch a file is of, and its weights in a model."""
from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Callable, Iterable, List, Mapping, Optional, Sequence, Union

import torch

from ._errors import Error, FileError

PathLike = Union[str, "os.PathLike[str]"]
Load = Callable[[Any, PathLike], None]


def listed(paths: Iterable[PathLike]) -> List[str]:
    """The paths, each of a file that exists."""
    if isinstance(paths, (str, os.PathLike)):
        raise Error(f"paths: got {os.fspath(paths)!r}, expected a list of files, for example sorted(glob.glob('net_*.pt'))")
    found = [os.path.expanduser(os.fspath(path)) for path in paths]
    for path in found:
        if not os.path.isfile(path):
            raise FileError(f"{path}: no such file; nothing was recorded")
    return found


def epochs_of(paths: Sequence[str], epochs: Optional[Sequence[int]], is_ours: bool) -> List[int]:
    """The epoch of every file: given, or found in its name or, if `is_ours`, its contents."""
    numbers = [_epoch_of(path, is_ours) for path in paths] if epochs is None else [int(e) for e in epochs]
    if len(numbers) != len(paths) or len(set(numbers)) != len(numbers) or not numbers:
        raise Error(f"epochs: expected one for each of {len(paths)} checkpoints, each once, got {numbers}")
    return numbers


def _epoch_of(path: str, is_ours: bool) -> int:
    """The number after `epoch` in the name; otherwise that under the key `epoch` in the file and the only one in the
    name, which must agree."""
    name = Path(path).stem
    numbers = {int(n) for n in re.findall(r"epoch[=_-]?(\d+)", name, re.IGNORECASE)}
    if not numbers:
        in_name = {int(n) for n in re.findall(r"\d+", name)}
        in_file = _epoch_in(path) if is_ours else None
        numbers = in_name if in_file is None else {in_file} if len(in_name) > 1 else in_name | {in_file}
    if not numbers:
        raise Error(f"epochs: no number in the name {path!r}; use epochs=[...]")
    if len(numbers) > 1:
        raise Error(f"epochs: {path!r} may be of epoch {' or '.join(map(str, sorted(numbers)))}; use epochs=[...]")
    return numbers.pop()


def _epoch_in(path: str) -> Optional[int]:
    saved = _read(path)
    epoch = saved.get("epoch") if isinstance(saved, Mapping) else None
    return epoch if isinstance(epoch, int) and not isinstance(epoch, bool) else None


def _read(path: str) -> Any:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as fault:  # torch raises many kinds
        raise FileError(f"{path}: cannot be read as weights: {fault}; use load= for another format") from fault


def load(model: Any, path: PathLike) -> None:
    """Gives the model the weights of a file."""
    saved = _read(os.fspath(path))
    for key in ("state_dict", "model_state_dict", "model"):
        if isinstance(saved, Mapping) and isinstance(saved.get(key), Mapping):
            saved = saved[key]
    if not isinstance(saved, Mapping):
        raise FileError(f"{os.fspath(path)}: contains a {type(saved).__name__}, expected a state dict; use load= for "
                        "another format")
    weights = {re.sub(r"^(module\.|_orig_mod\.)+", "", name): t for name, t in saved.items()}
    try:
        model.load_state_dict(weights)
    except RuntimeError as fault:
        raise FileError(f"{os.fspath(path)}: does not fit the model: {fault}") from fault
