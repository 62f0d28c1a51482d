"""From the output of a layer to one vector per sample, which is what T is.

| pool | width | I(X;T) is about |
| mean | channels | how much of each feature is present, not where |
| max | channels | the strongest response of each feature |
| flatten | channels x positions | everything; estimates of hundreds of units mostly saturate at log2 n |
| positions | channels | the feature at one position; every position is a sample of its own |
"""
from __future__ import annotations

from typing import Any, Callable, Mapping, Optional, Union

from ._errors import ConfigError, Error

Pool = Union[None, str, Callable[[Any], Any]]
POOLS = ("mean", "max", "flatten", "positions")


def check(pool: Union[Pool, Mapping[str, Pool]]) -> None:
    for one in pool.values() if isinstance(pool, Mapping) else [pool]:
        if one is not None and not callable(one) and one not in POOLS:
            raise ConfigError(f"pool: got {one!r}, expected {', '.join(map(repr, POOLS))} or a function")


def is_channels_first(module: Any) -> Optional[bool]:
    """Whether a module works on (n, channels, positions ...); None if the module does not care."""
    kind = type(module).__name__
    if kind.rstrip("d").endswith(("1", "2", "3")) and kind.endswith("d"):  # Conv1d, BatchNorm2d, AdaptiveAvgPool3d, ...
        return True
    if kind in ("Linear", "LayerNorm", "Embedding", "MultiheadAttention", "TransformerEncoderLayer",
                "TransformerDecoderLayer", "TransformerEncoder", "TransformerDecoder", "RNN", "LSTM", "GRU"):
        return False
    return None


def channel_axis(name: str, shape: Any, module: Any, has_1d: bool, given: Optional[int]) -> int:
    """The axis of the channels of an output (n, ...): 1 for images; for sequences the last, or 1 behind a Conv1d."""
    if given is not None:
        return given % len(shape)
    if len(shape) > 3 and is_channels_first(module) is not False:
        return 1
    first = is_channels_first(module)
    if first is None and has_1d:
        raise Error(f"layer {name}: an output of shape {tuple(shape)} may be (samples, channels, length) or (samples, "
                    "positions, features): use channel_axis=1 or channel_axis=-1")
    return 1 if first else len(shape) - 1


def vectors(t: Any, name: str, pool: Pool, axis: int, mask: Any) -> Any:
    """(n, ...) -> (n, width), or (n, positions, width) for positions. The result may share memory with `t`.

    mask: (n, positions), 1 where a position counts; used if the output has as many positions.
    """
    if callable(pool):
        return pool(t)
    if t.ndim == 1:
        return t[:, None]
    if t.ndim == 2:
        return t
    if pool is None:
        raise Error(f"layer {name}: its output has the shape {tuple(t.shape)}, and T is one vector per sample: choose "
                    "pool='mean', 'max', 'flatten' or 'positions'")
    if pool == "flatten":
        return t.flatten(1)
    t = t.movedim(axis, -1).flatten(1, -2)  # (n, positions, channels)
    if pool == "positions":
        return t
    if mask is not None and mask.shape == t.shape[:2]:
        return _masked(t, pool, mask.to(t.device).bool()[:, :, None])
    return t.mean(1) if pool == "mean" else t.amax(1)


def _masked(t: Any, pool: str, counts: Any) -> Any:
    if pool == "mean":
        return t.masked_fill(~counts, 0).sum(1) / counts.sum(1)
    return t.masked_fill(~counts, float("-inf")).amax(1)
