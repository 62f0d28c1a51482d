"""The callbacks, against small stubs of the protocols of Lightning, Keras and transformers, which Debian 12 lacks."""
import sys
import types

import numpy as np
import pytest

import infoplane as ip

pytest.importorskip("h5py")
torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402

N = 24
X, Y = torch.randn(N, 3, generator=torch.Generator().manual_seed(0)), torch.arange(N) % 2


def module(monkeypatch, name, **contents):
    made = types.ModuleType(name)
    vars(made).update(contents)
    monkeypatch.setitem(sys.modules, name, made)


# ---------------------------------------------------------------- Lightning


class LightningCallback:
    """Hooks that the trainer calls, in the order of its documentation."""

    def __getattr__(self, name):
        if name.startswith("on_") or name in ("setup", "teardown"):
            return lambda *arguments: None
        raise AttributeError(name)


class Trainer:
    def __init__(self, callbacks, epochs):
        self.callbacks, self.epochs, self.current_epoch, self.callback_metrics = callbacks, epochs, 0, {}

    def call(self, hook, *more):
        for callback in self.callbacks:
            assert isinstance(callback, LightningCallback)
            getattr(callback, hook)(self, self.net, *more)

    def fit(self, net, weights=None, current_epoch=0):
        """As Trainer._run: a checkpoint gives the weights before on_fit_start, the epoch after it."""
        self.net = net
        if weights is not None:
            net.load_state_dict(weights)
        self.call("setup", "fit")
        self.call("on_fit_start")
        self.current_epoch = current_epoch
        for hook in "on_sanity_check_start", "on_validation_epoch_end", "on_sanity_check_end", "on_train_start":
            self.call(hook)
        try:
            for self.current_epoch in range(current_epoch, self.epochs):
                net.train_one_epoch()
                self.callback_metrics = {"train_loss": torch.tensor(0.5), "val/acc": torch.tensor(0.25), "name": "x"}
                self.call("on_validation_epoch_end")
                self.call("on_train_epoch_end")
            self.call("on_train_end")
            self.call("on_fit_end")
        except BaseException as fault:
            self.call("on_exception", fault)
            raise


class Net(nn.Module):
    def __init__(self, fails_at=None):
        super().__init__()
        self.net, self.n, self.fails_at = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), 0, fails_at

    def forward(self, x):
        return self.net(x)

    def train_one_epoch(self):
        self.n += 1
        if self.n == self.fails_at:
            raise RuntimeError("diverged")
        with torch.no_grad():
            self.net[0].weight.add_(0.1)


def test_lightning(tmp_path, monkeypatch):
    module(monkeypatch, "lightning")
    module(monkeypatch, "lightning.pytorch", Callback=LightningCallback)
    net = Net()
    first = net.net[0].weight.clone()
    callback = ip.lightning.Callback(tmp_path / "a.h5", X, Y, output="softmax", epochs="every:2")
    Trainer([callback], epochs=4).fit(net)
    run = ip.read(tmp_path / "a.h5")
    assert run.epochs.tolist() == [0, 2, 4] and run.status == "done"
    assert [layer.name for layer in run.layers] == ["net.1", "net.2"]
    for e, epoch in enumerate(run.epochs):
        want = torch.tanh(nn.functional.linear(X, first + 0.1 * float(epoch), net.net[0].bias)).detach()
        assert np.allclose(run.activation("net.1", epoch), want, atol=1e-5)
    assert run.metrics["train/loss"][1:].tolist() == [0.5, 0.5] and run.metrics["test/acc"][1] == 0.25


def test_lightning_from_a_checkpoint(tmp_path, monkeypatch):
    module(monkeypatch, "lightning")
    module(monkeypatch, "lightning.pytorch", Callback=LightningCallback)
    callback, weights = ip.lightning.Callback(tmp_path / "a.h5", X, Y, output="softmax"), Net().state_dict()
    Trainer([callback], epochs=5).fit(Net(), weights, current_epoch=3)
    run = ip.read(tmp_path / "a.h5")
    assert run.epochs.tolist() == [3, 4, 5]
    want = torch.tanh(nn.functional.linear(X, weights["net.0.weight"], weights["net.0.bias"]))
    assert np.allclose(run.activation("net.1", 3), want, atol=1e-5)


def test_lightning_with_an_exception(tmp_path, monkeypatch):
    module(monkeypatch, "pytorch_lightning", Callback=LightningCallback)
    with pytest.raises(RuntimeError):
        Trainer([ip.lightning.Callback(tmp_path / "a.h5", X, Y, output="softmax")], epochs=4).fit(Net(fails_at=3))
    run = ip.read(tmp_path / "a.h5")
    assert run.epochs.tolist() == [0, 1, 2] and run.status == "interrupted"
    assert run.attributes["reason"] == "RuntimeError: diverged"


# ---------------------------------------------------------------- Keras


class KerasCallback:
    def set_model(self, model):
        self.model = model


class Layer:
    data_format = "channels_last"

    def __init__(self, name, f, weights=("w",)):
        self.name, self.output, self.weights = name, (name, f), weights


class KerasModel:
    """A model of layers, each a function of x; outputs of a sub-model are pairs (name, function)."""

    def __init__(self, inputs, outputs):
        self.inputs, self.outputs = inputs, outputs

    def predict(self, x, batch_size=None, verbose="auto"):
        assert verbose == 0 and batch_size
        arrays = [f(x) for _, f in self.outputs]
        return arrays if len(arrays) > 1 else arrays[0]


class Sequential(KerasModel):
    def __init__(self, layers):
        super().__init__(["x"], [layers[-1].output])
        self.layers, self.scale = layers, 0.0

    def get_layer(self, name):
        return {layer.name: layer for layer in self.layers}[name]

    def fit(self, epochs, callbacks):
        for c in callbacks:
            c.set_model(self)
            c.on_train_begin(logs={})
        for epoch in range(epochs):
            self.scale += 1
            for c in callbacks:
                c.on_epoch_end(epoch, logs={"loss": 0.5, "val_loss": 0.75, "lr": "constant"})
        for c in callbacks:
            c.on_train_end(logs={})


def test_keras(tmp_path, monkeypatch):
    module(monkeypatch, "keras", Model=KerasModel)
    module(monkeypatch, "keras.callbacks", Callback=KerasCallback)
    x = np.random.default_rng(0).normal(size=(N, 4, 4, 2)).astype("f4")
    layers = [Layer("conv", lambda x: x * model.scale), Layer("flatten", None, ()), Layer("dense", lambda x: x[:, 0, 0])]
    model = Sequential(layers)
    callback = ip.keras.Callback(tmp_path / "a.h5", x, Y, pool="mean", epochs=[0, 2, 3])
    assert isinstance(callback, KerasCallback)
    model.fit(3, [callback])
    run = ip.read(tmp_path / "a.h5")
    assert run.epochs.tolist() == [0, 2, 3] and run.status == "done" and [s.name for s in run.layers] == ["conv", "dense"]
    assert np.allclose(run.activation("conv", 2), 2 * x.mean((1, 2)), atol=1e-6)
    assert run.metrics["train/loss"][1] == 0.5 and run.metrics["test/loss"][2] == 0.75 and "train/lr" not in run.metrics
    for pool, want in (("max", x.max((1, 2))), ("flatten", x.reshape(N, -1))):
        Sequential(layers).fit(1, [ip.keras.Callback(tmp_path / f"{pool}.h5", x, Y, layers=["conv"], pool=pool)])
        assert np.allclose(ip.read(tmp_path / f"{pool}.h5").activation("conv", 0), 3 * want)
    with pytest.raises(ip.Error, match="pool='mean'"):
        model.fit(1, [ip.keras.Callback(tmp_path / "b.h5", x, Y)])
    layers[0].data_format = "channels_first"
    with pytest.raises(ip.Error, match="layer conv: has channels_first"):
        model.fit(1, [ip.keras.Callback(tmp_path / "b.h5", x, Y, pool="max")])
    with pytest.raises(ip.ConfigError, match="pool"):
        ip.keras.Callback(tmp_path / "c.h5", x, Y, pool="sum")


# ---------------------------------------------------------------- transformers


class TrainerCallback:
    def on_log(self, args, state, control, **more):
        pass


class Bert(nn.Module):
    """Hidden states (n, tokens, width) of an embedding and a block."""

    has_head = True

    def __init__(self):
        super().__init__()
        self.embedding, self.block, self.drop = nn.Embedding(9, 3), nn.Linear(3, 3), nn.Dropout()

    def forward(self, input_ids, attention_mask=None, output_hidden_states=False):
        e = self.embedding(input_ids)
        b = self.drop(torch.tanh(self.block(e)))
        return types.SimpleNamespace(logits=b[:, 0] if self.has_head else b, hidden_states=(e, b) if output_hidden_states else None)


def fit(callback, model, epochs, steps, is_zero=True):
    """What Trainer.train calls, with its keywords."""
    state = types.SimpleNamespace(epoch=0.0, global_step=0, is_world_process_zero=is_zero, log_history=[])
    more = dict(model=model.train(), optimizer=None, train_dataloader=None)
    callback.on_train_begin(None, state, None, **more)
    for epoch in range(epochs):
        for step in range(steps):
            state.global_step += 1
            state.epoch = epoch + (step + 1) / steps
            state.log_history.append({"loss": 1 / state.global_step, "step": state.global_step})
            callback.on_step_end(None, state, None, **more)
        callback.on_epoch_end(None, state, None, **more)
    callback.on_train_end(None, state, None, **more)
    assert model.training and model.drop.training


def test_transformers(tmp_path, monkeypatch):
    module(monkeypatch, "transformers", TrainerCallback=TrainerCallback)
    torch.manual_seed(0)
    ids = torch.randint(0, 9, (N, 5))
    mask = torch.ones_like(ids)
    mask[0, 2:] = 0
    model = Bert()
    batch = {"input_ids": ids, "attention_mask": mask, "labels": Y}
    callback = ip.transformers.Callback(tmp_path / "a.h5", batch, Y, batch_size=7)
    assert isinstance(callback, TrainerCallback)
    fit(callback, model, epochs=2, steps=3)
    run = ip.read(tmp_path / "a.h5")
    assert run.epochs.tolist() == [0, 1, 2] and run.status == "done"
    assert [s.name for s in run.layers] == ["embedding", "block1", "logits"]
    assert [s.kind for s in run.layers] == ["hidden", "hidden", "output"]
    assert np.allclose(run.activation("logits", 1), torch.tanh(model.block(model.embedding(ids)))[:, 0].detach(), atol=1e-6)
    e = model.embedding(ids).detach()
    assert np.allclose(run.activation("embedding", 1)[0], e[0, :2].mean(0), atol=1e-6)
    assert np.allclose(run.activation("embedding", 1)[1:], e[1:].mean(1), atol=1e-6)
    assert run.metrics["train/loss"][1] == pytest.approx(1 / 3)
    fit(ip.transformers.Callback(tmp_path / "b.h5", batch, Y, by="step", epochs="every:2"), model, epochs=2, steps=3)
    assert ip.read(tmp_path / "b.h5").epochs.tolist() == [0, 2, 4, 6]
    fit(ip.transformers.Callback(tmp_path / "c.h5", batch, Y), model, epochs=1, steps=1, is_zero=False)
    assert not (tmp_path / "c.h5").exists()
    model.has_head = False
    fit(ip.transformers.Callback(tmp_path / "d.h5", batch, Y), model, epochs=1, steps=1)
    assert [(s.name, s.kind) for s in ip.read(tmp_path / "d.h5").layers] == [("embedding", "hidden"), ("block1", "hidden")]
    with pytest.raises(ip.ConfigError, match="by"):
        ip.transformers.Callback(tmp_path / "c.h5", batch, Y, by="day")
