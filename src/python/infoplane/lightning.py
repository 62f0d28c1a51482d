"""A callback for PyTorch Lightning.

    trainer = Trainer(callbacks=[ip.lightning.Callback("runs/a.h5", x, y, layers=["net.*"], output="softmax")])

Epoch 0 is recorded when training starts, epoch e after e epochs of training; `fit(ckpt_path=...)` starts with
the epoch of the checkpoint. The metrics are those that the module logs for callbacks (self.log); val_loss becomes
test/loss. The options are those of infoplane.torch.Recorder.
"""
from __future__ import annotations

from typing import Any, Optional

from . import _callback
from .recorder import Path
from .torch import Recorder


class _Hooks:
    """The hooks of the sanity check before training, those of validation, are not used."""

    recorder: Optional[Recorder] = None

    def __init__(self, path: Path, x: Any, y: Any = None, **options: Any):
        super().__init__()
        self._arguments, self._options = (path, x, y), options

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """The first hook in which current_epoch is that of a checkpoint from which `fit` continues."""
        path, x, y = self._arguments
        self.recorder = Recorder(path, pl_module, x, y, **self._options)
        self.recorder.log(trainer.current_epoch)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        if self.recorder is not None:
            self.recorder.log(trainer.current_epoch + 1, **_callback.metrics(trainer.callback_metrics))

    def on_fit_end(self, trainer: Any, pl_module: Any) -> None:
        if self.recorder is not None:
            self.recorder.close()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        if self.recorder is not None:
            self.recorder.__exit__(type(exception), exception, None)


def Callback(path: Path, x: Any, y: Any = None, **options: Any) -> Any:  # noqa: N802
    """A lightning.pytorch.Callback that records the run file `path`: parameters of infoplane.torch.Recorder."""
    parent = _callback.base("lightning.pytorch:Callback", "pytorch_lightning:Callback")
    return type("Callback", (_Hooks, parent), {})(path, x, y, **options)
