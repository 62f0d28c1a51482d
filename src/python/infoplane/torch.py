"""Logging the layers of a PyTorch model.

    with ip.torch.Recorder("runs/tanh_seed=1.h5", model, x, y, layers=["features.*", "head"], output="softmax",
                           pool="mean", epochs="log:150") as rec:
        rec.log(0)
        for epoch in range(1, 101):
            train_one_epoch(model)
            rec.log(epoch, train_loss=loss)

`log` passes the samples through the model in evaluation mode, without gradients. Afterwards the model is as it was: its
modes, its running statistics, its hooks and all random streams. Outside `log` no hook exists, so training costs nothing.
"""
from __future__ import annotations

import os
import re
import warnings
from collections import Counter
from pathlib import Path as FilePath
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Type, Union

import numpy as np
import torch

from . import _checkpoints, _pooling, _samples, _watch
from ._errors import ConfigError, Error
from ._inputs import Inputs, mapped
from ._pooling import Pool
from ._runfile import Array, Layer
from ._schedule import Epochs
from ._watch import Call
from .recorder import Path, Writer

Select = Union[int, str, Callable[[Any], Any]]
Output = Union[str, Callable[[Any], Any]]

_OUTPUTS: Mapping[str, Optional[Callable[[Any], Any]]] = {
    "auto": None, "none": None, "softmax": lambda z: z.softmax(-1), "sigmoid": lambda z: z.sigmoid()}


class Recorder(Writer):
    """Logs what the layers of a model return for fixed samples to a run file.

    model: a torch.nn.Module; of DataParallel and DistributedDataParallel, the module inside. In a distributed training
    only rank 0 records; `log` returns False at once in the others.
    x, y: the samples, a tensor or array (n, ...) and the labels (n,). A tuple or dict of tensors is passed to the model as
    its arguments.
    layers: names of modules as in model.named_modules(), in any order; * is any part of a name without dots, ** any
    part; relu@2 is the third call of relu; `output` is what the model returns. The layers of the file are in the order of
    their first call. Default: the modules that are activation functions, and the last one.
    output: what is applied to the last layer: "softmax", "sigmoid", a function, "none", or "auto": nothing, with a warning
    where its rows do not sum to 1.
    pool: how an output with more than two axes becomes one vector per sample: "mean" or "max" over positions, "flatten",
    "positions" (every position is a sample), a function, or a dict from names to these.
    channel_axis: the axis of the channels, where it is not clear. mask: (n, positions), 1 where a position counts.
    select: which part of an output that is no tensor: an index, a key, a function, or a dict from names to these. Default:
    the first element of a tuple.
    samples: record only so many, stratified by class and drawn from `seed`; /data/sample_index has their indices.
    batch_size: samples in one forward pass. forward: a function (model, batch) in place of model(batch).
    x_id: the distinct input of each sample; default: all differ; "unique": equal rows of x are the same input.
    save_x: also write the inputs to /data/x, for estimators of a continuous X.
    Others: as of infoplane.Recorder.
    """

    def __init__(self, path: Path, model: Any, x: Any, y: Any = None, *, layers: Optional[Sequence[str]] = None,
                 output: Output = "auto", pool: Union[Pool, Mapping[str, Pool]] = None,
                 channel_axis: Optional[int] = None, mask: Any = None,
                 select: Union[None, Select, Mapping[str, Select]] = None, samples: Optional[int] = None,
                 batch_size: int = 512, forward: Optional[Callable[[Any, Any], Any]] = None, x_id: Any = None,
                 save_x: bool = False, targets: Any = None, p_y_given_x: Any = None, split: Any = None,
                 epochs: Epochs = "all", seed: int = 0, experiment: str = "",
                 config: Union[None, str, Mapping[str, Any]] = None, resume: bool = False, overwrite: bool = False):
        if not _is_first_process():
            self._is_idle, self.path = True, os.fspath(path)
            return
        _pooling.check(pool)
        if not callable(output) and output not in _OUTPUTS:
            raise ConfigError(f"output: got {output!r}, expected {', '.join(map(repr, _OUTPUTS))} or a function")
        if isinstance(layers, str):
            layers = [layers]
        if batch_size < 1 or (samples is not None and samples < 1):
            raise ConfigError(f"batch_size and samples: expected at least 1, got {batch_size} and {samples}")
        _samples.seed(seed)
        self._model = _watch.unwrap(model)
        self._pool, self._axis, self._select, self._output = pool, channel_axis, select, output
        self._batch_size, self._forward = batch_size, forward
        self._has_1d = any(re.search(r"1d$", type(m).__name__) for m in self._model.modules())
        self._x = Inputs(x)
        data = {"y": y, "x_id": x_id, "targets": targets, "p_y_given_x": p_y_given_x, "split": split}
        index = self._pick(data, samples, seed, mask)
        self._kept: Array = np.ones(0, bool)
        self._plan(layers)
        given = _samples.collect(**self._per_position(data), x=self._x.first() if save_x else None)
        if samples is not None:
            given["sample_index"] = np.repeat(index, self._n_positions)[self._kept].astype(np.uint32)
        super().__init__(path, given, epochs=epochs, seed=seed, experiment=experiment, config=config, resume=resume,
                         overwrite=overwrite, inputs=self._x.arrays())
        self._warn_of_logits(given)
        self._begin(self._layers)

    # ---------------------------------------------------------------- samples

    def _pick(self, data: Dict[str, Any], samples: Optional[int], seed: int, mask: Any) -> Array:
        """Cuts x, the mask and everything in `data` down to the samples to record; returns their indices."""
        n = len(self._x)
        for name, values in data.items():
            if values is not None and not isinstance(values, str) and len(values) != n:
                raise Error(f"{name}: got {len(values)}, expected {n}, as of x")
        if isinstance(data["x_id"], str):
            if data["x_id"] != "unique":
                raise ConfigError(f"x_id: got {data['x_id']!r}, expected integers or 'unique'")
            data["x_id"] = _samples.distinct(self._x.first())
        index = np.arange(n)
        if samples is not None:
            index = _samples.stratified(_samples.classes(data["y"], n), samples, seed)
        for name, values in data.items():
            data[name] = None if values is None else _samples.array(values, name)[index]
        self._mask = None if mask is None else torch.as_tensor(mask)[torch.as_tensor(index)]
        self._x = self._x.chosen(index)
        return index

    def _per_position(self, data: Dict[str, Any]) -> Dict[str, Any]:
        """With pool="positions" every sample is repeated for each position, and labels may be (n, positions)."""
        n, p = len(self._x), self._n_positions
        rows: Array = np.ones(n * p, bool)
        if p > 1 and self._mask is not None:
            rows = self._mask.cpu().numpy().astype(bool).reshape(-1)
        self._kept = rows
        if p == 1:
            return data
        if data["x_id"] is None:
            data["x_id"] = np.arange(n)
        spread = {}
        for name, a in data.items():
            if a is not None:
                is_positions = name in ("y", "x_id", "split") and a.shape == (n, p)
                a = (a.reshape(-1) if is_positions else np.repeat(a, p, axis=0))[rows]
            spread[name] = a
        return spread

    # ---------------------------------------------------------------- layers

    def _plan(self, patterns: Optional[Sequence[str]]) -> None:
        """Finds the calls of all modules and their shapes in a pass of a few samples, and what is to be recorded."""
        found: List[Tuple[Call, Any, Any]] = []
        trial = next(self._x.batches(min(3, len(self._x))))
        names = _watch.all_names(self._model)
        with _watch.undisturbed(self._model):
            with _watch.watched(self._model, names, lambda call, module, out: found.append((call, module, out))):
                self._try(trial)
        self._calls = _watch.choose(patterns, [call for call, _, _ in found], self._model)
        self._count = Counter(call[0] for call, _, _ in found)
        self._names = list(dict.fromkeys(call[0] for call in self._calls))
        of = {call: (module, out) for call, module, out in found}
        size = len(trial[1])
        outputs = [self._vectors(call, *of[call], trial[1]) for call in self._calls]
        kinds = [*["hidden"] * (len(outputs) - 1), "output"]
        self._layers = [Layer(_watch.label(call, self._count), kind, self._function(call, of[call][0]), t.shape[-1])
                        for call, kind, t in zip(self._calls, kinds, outputs)]
        self._last = outputs[-1]
        self._set_positions(outputs, size)

    def _set_positions(self, outputs: Sequence[Any], size: int) -> None:
        positions = {layer.name: t.shape[1] if t.ndim == 3 else 1 for layer, t in zip(self._layers, outputs)}
        if len(set(positions.values())) > 1:
            raise Error("pool='positions': expected as many positions in every layer, got " +
                        ", ".join(f"{p} in {name}" for name, p in positions.items()) + "; record such layers in files of "
                        "their own")
        self._n_positions = int(next(iter(positions.values())))

    def _function(self, call: Call, module: Any) -> str:
        """The name of the activation function, as infoplane writes it; "" if unknown."""
        if call == self._calls[-1] and self._output in ("softmax", "sigmoid"):
            return str(self._output)
        kind = type(module).__name__
        if kind in _watch.ACTIVATIONS:
            return kind.lower()
        return "linear" if kind in ("Linear", "Conv1d", "Conv2d", "Conv3d") else ""

    def _warn_of_logits(self, samples: Mapping[str, Array]) -> None:
        t = self._last
        is_classifier = "target" not in samples and t.shape[-1] > 1
        if self._output == "auto" and is_classifier and bool(((t.sum(-1) - 1).abs() > 1e-3).any()):
            warnings.warn(f"layer {self._layers[-1].name}: its rows do not sum to 1; use output='softmax' to record "
                          "probabilities, or output='none' to record it as it is", stacklevel=3)

    # ---------------------------------------------------------------- a pass

    def _try(self, batch: Tuple[Any, Array]) -> None:
        """The first pass shows whether the model takes such samples."""
        try:
            self._pass(batch)
        except (RuntimeError, TypeError, ValueError, IndexError, AttributeError) as fault:
            raise Error(f"x: the model fails for {self._x}: {type(fault).__name__}: {fault}; give x as in training (images "
                        "scaled to floating point, a tuple or dict for several arguments), or forward=") from fault

    def _pass(self, batch: Tuple[Any, Array]) -> None:
        args = batch[0]
        device = next((p.device for p in [*self._model.parameters(), *self._model.buffers()]), torch.device("cpu"))
        args = mapped(args, lambda t: t.to(device))
        if self._forward is not None:
            self._forward(self._model, args)
            return
        kind = next((p.dtype for p in self._model.parameters() if p.is_floating_point()), None)
        args = mapped(args, lambda t: t.to(kind) if t.is_floating_point() and kind is not None else t)
        if isinstance(args, tuple):
            self._model(*args)
        elif isinstance(args, dict):
            self._model(**args)
        else:
            self._model(args)

    def _vectors(self, call: Call, module: Any, out: Any, index: Array) -> Any:
        """T of one call for the samples `index`: (n, width), or (n, positions, width)."""
        name = _watch.label(call, self._count)
        t = self._tensor(call, name, out)
        if t.ndim == 0 or t.shape[0] != len(index):
            more = "; models that put positions first need batch_first=True, or select= with a function" \
                if t.ndim > 1 and t.shape[1] == len(index) else ""
            raise Error(f"layer {name}: expected {len(index)} samples, one along the first axis, got the shape "
                        f"{tuple(t.shape)}{more}")
        axis = _pooling.channel_axis(name, t.shape, module, self._has_1d, self._axis) if t.ndim > 2 else 1
        mask = self._mask[torch.as_tensor(index)] if self._mask is not None else None
        t = _pooling.vectors(t, name, _of(self._pool, call), axis, mask)
        if call == self._calls[-1]:
            function = self._output if callable(self._output) else _OUTPUTS[self._output]
            if self._output == "softmax" and t.shape[-1] == 1:
                raise Error(f"output: the softmax of the one unit of {name} is always 1; use output='sigmoid'")
            t = function(t) if function is not None else t
        if t.ndim not in (2, 3) or t.shape[0] != len(index):
            raise Error(f"layer {name}: expected (samples, width) from pool and output, got {tuple(t.shape)}")
        return t

    def _tensor(self, call: Call, name: str, out: Any) -> Any:
        select = _of(self._select, call)
        if callable(select):
            out = select(out)
        elif not isinstance(out, torch.Tensor) and (select is not None or isinstance(out, (tuple, list))):
            try:
                out = out[0 if select is None else select]
            except (KeyError, IndexError, TypeError):
                raise Error(f"layer {name}: select={select!r} is not in its output, a {type(out).__name__}") from None
        if not isinstance(out, torch.Tensor):
            raise Error(f"layer {name}: its output is a {type(out).__name__}; choose a part with select=")
        if out.is_complex():
            raise Error(f"layer {name}: its output is complex; choose real numbers with select=")
        return out.detach().to(torch.float32)

    def _record(self) -> List[Array]:
        """T of every layer for all samples. Each output is copied inside the hook: a later layer may change it."""
        n, p = len(self._x), self._n_positions
        rows = [np.empty((n, p, layer.width), np.float32) for layer in self._layers]
        of = {call: t for call, t in zip(self._calls, rows)}
        with _watch.undisturbed(self._model):
            for batch in self._x.batches(self._batch_size):
                seen: Counter[str] = Counter()

                def see(call: Call, module: Any, out: Any, index: Array = batch[1]) -> None:
                    seen[call[0]] += 1
                    if call in of:
                        t = self._vectors(call, module, out, index).cpu().numpy()
                        of[call][index[0] : index[-1] + 1] = t.reshape(len(index), p, -1)

                with _watch.watched(self._model, self._names, see):
                    self._pass(batch)
                self._check_calls(seen)
        return [t.reshape(n * p, -1)[self._kept] if not self._kept.all() else t.reshape(n * p, -1) for t in rows]

    def _check_calls(self, seen: Mapping[str, int]) -> None:
        for name in self._names:
            if seen[name] != self._count[name]:
                raise Error(f"layer {name}: was called {self._count[name]} times at first and {seen[name]} times for "
                            "another batch; such a layer has no fixed T")

    def log(self, epoch: int, *, force: bool = False, **metrics: Any) -> bool:
        """Records the layers and metrics (train_loss=..., test_accuracy=...) of an epoch.

        Returns False where the schedule skips the epoch, unless `force`, and in processes of other ranks.
        """
        if self._is_idle or not self._is_due(epoch, force):
            return False
        activations = self._record()
        bad = [layer.name for layer, t in zip(self._layers, activations) if not np.isfinite(t).all()]
        if bad:
            warnings.warn(f"epoch {epoch}: {', '.join(bad)}: contains NaN or infinity, which estimators reject",
                          stacklevel=2)
        self._append(epoch, activations, metrics)
        return True

    # ---------------------------------------------------------------- weights that were kept

    @classmethod
    def from_checkpoints(cls: Type["Recorder"], model: Any, paths: Sequence[Path], x: Any, y: Any = None, *,
                         out: Path, epochs: Optional[Sequence[int]] = None,
                         load: Optional[Callable[[Any, Path], None]] = None, **options: Any) -> FilePath:
        """Records the run file `out` from weights that were saved during training.

        paths: files of torch.save with a state dict, or with one under `state_dict`, `model_state_dict` or `model`. They
        are read without running code of theirs. epochs: of the files; default: the number after `epoch` in the name, else
        that under the key `epoch` in the file, else the only number in the name. load: a function (model, path) for other
        formats. options: of Recorder. The model has its own weights again at the end.
        """
        files = _checkpoints.listed(paths)
        numbers = _checkpoints.epochs_of(files, epochs, load is None)
        inner = _watch.unwrap(model)
        weights = {name: t.detach().clone() for name, t in inner.state_dict().items()}
        order = sorted(zip(numbers, files))
        put = load or _checkpoints.load
        try:
            put(inner, order[0][1])  # before there is a file
            with cls(out, model, x, y, **options) as rec:
                for epoch, path in order:
                    put(inner, path)
                    rec.log(epoch)
        finally:
            inner.load_state_dict(weights)
        return FilePath(out).expanduser()


def _of(choice: Any, call: Call) -> Any:
    """Of a dict from patterns to choices, the first that fits the call."""
    if isinstance(choice, Mapping):
        return next((c for pattern, c in choice.items() if _watch.matches(pattern, call)), None)
    return choice


def _is_first_process() -> bool:
    d = torch.distributed
    return not (d.is_available() and d.is_initialized()) or d.get_rank() == 0
