"""Run files and experiments: reading, estimating, running, drawing.

    run = ip.read("runs/tanh_seed=1.h5")
    run.epochs, run.layers, run.activation("fc1", 100)
    ip.estimate_run(run.path, ["edges", "kde_upper"])
    run.ixt("edges")                     # (epochs, layers), bits
    run.plane().save("plane.pdf")
    ip.read_all("results/mine")          # pandas.DataFrame: a row per run, epoch, layer and estimator

Reading needs h5py, or the library that is named. All else is done by the program infoplane in a process of its own.
"""
from __future__ import annotations

import os
import re
import tempfile
import warnings
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from . import _program
from ._errors import Error, FileError, SaturationWarning
from ._figure import Figure, Report
from ._runfile import Layer, h5py

PathLike = Union[str, "os.PathLike[str]"]

# Datasets with one row per epoch.
_SERIES = re.compile(r"epoch|(metrics|information|measures)/.*|layers/\d+/(?!unit$)\w+")


def _open(path: str) -> Any:
    """A run file, also one that is being written."""
    h5 = h5py()
    try:
        try:
            return h5.File(path, "r")
        except BlockingIOError:  # its writer has the lock
            return h5.File(path, "r", locking=False)
    except (OSError, TypeError) as fault:  # h5py before 3.5 has no `locking`
        raise FileError(f"{path}: cannot be read: {fault}") from None


class Run:
    """A network trained once: one run file, and what it contained when it was read. Arrays are read when they are used."""

    def __init__(self, path: PathLike):
        self.path = Path(path).expanduser()
        with _open(str(self.path)) as f:
            if f.attrs.get("format_version") != 1:
                raise FileError(f"{self.path}: not a run file: expected the attribute format_version = 1 (docs/run-file.md)")
            try:
                self.epochs: NDArray[np.int64] = f["epoch"][:].astype(np.int64)
                self.layers: Tuple[Layer, ...] = tuple(_layers(f))
            except KeyError as missing:
                raise FileError(f"{self.path}: not a complete run file: {missing}") from None
            self.attributes: Dict[str, Any] = {name: _plain(value) for name, value in f.attrs.items()}
            self.config: str = _plain(f["config"][()]) if "config" in f else ""
            self.estimators: Tuple[str, ...] = tuple(f["information"]) if "information" in f else ()

    # ---------------------------------------------------------------- what it is

    @property
    def status(self) -> str:
        """done, failed_to_fit, interrupted or running."""
        return str(self.attributes.get("status", "done"))

    @property
    def seed(self) -> int:
        return int(self.attributes.get("seed", 0))

    def __repr__(self) -> str:
        named = ", ".join(self.estimators) or "none"
        return (f"<infoplane run {self.path.name!r}: {self.status}, {len(self.epochs)} epochs, {len(self.layers)} layers, "
                f"estimators: {named}>")

    def layer(self, layer: Union[int, str]) -> int:
        """The number of a layer, 1 ... L, by its name, or by its number; -1 is the output."""
        names = [one.name for one in self.layers]
        if isinstance(layer, str) and layer in names:
            return names.index(layer) + 1
        if not isinstance(layer, str) and layer != 0 and abs(layer) <= len(names):
            return layer if layer > 0 else len(names) + 1 + layer
        raise Error(f"{self.path}: no layer {layer!r}; expected 1 to {len(names)}, or one of {', '.join(names)}")

    # ---------------------------------------------------------------- arrays

    def array(self, name: str) -> NDArray[Any]:
        """A dataset of the file, such as "data/y". Series end with the last complete epoch."""
        with _open(str(self.path)) as f:
            if name not in f:
                raise Error(f"{self.path}: no dataset {name}")
            values: NDArray[Any] = f[name][: len(self.epochs)] if _SERIES.fullmatch(name.strip("/")) else f[name][()]
            return values

    def activation(self, layer: Union[int, str], epoch: int) -> NDArray[np.float32]:
        """T of a layer (by name or number) at a logged epoch: (samples, width)."""
        found = np.flatnonzero(self.epochs == epoch)
        if not found.size:
            raise Error(f"{self.path}: epoch {epoch} was not logged; see .epochs")
        with _open(str(self.path)) as f:
            name = f"layers/{self.layer(layer)}/activation"
            if name not in f:
                raise Error(f"{self.path}: contains no activations (log.keep: none)")
            t: NDArray[np.float32] = f[name][int(found[0])].astype(np.float32)
            return t

    @property
    def y(self) -> NDArray[np.int32]:
        return self.array("data/y")

    @property
    def x_id(self) -> NDArray[np.uint32]:
        return self.array("data/x_id")

    @property
    def metrics(self) -> Dict[str, NDArray[np.float64]]:
        """Series over the epochs: "train/loss" (nats), "test/accuracy", ..."""
        with _open(str(self.path)) as f:
            parts = f["metrics"] if "metrics" in f else {}
            return {f"{part}/{name}": f[f"metrics/{part}/{name}"][: len(self.epochs)] for part in parts for name in parts[part]}

    def estimates(self, estimator: Optional[str] = None) -> Dict[str, NDArray[np.float64]]:
        """All series of an estimator, each (epochs, layers): ixt, ity in bits, intervals, flags. Default: the first one."""
        label = estimator or (self.estimators[0] if self.estimators else "")
        if label not in self.estimators:
            there = ", ".join(self.estimators) or "none: use ip.estimate_run"
            raise Error(f"{self.path}: no estimates of {label or 'any estimator'}; there are {there}")
        with _open(str(self.path)) as f:
            group = f[f"information/{label}"]
            return {name: group[name][: len(self.epochs)] for name in group}

    def ixt(self, estimator: Optional[str] = None) -> NDArray[np.float64]:
        """I(X;T) in bits, (epochs, layers)."""
        return self.estimates(estimator)["ixt"]

    def ity(self, estimator: Optional[str] = None) -> NDArray[np.float64]:
        """I(T;Y) in bits, (epochs, layers)."""
        return self.estimates(estimator)["ity"]

    @property
    def information(self) -> "Information":
        """run.information["edges"]: an xarray.Dataset with the dimensions epoch and layer."""
        return Information(self)

    # ---------------------------------------------------------------- figures

    def figure(self, name: str, **options: Any) -> Figure:
        """A figure of `infoplane plot --list`. Options: estimator, fractions, width ("85mm"), font, svg."""
        return Figure([str(self.path.absolute())], name, **options)

    def plane(self, estimator: Optional[str] = None, **options: Any) -> Figure:
        """The information plane."""
        return self.figure("plane", estimator=estimator, **options)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Dict[str, Any]:
        bundle = self.plane()._repr_mimebundle_() if self.estimators and len(self.epochs) else {}
        return {**bundle, "text/plain": repr(self)}


class Information(Mapping[str, Any]):
    """The estimates of a run, by estimator, as xarray.Dataset."""

    def __init__(self, run: Run):
        self._run = run

    def __getitem__(self, estimator: str) -> Any:
        try:
            import xarray
        except ImportError as missing:
            raise Error(f"run.information needs xarray ({missing}); run.estimates(...) gives the same as arrays") from None
        run = self._run
        series = run.estimates(estimator)
        with _open(str(run.path)) as f:
            attributes = {name: _plain(value) for name, value in f[f"information/{estimator}"].attrs.items()}
        layers = range(1, len(run.layers) + 1)
        return xarray.Dataset({name: (("epoch", "layer"), values) for name, values in series.items()},
                              {"epoch": run.epochs, "layer": list(layers), "name": ("layer", [s.name for s in run.layers])},
                              attributes)

    def __iter__(self) -> Iterator[str]:
        return iter(self._run.estimators)

    def __len__(self) -> int:
        return len(self._run.estimators)


def _layers(f: Any) -> Iterator[Layer]:
    n = len(f["layers"])
    for k in range(1, n + 1):
        group = f[f"layers/{k}"]
        a = {name: _plain(value) for name, value in group.attrs.items()}
        width = int(group["activation"].shape[2]) if "activation" in group else int(a["width"])
        yield Layer(a.get("name", ""), a.get("kind", "output" if k == n else "hidden"), a.get("activation", ""), width)


def _plain(value: Any) -> Any:
    """Texts of fixed and of variable length, and numbers."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return value.item() if isinstance(value, np.generic) else value


def read(path: PathLike) -> Run:
    """Reads a run file, also one that is still being written."""
    return Run(path)


def run_paths(where: PathLike) -> List[Path]:
    """The run files of a directory: of its subdirectory `runs` if there is one."""
    folder = Path(where).expanduser()
    if not folder.is_dir():
        raise FileError(f"{folder}: expected a directory with run files")
    inner = folder / "runs"
    paths = sorted(p for p in (inner if inner.is_dir() else folder).glob("*.h5") if p.name != "grid.h5")
    if not paths:
        raise FileError(f"{folder}: contains no run files (*.h5)")
    return paths


def read_all(where: PathLike) -> Any:
    """The table summary.csv of a directory of run files, as pandas.DataFrame.

    A row per run, logged epoch, layer and estimator; the keys in which the configurations differ are columns. Nothing is
    written into the directory: its own summary.csv is used if it is newer than the run files, else a temporary one is made.
    """
    try:
        import pandas
    except ImportError as missing:
        raise Error(f"read_all needs pandas ({missing})") from None
    paths = run_paths(where)
    table = Path(where).expanduser() / "summary.csv"
    if table.exists() and table.stat().st_mtime >= max(p.stat().st_mtime for p in paths):
        return pandas.read_csv(table)
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder) / "runs"
        runs.mkdir()
        for path in paths:
            (runs / path.name).symlink_to(path.absolute())
        _program.run(["gather", folder, "--no-figures"], progress=False)
        return pandas.read_csv(Path(folder) / "summary.csv")


# ---------------------------------------------------------------- the program


def _listed(option: str, values: Union[None, str, Sequence[str]]) -> List[str]:
    return [word for value in ([values] if isinstance(values, str) else values or ()) for word in (option, value)]


def _argument(path: PathLike) -> str:
    """A path that is no option; ~ is the home directory."""
    text = os.path.expanduser(os.fspath(path))
    return os.path.join(".", text) if text.startswith("-") else text


def _check_exists(path: PathLike) -> None:
    if not Path(path).expanduser().exists():
        raise FileError(f"{path}: no such file or directory")


def _options(**options: Any) -> List[str]:
    """--option VALUE of all that are given; True gives the option alone."""
    words: List[str] = []
    for name, value in options.items():
        if value is not None and value is not False:
            words += [f"--{name.replace('_', '-')}"] if value is True else [f"--{name.replace('_', '-')}", str(value)]
    return words


def estimate_run(path: Union[PathLike, Sequence[PathLike]], estimators: Union[None, str, Sequence[str]] = None, *,
                 measures: Union[None, str, Sequence[str]] = None, bootstrap: Optional[int] = None,
                 null: Optional[int] = None, level: Optional[float] = None, split: Union[None, str, Sequence[str]] = None,
                 samples: Optional[int] = None, seed: Optional[int] = None, partial: bool = False, threads: int = 0,
                 progress: bool = True) -> Run:
    """Adds estimates and measures to a run file, or to several, by `infoplane estimate`; returns the (first) run.

    Saturated estimates are a SaturationWarning if `progress` is off, else a line on sys.stderr.
    The file is replaced in one step, so an interruption leaves it as it was. Estimators that cannot run with the file are
    an error; the results of the others are written. Without estimators and measures, those of its configuration are made.
    """
    paths = [path] if isinstance(path, (str, os.PathLike)) else list(path)
    if not paths:
        raise Error("path: expected at least one run file")
    for one in paths:
        _check_exists(one)
    words = ["estimate", *map(_argument, paths), *_listed("--estimator", estimators),
             *_listed("--measure", measures), *_listed("--split", split),
             *_options(bootstrap=bootstrap, null_shuffles=null, level=level, samples=samples, seed=seed, partial=partial,
                       threads=threads)]
    remarks = [line for line in _program.call(words, progress)[1] if " saturated at " in line]
    if remarks and not progress:
        warnings.warn("".join(remarks).rstrip(), SaturationWarning, stacklevel=2)
    return Run(paths[0])


def run(config: PathLike, *, set: Optional[Mapping[str, Any]] = None, out: Optional[PathLike] = None,  # noqa: A002
        jobs: Optional[int] = None, force: bool = False, progress: bool = True) -> List[Run]:
    """Trains, estimates and draws an experiment by `infoplane run`; returns its runs.

    set: keys of the configuration to override, {"training.epochs": 100}. out: the results directory, by default
    results/ and the name of the configuration file. Run it again to resume. Ctrl-C stops it cleanly; what is finished
    stays.
    """
    folder = os.path.expanduser(os.fspath(out)) if out is not None else os.path.join("results", Path(config).stem)
    values = [f"{key}={_word(value)}" for key, value in (set or {}).items()]
    _program.run(["run", _argument(config), *_listed("--set", values), *_options(output=folder, jobs=jobs, force=force)],
                 progress)
    return [Run(path) for path in run_paths(folder)]


def _word(value: Any) -> str:
    """A value as YAML: Python's constants and lists of them."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_word(one) for one in value) + "]"
    return str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value)


def report(where: PathLike, *, out: Optional[PathLike] = None, estimator: Optional[str] = None,
           progress: bool = False) -> Report:
    """Writes the HTML page of a directory of run files, or of one run file, by `infoplane report`."""
    _check_exists(where)
    printed = _program.run(["report", _argument(where), *_options(output=_argument(out) if out is not None else None,
                                                                 estimator=estimator)], progress)
    page = Path(out).expanduser() if out is not None else Path(printed.split("\n")[0])
    return Report(page)
