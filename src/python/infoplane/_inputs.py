"""The samples that pass through a PyTorch model."""
from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Mapping, Tuple

import numpy as np
import torch

from . import _samples
from ._errors import Error
from ._samples import Array


def _tensor(x: Any) -> Any:
    try:
        return torch.as_tensor(x)
    except (TypeError, ValueError, RuntimeError) as fault:
        raise Error(f"x: a {type(x).__name__} is no tensor: {fault}") from None


def mapped(x: Any, f: Callable[[Any], Any]) -> Any:
    """f of one tensor, or of each of a dict or tuple."""
    if isinstance(x, dict):
        return {name: f(t) for name, t in x.items()}
    return tuple(f(t) for t in x) if isinstance(x, tuple) else f(x)


class Inputs:
    """x: one tensor, a tuple or a dict of tensors, all (n, ...)."""

    def __init__(self, x: Any):
        if isinstance(x, torch.utils.data.DataLoader):
            raise Error("x: got a DataLoader; the samples must be the same at every epoch: give tensors, for example "
                        "x, y = next(iter(loader))")
        if isinstance(x, torch.utils.data.Dataset):
            raise Error(f"x: got a {type(x).__name__}, a Dataset; give tensors, for example x, y = next(iter(DataLoader("
                        "dataset, batch_size=2000)))")
        if isinstance(x, list) and x and isinstance(x[0], torch.Tensor):
            raise Error("x: got a list of tensors; torch.stack(x) makes one of the samples, and tuple(x) gives the model "
                        "several arguments")
        if isinstance(x, Mapping):
            self._x: Any = {name: _tensor(t) for name, t in x.items()}
        elif isinstance(x, tuple):
            self._x = tuple(_tensor(t) for t in x)
        else:
            self._x = _tensor(x)
        sizes = {len(t) if t.ndim else 0 for t in self._leaves()}
        if len(sizes) != 1 or 0 in sizes:
            raise Error(f"x: expected as many samples in every tensor, at least one, got {sorted(sizes)}")
        self._n = sizes.pop()

    def __str__(self) -> str:
        return " and ".join(f"{str(t.dtype)[6:]} {tuple(t.shape)}" for t in self._leaves())

    def __len__(self) -> int:
        return self._n

    def _leaves(self) -> List[Any]:
        return list(self._x.values()) if isinstance(self._x, dict) else \
            list(self._x) if isinstance(self._x, tuple) else [self._x]

    def first(self) -> Array:
        if len(self._leaves()) != 1:
            raise Error("x: save_x and x_id='unique' need one tensor of inputs")
        return _samples.array(self._leaves()[0], "x")

    def arrays(self) -> Dict[str, Array]:
        return {f"input {i}": _samples.array(t, "x") for i, t in enumerate(self._leaves())}

    def chosen(self, index: Array) -> "Inputs":
        rows = torch.as_tensor(index)
        return self if len(index) == self._n else Inputs(mapped(self._x, lambda t: t[rows.to(t.device)]))

    def batches(self, size: int) -> Iterator[Tuple[Any, Array]]:
        """Arguments of the model, and the indices of their samples."""
        for first in range(0, self._n, size):
            index = np.arange(first, min(first + size, self._n))
            yield mapped(self._x, lambda t: t[first : first + size]), index
