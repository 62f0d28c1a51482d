"""Logging the layers of a network of any framework to a run file.

    with ip.Recorder("runs/a.h5", y, epochs="log:150") as rec:
        for epoch in range(101):
            rec.log(epoch, {"fc1": t1, "output": t2}, train_loss=loss)
            train_one_epoch()

The file is readable, with all complete epochs, whatever stops the program. `infoplane estimate runs/a.h5 -e edges` or
`ip.estimate_run` adds estimates. docs/python.md describes all parameters, docs/run-file.md the file.
"""
from __future__ import annotations

import hashlib
import json
import os
import re
import warnings
from types import TracebackType
from typing import Any, Dict, List, Mapping, Optional, Sequence, Type, TypeVar, Union

import numpy as np

from . import _samples, _words
from ._errors import ConfigError, Error, FileError
from ._runfile import Array, Contents, Existing, Layer, RunFile, existing
from ._schedule import Epochs, Schedule

_LAST_EPOCH = (1 << 63) - 1
_MAX_ROW = 1 << 32  # bytes of an HDF5 chunk
_FIRST_ROWS = 16  # room for epochs at the start, where their number is not known
_MOST_FIRST_ROWS = 1000  # and where it is: HDF5 needs time for each, and most of a longer schedule may never come

# The names that frameworks give to samples that are not trained on.
_HELD_OUT = re.compile(r"^(val|valid|validation|eval)(?=/)")

Path = Union[str, "os.PathLike[str]"]
Self = TypeVar("Self", bound="Writer")


class Writer:
    """What all recorders have in common: the samples, the schedule, and a run file that is new or continues another."""

    _is_idle = False  # in a process that records nothing, because another one does
    _file: Optional[RunFile] = None
    _old: Optional[Existing] = None

    def __init__(self, path: Path, samples: Mapping[str, Array], *, epochs: Epochs = "all", seed: int = 0,
                 experiment: str = "", config: Union[None, str, Mapping[str, Any]] = None, resume: bool = False,
                 overwrite: bool = False, inputs: Optional[Mapping[str, Array]] = None):
        """inputs: what the samples are made from besides; the same again is expected by resume."""
        self.path = os.path.expanduser(os.fspath(path))
        self._schedule = Schedule(epochs)
        self._samples = samples
        self._config = config if isinstance(config, str) else _json(config) if config else ""
        self._attributes: Dict[str, Any] = {
            "seed": _samples.seed(seed),
            "samples_sha256": _digest({**samples, **(inputs or {})}), **_samples.entropies(samples)}
        if not _words.is_text(experiment):
            raise ConfigError(f"experiment: expected a name without NUL characters, got {experiment!r}")
        if experiment:
            self._attributes["experiment"] = experiment
        _check_config(self._config)
        self._old = existing(self.path)
        if self._old is not None and not (resume or overwrite):
            raise FileError(f"{self.path}: exists; use resume=True to continue it, or overwrite=True to replace it")
        if not resume:
            self._old = None
        if self._old is not None:
            self._check_old(self._old, experiment)
        self._skip_until = int(max(self._old.epochs, default=-1)) if self._old is not None else -1
        self._is_closed = False
        self._new_layers: Sequence[Layer] = ()

    def _check_old(self, old: Existing, experiment: str) -> None:
        """A file that is continued must be of the same run."""
        if old.samples_sha256 != self._attributes["samples_sha256"]:
            raise FileError(f"{self.path}: was recorded with other samples (x, y, x_id or split); nothing was changed")
        for name, was, now in (("seed", old.seed, self._attributes["seed"]), ("experiment", old.experiment, experiment),
                               ("config", old.config, self._config)):
            if was != now:
                raise FileError(f"{self.path}: was recorded with {name}={was!r}, now it is {now!r}; nothing was changed")

    @property
    def epochs(self) -> List[int]:
        """The logged epochs."""
        source = self._file or self._old
        return [int(e) for e in source.epochs] if source is not None else []

    def wants(self, epoch: int) -> bool:
        """Whether `log` would record this epoch: the schedule has it, and no resumed file has it already."""
        return not self._is_idle and epoch > self._skip_until and epoch in self._schedule

    def _begin(self, layers: Sequence[Layer]) -> None:
        """Creates the file. One that is continued must have the same layers, and is changed by its first new epoch."""
        n = len(self._samples["x_id"])
        for layer in layers:
            if not isinstance(layer.name, str) or not _words.is_text(layer.name):
                raise Error(f"layer {layer.name!r}: expected a text as its name, without NUL characters")
            if 4 * n * layer.width >= _MAX_ROW:
                raise Error(f"layer {layer.name}: {n} samples of {layer.width} units are {4 * n * layer.width} bytes an epoch, "
                            f"and HDF5 allows {_MAX_ROW - 1}; record fewer samples, or pool the positions")
        self._new_layers = layers
        if self._old is None:
            self._open()
        else:
            self._check_layers(self._old.layers, layers)

    def _open(self) -> RunFile:
        old = self._old
        metrics = list(old.metrics) if old is not None else []
        contents = Contents(self._new_layers, self._samples, self._attributes, self._config, metrics)
        try:
            self._file = RunFile(self.path, contents, min(self._schedule.count or _FIRST_ROWS, _MOST_FIRST_ROWS), old is not None)
        except OSError as fault:
            raise FileError(f"{self.path}: cannot be written: {fault.strerror or fault}") from fault
        return self._file

    def _check_layers(self, old: Sequence[Layer], new: Sequence[Layer]) -> None:
        was = [(layer.name, layer.width) for layer in old]
        now = [(layer.name, layer.width) for layer in new]
        if was != now:
            raise FileError(f"{self.path}: was recorded with other layers: {_listed(was)}; now {_listed(now)}; nothing "
                            "was changed")

    def _append(self, epoch: int, activations: Sequence[Array], metrics: Mapping[str, Any]) -> None:
        file = self._file or self._open()
        file.append(epoch, [_row(t) for t in activations], _all_series(metrics))

    def _is_due(self, epoch: int, force: bool) -> bool:
        """Whether to record; an error where the epoch is before one that was recorded here."""
        if self._is_closed:
            raise Error(f"{self.path}: the Recorder is closed")
        if not _is_epoch(epoch):
            raise Error(f"epoch: expected an integer from 0 to {_LAST_EPOCH}, got {epoch!r}")
        if epoch <= self._skip_until or not (force or epoch in self._schedule):
            return False
        if self._file is not None and len(self._file.epochs) and epoch <= self._file.epochs[-1]:
            if force and epoch == self._file.epochs[-1]:
                return False
            raise Error(f"epoch: expected more than {self._file.epochs[-1]}, the last that was logged, got {epoch}")
        return True

    def close(self, status: str = "done", reason: str = "") -> None:
        """Sets the status, `done` or `interrupted` with a reason, and frees the room that no epoch needed."""
        self._is_closed = True
        old = self._old
        if self._file is None and old is not None and old.status != "done":  # it was complete
            self._new_layers = old.layers
            self._open()
        if self._file is not None:
            self._file.finish(status, reason)

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], fault: Optional[BaseException],
                 where: Optional[TracebackType]) -> None:
        if kind is None:
            self.close()
            return
        try:
            self.close("interrupted", _words.as_text(f"{kind.__name__}: {fault}" if str(fault) else kind.__name__))
        except Error as second:
            warnings.warn(f"{second}; its status stays 'running'")


class Recorder(Writer):
    """Logs arrays of activations, of any framework, to a run file.

    y: the labels (n,): integers, booleans, strings, or one-hot rows. x_id: the distinct input of each sample, (n,)
    integers; default: every sample is an input of its own. split: 0 or False for training samples, 1 or True for test
    samples. x: the inputs (n, ...), for estimators of a continuous X. targets: of a regression, in place of y.
    p_y_given_x: soft labels (n, classes). epochs: the schedule (Schedule). seed, experiment, config: which run this is;
    files that differ only in the seed are repeats. resume: continue the file, skipping its epochs.
    """

    def __init__(self, path: Path, y: Any = None, *, x_id: Any = None, x: Any = None, targets: Any = None,
                 p_y_given_x: Any = None, split: Any = None, epochs: Epochs = "all", seed: int = 0, experiment: str = "",
                 config: Union[None, str, Mapping[str, Any]] = None, resume: bool = False, overwrite: bool = False):
        samples = _samples.collect(y=y, x_id=x_id, x=x, targets=targets, p_y_given_x=p_y_given_x, split=split)
        super().__init__(path, samples, epochs=epochs, seed=seed, experiment=experiment, config=config, resume=resume,
                         overwrite=overwrite)

    _has_output = True  # the last layer is what the network returns

    def log(self, epoch: int, activations: Mapping[str, Any], *, force: bool = False, **metrics: Any) -> bool:
        """Records an epoch: for every layer an array (n, width), in the order of the layers; the last is the output.

        Metrics are numbers named PART_NAME: train_loss, test_accuracy; val_loss is test_loss. Returns False where the schedule skips the epoch,
        unless `force`. Every epoch must have the same layers.
        """
        if not self._is_due(epoch, force):
            return False
        n = len(self._samples["x_id"])
        arrays = {name: _samples.matrix(t, n, f"layer {name!r}") for name, t in activations.items()}
        if not arrays:
            raise Error("activations: expected at least one layer")
        if not self._new_layers:
            last = list(arrays)[-1]
            self._begin([Layer(name, "output" if name == last and self._has_output else "hidden", "", t.shape[1])
                         for name, t in arrays.items()])
        self._check_arrays(arrays)
        self._append(epoch, list(arrays.values()), metrics)
        return True

    def _check_arrays(self, arrays: Mapping[str, Array]) -> None:
        known = [(layer.name, layer.width) for layer in self._new_layers]
        now = [(name, t.shape[1]) for name, t in arrays.items()]
        if now != known:
            raise Error(f"activations: expected the layers of the first epoch, {_listed(known)}; got {_listed(now)}")


def _is_epoch(epoch: Any) -> bool:
    try:
        return bool(0 <= int(epoch) == epoch <= _LAST_EPOCH)
    except (TypeError, ValueError, OverflowError):  # no number, NaN, infinity
        return False


def _row(t: Array) -> Array:
    return np.ascontiguousarray(t, "<f4")


def _listed(layers: Sequence[Any]) -> str:
    return ", ".join(f"{name} ({width})" for name, width in layers)


def _check_config(text: str) -> None:
    """A text must be YAML with keys and values, as infoplane reads it; without PyYAML it is not checked."""
    try:
        import yaml
    except ImportError:
        return
    try:
        top = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        raise ConfigError(f"config: is not YAML: {' '.join(str(fault).split())}") from None
    if top is not None and not isinstance(top, yaml.MappingNode):
        raise ConfigError(f"config: expected keys and values, got {text!r}")


def _json(config: Any) -> str:
    try:
        return json.dumps(config, default=_plain)
    except (TypeError, ValueError) as fault:  # keys that are no texts, a circle
        raise ConfigError(f"config: cannot be written as JSON: {fault}") from None


def _plain(value: Any) -> Any:
    """Numbers of NumPy and torch, paths and others for JSON."""
    return value.item() if hasattr(value, "item") else str(value)


def _series(name: str) -> str:
    """train_loss and train/loss -> train/loss; a name without a part is of the training."""
    words = re.sub(r"[^\w/.-]", "_", name)
    part, _, rest = words.partition("/" if "/" in words else "_")
    if part.strip(".") and rest.strip("."):  # . and .. are no names of HDF5
        return f"{part}/{rest.replace('/', '_')}"
    return f"train/{words.strip('_/.').replace('/', '_') or 'metric'}"


def _all_series(metrics: Mapping[str, Any]) -> Dict[str, float]:
    """The metrics by the names of their series. Held-out samples are test, as in the figures, unless test is there, too."""
    found = {_series(name): _number(name, value) for name, value in metrics.items()}
    renamed = {name: _HELD_OUT.sub("test", name) for name in found}
    return {name if renamed[name] in found else renamed[name]: value for name, value in found.items()}


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise Error(f"metric {name}: expected a number, got {value!r}") from None


def _digest(samples: Mapping[str, Array]) -> str:
    """SHA-256 of all that describes the samples."""
    sha = hashlib.sha256()
    for name in sorted(samples):
        a = np.ascontiguousarray(samples[name])
        sha.update(f"{name} {a.dtype.str} {a.shape}\n".encode())
        sha.update(a.reshape(-1).view(np.uint8).data)
    return sha.hexdigest()
