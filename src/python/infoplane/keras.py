"""A callback for Keras.

    model.fit(x, y, epochs=100, callbacks=[ip.keras.Callback("runs/a.h5", x_probe, y_probe, layers=["dense", "dense_1"])])

Epoch 0 is recorded when training starts, epoch e after e epochs of training. val_loss becomes test/loss. An exception in
`fit` calls no callback, so the status stays "running" after one; `resume=True` continues such a file.
"""
from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Sequence

import numpy as np

from . import _callback
from ._errors import ConfigError, Error
from ._samples import Array
from .recorder import Path, Recorder

class _Hooks:
    """`model` is set by Keras before training."""

    model: Any

    def __init__(self, path: Path, x: Any, y: Any = None, *, layers: Optional[Sequence[str]] = None,
                 pool: Optional[str] = None, batch_size: int = 512, **options: Any):
        super().__init__()
        if pool not in (None, "mean", "max", "flatten"):
            raise ConfigError(f"pool: got {pool!r}, expected 'mean', 'max' or 'flatten'")
        self._x, self._layers, self._pool, self._batch_size = x, layers, pool, batch_size
        self.recorder = Recorder(path, y, **options)

    def on_train_begin(self, logs: Optional[Mapping[str, Any]] = None) -> None:
        names = self._layers or [layer.name for layer in self.model.layers if layer.weights]
        first = [name for name in names if _is_channels_first(self.model.get_layer(name))]
        if first and self._pool in ("mean", "max"):
            raise Error(f"layer {first[0]}: has channels_first, and pool={self._pool!r} is over all axes but the last; use "
                        "pool='flatten', or ip.Recorder with arrays that you have pooled")
        outputs = [self.model.get_layer(name).output for name in names]
        model = _callback.base("keras:Model", "tensorflow.keras:Model")
        self._names, self._part = list(names), model(inputs=self.model.inputs, outputs=outputs)
        self._log(0, {})

    def on_epoch_end(self, epoch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        self._log(epoch + 1, _callback.metrics(logs))

    def on_train_end(self, logs: Optional[Mapping[str, Any]] = None) -> None:
        self.recorder.close()

    def _log(self, epoch: int, metrics: Dict[str, Any]) -> None:
        if self.recorder.wants(epoch):
            outputs = self._part.predict(self._x, batch_size=self._batch_size, verbose=0)
            outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
            layers = {name: self._vectors(name, np.asarray(t)) for name, t in zip(self._names, outputs)}
            self.recorder.log(epoch, layers, **metrics)

    def _vectors(self, name: str, t: Array) -> Array:
        """(n, positions ..., channels) -> (n, width)"""
        if t.ndim <= 2:
            return t
        if self._pool is None:
            raise Error(f"layer {name}: its output has the shape {t.shape}, and T is one vector per sample: choose "
                        "pool='mean', 'max' or 'flatten'")
        if self._pool == "flatten":
            return t.reshape(len(t), -1)
        t = t.reshape(len(t), -1, t.shape[-1])
        pooled: Array = t.mean(1) if self._pool == "mean" else t.max(1)
        return pooled


def _is_channels_first(layer: Any) -> bool:
    return getattr(layer, "data_format", None) == "channels_first"


def Callback(path: Path, x: Any, y: Any = None, **options: Any) -> Any:  # noqa: N802
    """A keras.callbacks.Callback that records the outputs of layers to the run file `path`.

    x, y: the samples. layers: names of layers; default: those with weights. pool: "mean", "max" over positions, or
    "flatten". Other options: of infoplane.Recorder.
    """
    parent = _callback.base("keras.callbacks:Callback", "tensorflow.keras.callbacks:Callback")
    return type("Callback", (_Hooks, parent), {})(path, x, y, **options)
