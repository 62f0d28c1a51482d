"""The run file that a Recorder writes (docs/run-file.md): its contents in memory, and the file that grows.

A file with room for a number of epochs is created by h5py under another name and renamed. A logged epoch is then written
without HDF5: activations, metrics, the number of the epoch and, last, the length of /epoch. So the file can be read, with
all complete epochs, whatever stops the program. If the room is used up, a file with twice the room replaces it.
"""
from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import Any, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from . import _places
from ._errors import Error, FileError

Array = NDArray[Any]


def h5py() -> Any:
    """The module h5py, which only files need."""
    try:
        import h5py as module
    except ImportError as missing:
        raise Error(f"run files need h5py ({missing}): install python3-h5py, or pip install h5py") from None
    return module


@dataclass(frozen=True)
class Layer:
    """A layer of a run file: its name, `hidden` or `output`, activation function ("" if unknown) and width."""

    name: str
    kind: str
    activation: str
    width: int


@dataclass
class Contents:
    """All of a run file but the series: what is known before the first epoch."""

    layers: Sequence[Layer]
    data: Mapping[str, Array]  # of /data: y, x_id, split, ...; every one (samples, ...)
    attributes: Mapping[str, Any]
    config: str = ""
    metrics: List[str] = field(default_factory=list)  # "train/loss", ...

    @property
    def n(self) -> int:
        return len(self.data["x_id"])


def _scale(f: Any, name: str, numbers: Array) -> None:
    f[name] = numbers
    f[name].make_scale(name.rsplit("/", 1)[-1])


def _reserve(f: Any, name: str, rows: int, row: Tuple[int, ...], kind: str, axes: Sequence[str]) -> Any:
    """A dataset (rows, *row) that can grow, with room in the file for all rows. One chunk per row, or one for scalars."""
    h5 = h5py()
    plan = h5.h5p.create(h5.h5p.DATASET_CREATE)
    plan.set_chunk((1, *row) if row else (max(rows, 1024),))
    plan.set_alloc_time(h5.h5d.ALLOC_TIME_EARLY)
    plan.set_fill_time(h5.h5d.FILL_TIME_NEVER)
    plan.set_obj_track_times(False)
    links = h5.h5p.create(h5.h5p.LINK_CREATE)
    links.set_create_intermediate_group(True)
    space = h5.h5s.create_simple((rows, *row), (h5.h5s.UNLIMITED, *row))
    h5.h5d.create(f.id, name.encode(), h5.h5t.py_create(np.dtype(kind)), space, plan, links)
    for i, axis in enumerate(axes):
        f[name].dims[i].attach_scale(f[axis])
    return f[name]


def _activation(k: int) -> str:
    return f"layers/{k + 1}/activation"


def _check_room(path: str, c: Contents, rows: int, epochs: int) -> None:
    """OSError unless the disk has room for the file with `epochs`: a write of HDF5 that fails can end the interpreter."""
    units = sum(layer.width for layer in c.layers)
    arrays = sum(a.nbytes for a in c.data.values()) + 4 * (c.n + units) + len(c.config.encode())
    row = 4 * c.n * units + 8 * (1 + len(c.metrics))
    tables = 1 << 16  # headers, and at most 128 bytes for each row of each layer
    need = arrays + epochs * row + tables + (4096 + 128 * rows) * (1 + len(c.layers) + len(c.metrics))
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        os.posix_fallocate(fd, 0, need)
    finally:
        os.close(fd)


def create(path: str, c: Contents, rows: int, status: str) -> None:
    """Writes a run file without epochs, with room for `rows`."""
    h5 = h5py()
    with h5.File(path, "w", libver=("earliest", "latest")) as f:
        f.attrs["format_version"] = 1
        f.attrs["status"] = status
        for name, value in c.attributes.items():
            f.attrs[name] = value
        _reserve(f, "epoch", rows, (), "<i8", ())
        f["epoch"].make_scale("epoch")
        _scale(f, "sample", np.arange(c.n, dtype="u4"))
        for name, values in c.data.items():
            f[f"data/{name}"] = values
            f[f"data/{name}"].dims[0].attach_scale(f["sample"])
        if c.config:
            f["config"] = c.config
        for k, layer in enumerate(c.layers):
            _scale(f, f"layers/{k + 1}/unit", np.arange(layer.width, dtype="u4"))
            axes = ("epoch", "sample", f"layers/{k + 1}/unit")
            _reserve(f, _activation(k), rows, (c.n, layer.width), "<f4", axes)
            for name in ("name", "kind", "activation", "width"):
                if getattr(layer, name) != "":
                    f[f"layers/{k + 1}"].attrs[name] = getattr(layer, name)
        for name in c.metrics:
            _reserve(f, f"metrics/{name}", rows, (), "<f8", ("epoch",))
        if c.metrics:
            f["metrics"].attrs["series"] = " ".join(c.metrics)


def _copy_epochs(old: Any, new: Any, c: Contents, n: int) -> None:
    """The first n epochs of all series. A metric that the old file does not have is NaN."""
    new["epoch"][:n] = old["epoch"][:n]
    for name in (_activation(k) for k in range(len(c.layers))):
        for e in range(n):
            new[name][e] = old[name][e]
    for name in (f"metrics/{m}" for m in c.metrics):
        new[name][:n] = old[name][:n] if name in old else np.nan


@dataclass(frozen=True)
class _Places:
    """Where in the file the rows are, and the length of /epoch."""

    activations: Sequence[Sequence[int]]  # per layer and row
    metrics: Mapping[str, int]  # of row 0
    epoch: int  # of row 0
    header: int

    @classmethod
    def find(cls, f: Any, c: Contents) -> "_Places":
        layers = [_places.row_offsets(f[_activation(k)]) for k in range(len(c.layers))]
        metrics = {m: _places.first_offset(f[f"metrics/{m}"]) for m in c.metrics}
        header = int(h5py().h5o.get_info(f["epoch"].id).addr)
        return cls(layers, metrics, _places.first_offset(f["epoch"]), header)


class RunFile:
    """A run file that grows by an epoch at a time. Only one process has it, which holds HDF5's lock on it."""

    def __init__(self, path: str, contents: Contents, rows: int, resume: bool = False):
        """Creates `path` with room for `rows` epochs; if `resume`, with the epochs of the file that has this name."""
        self.path, self.contents, self.epochs = os.path.realpath(path), contents, np.zeros(0, "i8")
        self._fd, self._process = -1, os.getpid()
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        if os.path.exists(self.path):
            self._fd = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
            _places.lock(self._fd, path)
        if resume:
            with self._read() as f:
                self.epochs = f["epoch"][:]
        self._replace(max(rows, len(self.epochs) + 1), "running", contents)

    def __del__(self) -> None:
        if getattr(self, "_fd", -1) >= 0:  # not finished: the status stays "running"
            os.close(self._fd)

    # ---------------------------------------------------------------- a new file in the place of the old

    def _read(self) -> Any:
        """The file, for reading by HDF5, which takes a shared lock."""
        _places.lock(self._fd, self.path, shared=True)
        return h5py().File(self.path, "r")

    def _replace(self, rows: int, status: str, c: Contents) -> None:
        """A file with room for `rows` epochs, with the epochs so far, takes the name."""
        fresh = self.path + ".new"
        try:
            _check_room(fresh, c, rows, len(self.epochs))
            create(fresh, c, rows, status)
            with h5py().File(fresh, "r+") as new:
                if len(self.epochs):
                    with self._read() as old:
                        _copy_epochs(old, new, c, len(self.epochs))
                places = _Places.find(new, c) if rows else None
            self._take(fresh, rows, places)
        except BaseException:
            if os.path.exists(fresh):
                os.unlink(fresh)
            raise
        self.contents = c

    def _take(self, fresh: str, rows: int, places: Optional[_Places]) -> None:
        """Gives the new file its name and keeps it open: locked, complete on disk, /epoch as long as there are epochs."""
        fd = os.open(fresh, os.O_RDWR | os.O_CLOEXEC)
        try:
            length = 0
            if places is not None:
                length = _places.length_offset(fd, places.header, rows)
                _places.write_at(fd, len(self.epochs).to_bytes(8, "little"), length)
            _places.lock(fd, self.path)
            os.fsync(fd)
            os.rename(fresh, self.path)
        except BaseException:
            os.close(fd)
            raise
        if self._fd >= 0:
            os.close(self._fd)
        self._fd, self._rows, self._places, self._length = fd, rows, places, length

    def _check_place(self) -> None:
        """Another file under our name would not get what we write."""
        if self._fd < 0:
            raise FileError(f"{self.path}: the Recorder is closed")
        if self._process != os.getpid():  # their writes would be in the same places
            raise FileError(f"{self.path}: the Recorder belongs to process {self._process}, from which this one was forked")
        try:
            there = os.stat(self.path)
        except OSError as gone:
            raise FileError(f"{self.path}: was removed while it was written: {gone.strerror}") from None
        if not os.path.samestat(there, os.fstat(self._fd)):
            raise FileError(f"{self.path}: another program replaced it while it was written")

    # ---------------------------------------------------------------- epochs

    def append(self, epoch: int, activations: Sequence[NDArray[np.float32]], metrics: Mapping[str, float]) -> None:
        """Writes an epoch: one float32 array (samples, width) per layer, in C order, and the metrics."""
        self._check_place()
        try:
            self._make_room([m for m in metrics if m not in self.contents.metrics])
            self._write(epoch, activations, metrics)
        except OSError as fault:
            raise FileError(f"{self.path}: epoch {epoch} could not be written: {fault.strerror or fault}") from fault
        self.epochs = np.append(self.epochs, epoch)

    def _make_room(self, new_metrics: Sequence[str]) -> None:
        is_full = len(self.epochs) == self._rows
        if is_full or new_metrics:
            c = replace(self.contents, metrics=[*self.contents.metrics, *new_metrics])
            self._replace(2 * self._rows if is_full else self._rows, "running", c)

    def _write(self, epoch: int, activations: Sequence[NDArray[np.float32]], metrics: Mapping[str, float]) -> None:
        e, at = len(self.epochs), self._places
        assert at is not None
        for place, t in zip(at.activations, activations):
            _places.write_at(self._fd, t, place[e])
        for name, first in at.metrics.items():
            _places.write_at(self._fd, np.array(metrics.get(name, np.nan), "<f8"), first + 8 * e)
        _places.write_at(self._fd, np.array(epoch, "<i8"), at.epoch + 8 * e)
        _places.write_at(self._fd, (e + 1).to_bytes(8, "little"), self._length)

    def finish(self, status: str, reason: str = "") -> None:
        """Leaves the file with exactly its epochs and its status, open to other programs."""
        if self._fd < 0:
            return
        c = self.contents
        try:
            self._check_place()
            self._replace(len(self.epochs), status, replace(c, attributes={**c.attributes, "reason": reason} if reason
                                                            else c.attributes))
        except OSError as fault:
            raise FileError(f"{self.path}: could not be finished: {fault.strerror or fault}") from fault
        finally:
            os.close(self._fd)
            self._fd = -1


@dataclass(frozen=True)
class Existing:
    """What a file contains that a Recorder continues."""

    status: str
    samples_sha256: str
    layers: Sequence[Layer]
    epochs: NDArray[np.int64]
    metrics: List[str]
    seed: int
    experiment: str
    config: str


def existing(path: str) -> Optional[Existing]:
    """The run file of that name; None without one."""
    if not os.path.exists(path):
        return None
    try:
        with h5py().File(path, "r") as f:
            attributes = [f[f"layers/{k + 1}"].attrs for k in range(len(f["layers"]))]
            layers = [Layer(a.get("name", ""), a["kind"], a.get("activation", ""), int(a["width"])) for a in attributes]
            metrics = str(f["metrics"].attrs["series"]).split() if "metrics" in f else []
            config = f["config"][()].decode() if "config" in f else ""
            return Existing(f.attrs["status"], f.attrs["samples_sha256"], layers, f["epoch"][:], metrics,
                            int(f.attrs["seed"]), f.attrs.get("experiment", ""), config)
    except BlockingIOError:
        raise FileError(f"{path}: another process writes it; wait for it, or choose another file") from None
    except (OSError, KeyError) as fault:
        raise FileError(f"{path}: is not a run file that a Recorder wrote: {fault}") from None
