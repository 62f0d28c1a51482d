"""Which epochs a Recorder logs."""
from __future__ import annotations

import math
from typing import Callable, Iterable, Optional, Union

from ._errors import ConfigError

Epochs = Union[str, Iterable[int], Callable[[int], bool]]

_USAGE = "expected 'all', 'every:10', 'log:150', 'log:150:8000', epochs such as [0, 1, 10], or a function of the epoch"
_MOST = 1_000_000  # of log:COUNT:EPOCHS, as of the key log.count
_LOG_SPAN = 10_000  # epochs over which log:COUNT spreads COUNT epochs if no number of epochs is given


class Schedule:
    """The epochs to log.

    all: every epoch. every:K: multiples of K. log:COUNT:EPOCHS: floor(EPOCHS^(i/(COUNT-1))) - 1, i = 0 ... COUNT-1, as the
    key log.schedule of an experiment (Shwartz-Ziv & Tishby 2017 log 400 in 8000), and EPOCHS itself. log:COUNT: the same
    with 10000 epochs, continued as densely behind them. Epoch e is the state after e epochs; 0 is the initial network.
    """

    def __init__(self, epochs: Epochs):
        self.count: Optional[int] = None  # how many epochs there are, where that is known
        self._rule: Callable[[int], bool]
        if isinstance(epochs, str):
            self._rule = self._parse(epochs)
        elif callable(epochs):
            self._rule = epochs
        elif isinstance(epochs, range) and not any(e < 0 for e in (*epochs[:1], *epochs[-1:])):
            chosen: range = epochs  # of any length, without a set
            self.count, self._rule = len(chosen), lambda epoch: int(epoch) == epoch and int(epoch) in chosen
        else:
            self._set(_integers(epochs))

    def __contains__(self, epoch: int) -> bool:
        return bool(self._rule(epoch))

    def _set(self, epochs: Iterable[int]) -> None:
        chosen = frozenset(epochs)
        self.count, self._rule = len(chosen), chosen.__contains__

    def _parse(self, text: str) -> Callable[[int], bool]:
        word, *numbers = text.split(":")
        if not all(n.isdecimal() for n in numbers):
            raise ConfigError(f"epochs: got {text!r}, {_USAGE}")
        n = [int(number) for number in numbers]
        if word == "all" and not n:
            return lambda epoch: True
        if word == "every" and len(n) == 1 and n[0] >= 1:
            return lambda epoch: epoch % n[0] == 0
        if word == "log" and len(n) == 1 and n[0] >= 2:
            return lambda epoch: _is_logged(epoch, n[0], _LOG_SPAN)
        if word == "log" and len(n) == 2 and 2 <= n[0] <= _MOST and n[1] >= 1:
            self._set([*(_log_epoch(i, *n) for i in range(n[0])), n[1]])
            return self._rule
        raise ConfigError(f"epochs: got {text!r}, {_USAGE}")


def _integers(epochs: Iterable[int]) -> Iterable[int]:
    try:
        numbers = [int(e) for e in epochs]
        if [float(e) for e in epochs] == numbers and all(e >= 0 for e in numbers):
            return numbers
    except (TypeError, ValueError):
        pass
    raise ConfigError(f"epochs: got {epochs!r}, {_USAGE}")


def _log_epoch(i: int, count: int, epochs: int) -> int:
    """The factor corrects powers that should be integers but are a rounding error below."""
    return math.floor(math.pow(2, i / (count - 1) * math.log2(epochs)) * (1 + 1e-12)) - 1


def _is_logged(epoch: int, count: int, epochs: int) -> bool:
    """Whether epoch is _log_epoch of some i."""
    near = math.log2(epoch + 1) / math.log2(epochs) * (count - 1)
    return any(_log_epoch(i, count, epochs) == epoch for i in range(max(int(near) - 1, 0), int(near) + 3))
