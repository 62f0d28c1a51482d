"""A callback for the Trainer of transformers.

    probe = tokenizer(texts, padding=True, return_tensors="pt")
    Trainer(..., callbacks=[ip.transformers.Callback("runs/a.h5", probe, labels, pool="mean")])

Records the hidden states of all blocks, averaged over the tokens that the attention mask keeps, and as the output the
logits (n, classes) of a classifier. Epoch 0 is recorded when training starts; `by="step"` counts updates in place of
epochs, with a schedule such as epochs="log:100:5000".
"""
from __future__ import annotations

from typing import Any, Dict, Mapping

import numpy as np
import torch

from . import _callback, _pooling, _watch
from ._errors import ConfigError
from ._samples import Array
from .recorder import Path, Recorder


class _Hooks:
    def __init__(self, path: Path, batch: Mapping[str, Any], y: Any = None, *, pool: str = "mean", by: str = "epoch",
                 batch_size: int = 64, **options: Any):
        super().__init__()
        if pool not in ("mean", "max", "flatten") or by not in ("epoch", "step"):
            raise ConfigError(f"pool and by: got {pool!r} and {by!r}, expected 'mean', 'max' or 'flatten', and 'epoch' or "
                              "'step'")
        self._batch = {name: torch.as_tensor(t) for name, t in batch.items() if name != "labels"}
        self._pool, self._by, self._batch_size = pool, by, batch_size
        self.recorder = Recorder(path, y, **options)

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **more: Any) -> None:
        self._log(state, 0 if self._by == "epoch" else state.global_step, model)

    def on_epoch_end(self, args: Any, state: Any, control: Any, model: Any = None, **more: Any) -> None:
        if self._by == "epoch":
            self._log(state, round(state.epoch), model)

    def on_step_end(self, args: Any, state: Any, control: Any, model: Any = None, **more: Any) -> None:
        if self._by == "step":
            self._log(state, state.global_step, model)

    def on_train_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        self.recorder.close()

    def _log(self, state: Any, number: int, model: Any) -> None:
        if state.is_world_process_zero and self.recorder.wants(number):
            losses = [entry["loss"] for entry in state.log_history if "loss" in entry]
            metrics = _callback.metrics({"train_loss": losses[-1]} if losses else {})
            self.recorder.log(number, self._hidden(_watch.unwrap(model)), **metrics)

    def _hidden(self, model: Any) -> Dict[str, Array]:
        """embedding, block1, block2, ... and, of a classifier, logits: (n, width)"""
        device = next(model.parameters()).device
        n, parts = len(next(iter(self._batch.values()))), []
        with _watch.undisturbed(model):
            for first in range(0, n, self._batch_size):
                batch = {name: t[first : first + self._batch_size].to(device) for name, t in self._batch.items()}
                out = model(**batch, output_hidden_states=True)
                logits = getattr(out, "logits", None)
                vectors = [self._vectors(t, batch.get("attention_mask")) for t in out.hidden_states]
                names = [f"block{k}" if k else "embedding" for k in range(len(vectors))]
                if logits is not None and logits.ndim == 2:
                    vectors.append(logits.float().cpu().numpy())
                    names.append("logits")
                parts.append(vectors)
        self.recorder._has_output = names[-1] == "logits"
        return {name: np.concatenate([part[k] for part in parts]) for k, name in enumerate(names)}

    def _vectors(self, t: Any, mask: Any) -> Array:
        pooled: Array = _pooling.vectors(t.float(), "hidden state", self._pool, 2, mask).cpu().numpy()
        return pooled


def Callback(path: Path, batch: Mapping[str, Any], y: Any = None, **options: Any) -> Any:  # noqa: N802
    """A transformers.TrainerCallback that records hidden states to the run file `path`.

    batch: the tokenized samples, as the model takes them. pool: "mean", "max" or "flatten". Other options: of
    infoplane.Recorder.
    """
    parent = _callback.base("transformers:TrainerCallback")
    return type("Callback", (_Hooks, parent), {})(path, batch, y, **options)
