"""ip.torch.Recorder: the right tensors, an undisturbed model, and clear errors."""
import os
import random
import signal

import numpy as np
import pytest

import infoplane as ip

h5py = pytest.importorskip("h5py")
torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402

N = 40


class CNN(nn.Module):
    """One ReLU, in place, used three times; batch normalization and dropout."""

    def __init__(self):
        super().__init__()
        self.c1, self.bn, self.c2 = nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Conv2d(3, 4, 3)
        self.fc, self.head = nn.Linear(4 * 4 * 4, 5), nn.Linear(5, 3)
        self.relu, self.drop, self.unused = nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(1, 1)

    def forward(self, x):
        x = self.relu(self.bn(self.c1(x)))
        x = self.relu(self.c2(x)).flatten(1)
        return self.head(self.drop(self.relu(self.fc(x))))


@pytest.fixture
def model():
    torch.manual_seed(0)
    return CNN()


@pytest.fixture
def samples():
    g = torch.Generator().manual_seed(1)
    return torch.randn(N, 1, 8, 8, generator=g), torch.arange(N) % 3


def recorded(path):
    """name -> activations (epochs, n, width)"""
    with h5py.File(path, "r") as f:
        return {f[f"layers/{k}"].attrs["name"]: f[f"layers/{k}/activation"][:] for k in range(1, 1 + len(f["layers"]))}


def once(path, model, x, y, **options):
    with ip.torch.Recorder(path, model, x, y, **{"output": "none", **options}) as rec:
        assert rec.log(0)
    return recorded(path)


def close(a, b):
    return np.allclose(a, np.asarray(b), rtol=1e-5, atol=1e-6)


def test_in_place_and_reused_relu_are_what_they_were_at_that_moment(model, samples, tmp_path):
    x, y = samples
    layers = ["head", "relu", "bn", "c1", "c2", "fc"]  # the file has them in the order of their calls
    got = once(tmp_path / "a.h5", model, x, y, layers=layers, pool="flatten", batch_size=16)
    assert list(got) == ["c1", "bn", "relu@0", "c2", "relu@1", "fc", "relu@2", "head"]
    model.eval()
    with torch.no_grad():  # by hand, without in-place operations
        c1 = model.c1(x)
        bn = model.bn(c1)
        c2 = model.c2(bn.relu())
        fc = model.fc(c2.relu().flatten(1))
        head = model.head(fc.relu())
    for name, t in {"c1": c1, "bn": bn, "relu@0": bn.relu(), "c2": c2, "relu@1": c2.relu(), "fc": fc, "relu@2": fc.relu(),
                    "head": head}.items():
        assert close(got[name][0], t.flatten(1)), name
    for name in ("c1", "bn", "c2", "fc"):
        assert got[name].min() < 0, name


@pytest.mark.parametrize("pool, pooled", [
    ("mean", lambda t: t.mean((2, 3))), ("max", lambda t: t.amax((2, 3))), ("flatten", lambda t: t.flatten(1)),
    (lambda t: t[:, :, 0, 0], lambda t: t[:, :, 0, 0]), ({"c?": "mean"}, lambda t: t.mean((2, 3)))])
def test_images_become_one_vector_per_sample(model, samples, tmp_path, pool, pooled):
    got = once(tmp_path / "a.h5", model, *samples, layers=["c1"], pool=pool)
    assert close(got["c1"][0], pooled(model.c1(samples[0]).detach()))


def test_positions_are_samples(samples, tmp_path):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Embedding(7, 4), nn.Linear(4, 3), nn.Tanh())
    x = torch.randint(0, 7, (N, 5))
    y = (x + 1) % 7  # a label per position
    mask = torch.ones_like(x)
    mask[0, 3:] = 0
    got = once(tmp_path / "a.h5", model, x, y, layers=["0", "2"], pool="positions", mask=mask, x_id=x.numpy(), split=y[:, 0] > 2)
    want = model(x).detach().reshape(-1, 3)[mask.flatten().bool()]
    assert got["2"].shape == (1, 5 * N - 2, 3) and close(got["2"][0], want)
    with h5py.File(tmp_path / "a.h5") as f:
        keep = mask.numpy().astype(bool)
        assert np.array_equal(f["data/y"][:], y.numpy()[keep]) and np.array_equal(f["data/x_id"][:], x.numpy()[keep])
        assert np.array_equal(f["data/split"][:], np.repeat(y[:, 0].numpy() > 2, 5)[keep.flatten()])
    mean = once(tmp_path / "b.h5", model, x, x[:, 0], layers=["2"], pool="mean", mask=mask)["2"][0]
    assert close(mean[0], model(x)[0, :3].mean(0).detach()) and close(mean[1], model(x)[1].mean(0).detach())
    largest = once(tmp_path / "c.h5", model, x, x[:, 0], layers=["2"], pool="max", mask=mask)["2"][0]
    assert close(largest[0], model(x)[0, :3].amax(0).detach())


def test_the_axis_of_the_channels(tmp_path):
    x = torch.randn(N, 2, 9)
    y = torch.arange(N) % 2
    conv = nn.Sequential(nn.Conv1d(2, 3, 2), nn.ReLU())
    assert close(once(tmp_path / "a.h5", conv, x, y, layers=["0"], pool="mean")["0"][0], conv[0](x).mean(2).detach())
    with pytest.raises(ip.Error, match="channel_axis"):
        once(tmp_path / "b.h5", conv, x, y, layers=["1"], pool="mean")
    got = once(tmp_path / "b.h5", conv, x, y, layers=["1"], pool="mean", channel_axis=1)
    assert close(got["1"][0], conv(x).mean(2).detach())
    dense = nn.Sequential(nn.Linear(9, 4), nn.ReLU())
    assert close(once(tmp_path / "c.h5", dense, x, y, layers=["1"], pool="mean")["1"][0], dense(x).mean(1).detach())


class Odd(nn.Module):
    """Returns a tuple, a dict and a number of calls that depends on the data."""

    def __init__(self):
        super().__init__()
        self.lstm, self.head, self.some, self.said = nn.LSTM(3, 4, batch_first=True), nn.Linear(4, 2), nn.Tanh(), Said()

    def forward(self, x):
        t, _ = self.lstm(x)
        for _ in range(1 if x[0, 0, 0] < 100 else 2):
            t = self.some(t)
        return {"logits": self.head(self.said(t)["a"][:, -1])}


class Said(nn.Module):
    def forward(self, t):
        return {"a": t, "n": 3}


def test_tuples_and_dicts(tmp_path):
    torch.manual_seed(0)
    model, x, y = Odd(), torch.randn(N, 6, 3), torch.arange(N) % 2
    t, (h, c) = (model.lstm(x)[0].detach(), [s.detach() for s in model.lstm(x)[1]])
    assert close(once(tmp_path / "a.h5", model, x, y, layers=["lstm"], pool="mean")["lstm"][0], t.mean(1))
    select = {"lstm": lambda o: o[1][0][0], "said": "a", "output": "logits"}
    got = once(tmp_path / "b.h5", model, x, y, layers=["lstm", "said", "output"], pool="mean", select=select)
    assert list(got) == ["lstm", "said", "output"]
    assert close(got["lstm"][0], h[0]) and close(got["output"][0], model(x)["logits"].detach())
    for wrong, text in ((dict(layers=["said"]), "select="), (dict(layers=["said"], select="n"), "is a int"),
                        (dict(layers=["said"], select="z"), "not in its output"),
                        (dict(layers=["lstm"], select=7), "not in its output")):
        with pytest.raises(ip.Error, match=text):
            once(tmp_path / "c.h5", model, x, y, pool="mean", **wrong)


def test_a_number_of_calls_that_varies_is_an_error(tmp_path):
    x = torch.randn(N, 6, 3)
    x[20] = 200
    rec = ip.torch.Recorder(tmp_path / "a.h5", Odd(), x, torch.arange(N) % 2, layers=["some"], pool="mean", output="none",
                            batch_size=20)
    with pytest.raises(ip.Error, match="some: was called 1 times at first and 2 times"):
        rec.log(0)
    assert rec.epochs == []


def test_log_changes_nothing_in_the_model(model, samples, tmp_path):
    calls = []
    model.c2.register_forward_hook(lambda *_: calls.append((torch.rand(1), np.random.random(), random.random())))
    model.train()
    model.drop.eval()  # as somebody wanted it
    modes = {name: m.training for name, m in model.named_modules()}
    state = {name: t.clone() for name, t in model.state_dict().items()}
    hooks = {name: len(m._forward_hooks) for name, m in model.named_modules()}
    torch.manual_seed(5), np.random.seed(6)
    streams = torch.get_rng_state(), np.random.get_state(), random.getstate()
    with ip.torch.Recorder(tmp_path / "a.h5", model, *samples, layers=["relu"], pool="mean", output="none") as rec:
        for epoch in range(3):
            rec.log(epoch)
    assert {name: m.training for name, m in model.named_modules()} == modes
    assert all(torch.equal(state[name], t) for name, t in model.state_dict().items())  # also running statistics
    assert {name: len(m._forward_hooks) for name, m in model.named_modules()} == hooks and calls
    assert torch.equal(streams[0], torch.get_rng_state()) and streams[2] == random.getstate()
    assert all(np.array_equal(a, b) for a, b in zip(streams[1], np.random.get_state()))  # numbers, and the place in them
    assert all(p.grad is None and p.requires_grad for p in model.parameters())


def test_the_model_is_restored_after_an_error(model, samples, tmp_path):
    model.train()
    rec = ip.torch.Recorder(tmp_path / "a.h5", model, *samples, layers=["relu", "head"], pool="mean", output="none")
    torch.manual_seed(5)
    stream = torch.get_rng_state()

    def fails(module, inputs):
        torch.rand(1)
        raise RuntimeError("broken")

    hook = model.head.register_forward_pre_hook(fails)
    with pytest.raises(RuntimeError, match="broken"):
        rec.log(0)
    hook.remove()
    assert model.training and model.drop.training and torch.equal(stream, torch.get_rng_state())
    assert not any(m._forward_hooks for m in model.modules()) and rec.epochs == []
    assert rec.log(0)


def train(path, model, optimizer, samples, first, last, resume=False, kill_at=None, **options):
    """Trains with dropout, with a log and a checkpoint after every epoch."""
    x, y = samples
    with ip.torch.Recorder(path, model, x, y, output="softmax", pool="mean", resume=resume, **options) as rec:
        for epoch in range(first, last + 1):
            if epoch:
                model.train()
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(x), y)
                loss.backward()
                optimizer.step()
            if epoch == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            rec.log(epoch, **({"train_loss": loss} if epoch else {}))
            torch.save([model.state_dict(), optimizer.state_dict(), torch.get_rng_state()], f"{path}.{epoch}")


def test_logging_does_not_change_training_and_resume_equals_uninterrupted(samples, tmp_path):
    def new():
        torch.manual_seed(3)
        model = CNN()
        return model, torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)

    weights = []
    for epochs in ("all", [0]):  # with logs of all epochs, and of none but the first
        model, optimizer = new()
        train(tmp_path / f"{epochs}.h5", model, optimizer, samples, 0, 5, epochs=epochs)
        weights.append(model.state_dict())
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])

    path = tmp_path / "killed.h5"
    pid = os.fork()
    if pid == 0:
        train(path, *new(), samples, 0, 5, kill_at=4)
        os._exit(1)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
    model, optimizer = new()
    states = torch.load(f"{path}.2")  # an older checkpoint than the last epoch of the file
    model.load_state_dict(states[0]), optimizer.load_state_dict(states[1]), torch.set_rng_state(states[2])
    train(path, model, optimizer, samples, 3, 5, resume=True)
    assert path.read_bytes() == (tmp_path / "all.h5").read_bytes()


def test_resume_refuses_another_model_or_other_inputs(model, samples, tmp_path):
    x, y = samples
    once(tmp_path / "a.h5", model, x, y, layers=["fc", "head"])
    for other, text in ((dict(x=x + 1), "other samples"), (dict(layers=["fc"]), "other layers")):
        with pytest.raises(ip.FileError, match=text):
            ip.torch.Recorder(tmp_path / "a.h5", model, **{"x": x, "y": y, "layers": ["fc", "head"], **other},
                              output="none", resume=True)


def test_the_default_layers(samples, tmp_path):
    x, y = samples[0].flatten(1), samples[1]
    mlp = nn.Sequential(nn.Flatten(), nn.Linear(64, 4), nn.Tanh(), nn.Dropout(), nn.Linear(4, 3))
    assert list(once(tmp_path / "a.h5", mlp, x, y)) == ["2", "4"]
    plain = nn.Sequential(nn.Linear(64, 4), nn.Linear(4, 3))
    assert list(once(tmp_path / "b.h5", plain, x, y)) == ["0", "1"]
    nested = nn.Sequential(nn.Sequential(nn.Linear(64, 4), nn.Sequential(nn.Tanh())), nn.Linear(4, 3))
    for layers, names in ((["*"], ["0", "1", "output"]), (["0.*"], ["0.0", "0.1"]), (["0.**"], ["0.0", "0.1.0", "0.1"]),
                          ("output", ["output"])):
        assert list(once(tmp_path / f"{names}.h5", nested, x, y, layers=layers)) == names


def test_the_output(model, samples, tmp_path):
    logits = once(tmp_path / "a.h5", model, *samples, layers=["head"])["head"][0]
    for name, function in ("softmax", lambda z: z.softmax(1)), ("sigmoid", torch.sigmoid), (torch.exp, torch.exp):
        got = once(tmp_path / f"{len(list(tmp_path.iterdir()))}.h5", model, *samples, layers=["fc", "head"], output=name)
        assert close(got["head"][0], function(torch.tensor(logits))) and got["fc"].min() < 0
    with pytest.warns(UserWarning, match="softmax"):
        ip.torch.Recorder(tmp_path / "b.h5", model, *samples, layers=["head"])
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ip.torch.Recorder(tmp_path / "c.h5", nn.Sequential(model, nn.Softmax(1)), *samples, layers=["1"])
    with h5py.File(tmp_path / "1.h5") as f:
        assert f["layers/2"].attrs["activation"] == "softmax" and f["layers/1"].attrs["activation"] == "linear"


def test_a_part_of_the_samples(model, samples, tmp_path):
    x, y = samples
    got = once(tmp_path / "a.h5", model, x, y, layers=["head"], samples=10, seed=4, split=y == 0)
    with h5py.File(tmp_path / "a.h5") as f:
        index = f["data/sample_index"][:]
        assert len(index) == 10 and np.array_equal(f["data/y"][:], y.numpy()[index])
        assert np.array_equal(f["data/split"][:], y.numpy()[index] == 0)
    model.eval()
    assert close(got["head"][0], model(x[index.astype(int)]).detach())


def test_inputs_of_several_kinds(samples, tmp_path):
    class Sum(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(2, 3)

        def forward(self, a, b=0):
            return self.fc(a + b)

    model, a, b, y = Sum(), torch.randn(N, 2), torch.randn(N, 2), torch.arange(N) % 2
    want = model(a, b).detach()
    for i, (x, forward) in enumerate((((a, b), None), ({"b": b, "a": a}, None), (torch.stack([a, b], 1), lambda m, x: m(x[:, 0], x[:, 1])))):
        got = once(tmp_path / f"{i}.h5", model, x, y, layers=["fc"], forward=forward, batch_size=7)
        assert close(got["fc"][0], want)
    bits = (a > 0).float()
    once(tmp_path / "u.h5", model, bits.numpy(), y, layers=["fc"], x_id="unique", save_x=True)
    with h5py.File(tmp_path / "u.h5") as f:
        assert len(np.unique(f["data/x_id"][:])) == 4 and np.array_equal(f["data/x"][:], bits)
        assert f.attrs["hx_bits"] < 2.001


def test_inputs_have_the_type_of_the_parameters(model, samples, tmp_path):
    x, y = samples
    want = once(tmp_path / "a.h5", model, x, y, layers=["fc"])["fc"]
    assert np.array_equal(once(tmp_path / "b.h5", model, x.double().numpy(), y, layers=["fc"])["fc"], want)
    assert close(once(tmp_path / "c.h5", model.double(), x, y, layers=["fc"])["fc"], want)
    with pytest.raises(ip.Error, match="got a Linear, expected its name, 'fc'"):
        ip.torch.Recorder(tmp_path / "d.h5", model, x, y, layers=[model.fc], output="none")


def test_parallel_models(model, samples, tmp_path):
    want = once(tmp_path / "a.h5", model, *samples, layers=["relu", "head"], pool="mean")
    got = once(tmp_path / "b.h5", nn.DataParallel(model), *samples, layers=["relu", "head"], pool="mean")
    assert list(got) == list(want) and all(np.array_equal(got[name], want[name]) for name in want)


def test_only_the_first_process_records(model, samples, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: 1)
    with ip.torch.Recorder(tmp_path / "a.h5", model, *samples) as rec:
        assert rec.log(0, train_loss=1.0) is False and rec.wants(0) is False and rec.epochs == []
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: 0)
    once(tmp_path / "a.h5", model, *samples, layers=["head"])


def distributed(rank, store, path):
    """One of two processes that train a DistributedDataParallel model."""
    d = torch.distributed
    d.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=2)
    torch.manual_seed(0)
    model = nn.parallel.DistributedDataParallel(nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)))
    x, y = torch.randn(N, 3, generator=torch.Generator().manual_seed(rank)), torch.arange(N) % 2
    with ip.torch.Recorder(path, model, x, y, output="softmax") as rec:
        for epoch in range(3):
            assert rec.log(epoch) is (rank == 0)
            nn.functional.cross_entropy(model(x), y).backward()
            with torch.no_grad():
                for p in model.parameters():
                    p -= 0.1 * p.grad
    d.destroy_process_group()


def test_distributed_training_of_two_processes(tmp_path):
    if not torch.distributed.is_available():
        pytest.skip("this PyTorch has no torch.distributed")
    torch.multiprocessing.spawn(distributed, (str(tmp_path / "store"), str(tmp_path / "a.h5")), nprocs=2)
    got = recorded(tmp_path / "a.h5")
    assert list(got) == ["1", "2"] and got["1"].shape == (3, N, 4)


def test_activations_that_are_not_finite_are_recorded_with_a_warning(model, samples, tmp_path):
    with ip.torch.Recorder(tmp_path / "a.h5", model, *samples, layers=["fc", "head"], output="none") as rec:
        model.head.bias.data[0] = float("nan")
        with pytest.warns(UserWarning, match="epoch 0: head: contains NaN"):
            rec.log(0)


class Compiled(nn.Module):
    def __init__(self, inside):
        super().__init__()
        self._orig_mod = inside


@pytest.mark.parametrize("wrong, text", [
    (dict(layers=["unused"]), "unused: exists, but the forward pass does not call it"),
    (dict(layers=["rleu"]), "no module matches 'rleu'; the model has relu"),
    (dict(layers=["relu@3"]), "relu is called 3 times"),
    (dict(layers=["c1"]), "pool='mean'"),
    (dict(layers=["fc"], pool="average"), "pool: got 'average'"),
    (dict(layers=["fc"], output="logits"), "output: got 'logits'"),
    (dict(layers=["fc"], y=[0, 1]), "y: got 2, expected 40"),
    (dict(layers=["fc"], y=None), "expected labels"),
    (dict(layers=["fc"], batch_size=0), "at least 1"),
    (dict(layers=["fc"], samples=0), "at least 1"),
    (dict(layers=["fc"], x_id="equal"), "x_id"),
    (dict(layers=["fc"], x=torch.zeros(0, 1, 8, 8)), "at least one"),
    (dict(layers=["fc"], x=(torch.zeros(3, 1), torch.zeros(4, 1))), "as many samples"),
    (dict(layers=["fc"], epochs="weekly"), "epochs"),
    (dict(layers=["fc"], x=torch.utils.data.DataLoader([1])), "DataLoader"),
    (dict(x=torch.utils.data.TensorDataset(torch.zeros(N))), "TensorDataset, a Dataset; give tensors"),
    (dict(x=[torch.zeros(1, 8, 8)] * N), "torch.stack"), (dict(x=[[1], [1, 2]]), "x: a list is no tensor"),
    (dict(x=torch.zeros(N, 1, 8, 8, dtype=torch.uint8)), r"the model fails for uint8 \(40, 1, 8, 8\).*floating point"),
    (dict(x=torch.zeros(N, 7)), "the model fails for float32"), (dict(x=(torch.zeros(N, 1),) * 2), "fails for float32 .* and float32"),
    (dict(layers=[nn.Tanh()]), "layers: got a Tanh, expected the names of modules"),
    (dict(seed=None), "seed: expected an integer"), (dict(seed=-1), "seed"), (dict(seed="1", samples=9), "seed"),
    (dict(layers=["c1", "relu"], pool="positions"), "as many positions"),
    (dict(model=Compiled(nn.Tanh())), "_orig_mod"),
    (dict(model=torch.jit.trace(nn.Tanh(), torch.zeros(1))), "torch.jit"),
    (dict(model=lambda x: x), "expected a torch.nn.Module"),
])
def test_wrong_arguments_are_errors_before_a_file_exists(model, samples, tmp_path, wrong, text):
    options = {"model": model, "x": samples[0], "y": samples[1], "output": "none", **wrong}
    with pytest.raises(ip.Error, match=text):
        ip.torch.Recorder(tmp_path / "a.h5", **options)
    assert not list(tmp_path.iterdir())


def test_positions_first_is_an_error(tmp_path):
    model = nn.TransformerEncoderLayer(4, 2, 8)  # (positions, samples, features)

    def forward(m, x):
        return m(x.transpose(0, 1))

    with pytest.raises(ip.Error, match="batch_first"):
        ip.torch.Recorder(tmp_path / "a.h5", model, torch.zeros(N, 5, 4), torch.arange(N) % 2, layers=["output"], pool="mean",
                          forward=forward)


def test_a_module_that_was_compiled_in_place_is_called_as_it_is(model, samples, tmp_path):
    def compiled(*words):  # PyTorch 2 calls it in place of the module
        raise AssertionError

    model._compiled_call_impl = compiled
    seen = []
    model.fc.register_forward_hook(lambda *_: seen.append(model._compiled_call_impl))
    once(tmp_path / "a.h5", model, *samples, layers=["fc"])
    assert set(seen) == {None} and model._compiled_call_impl is compiled


def test_modules_inside_a_transformer_layer(tmp_path):
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
    model, x = nn.TransformerEncoder(layer, 2), torch.randn(N, 5, 4)
    got = once(tmp_path / "a.h5", model, x, torch.arange(N) % 2, layers=["layers.?", "layers.*.linear1"], pool="mean")
    assert list(got) == ["layers.0.linear1", "layers.0", "layers.1.linear1", "layers.1"]
    model.eval()
    with torch.no_grad():
        assert np.allclose(got["layers.1"][0], model(x).mean(1), atol=1e-5)
    assert all(m.activation_relu_or_gelu == 1 for m in model.layers)


def test_checkpoints(model, samples, tmp_path):
    x, y = samples
    train(tmp_path / "a.h5", model, torch.optim.SGD(model.parameters(), 0.1), samples, 0, 2, layers=["fc", "head"])
    states = [torch.load(tmp_path / f"a.h5.{epoch}")[0] for epoch in range(3)]
    forms = [states[0], {"state_dict": states[1]}, {"model": {f"module.{name}": t for name, t in states[2].items()}}]
    paths = [tmp_path / f"net_epoch{epoch}.pt" for epoch in range(3)]
    for form, path in zip(forms, paths):
        torch.save(form, path)
    now = {name: t.clone() for name, t in model.state_dict().items()}
    made = ip.torch.Recorder.from_checkpoints(model, paths[::-1], x, y, out=tmp_path / "b.h5", layers=["fc", "head"],
                                              output="softmax")
    got, want = recorded(made), recorded(tmp_path / "a.h5")
    assert all(np.array_equal(got[name], want[name]) for name in want)
    assert all(torch.equal(now[name], t) for name, t in model.state_dict().items())
    torch.save({"c1.weight": torch.zeros(1)}, tmp_path / "other3.pt")
    (tmp_path / "text4.pt").write_text("no weights")
    for name in "x.pt", "a0.9.pt":
        torch.save(states[0], tmp_path / name)
    for paths, text in (("x*.pt", "list of files"), ([tmp_path / "net_epoch0.pt", tmp_path / "gone1.pt"], "gone1.pt: no such"),
                        ([tmp_path / "other3.pt"], "does not fit"), ([tmp_path / "text4.pt"], "cannot be read"),
                        ([tmp_path / "x.pt"], "no number"), ([tmp_path / "a0.9.pt"], "0 or 9"), ([], "expected one")):
        with pytest.raises(ip.Error, match=text):
            ip.torch.Recorder.from_checkpoints(model, paths, x, y, out=tmp_path / "c.h5", layers=["head"], output="none")
        assert all(torch.equal(now[name], t) for name, t in model.state_dict().items())
        assert not (tmp_path / "c.h5").exists()


@pytest.mark.parametrize("names, inside, epochs", [
    (["epoch=00-val_loss=0.90.ckpt", "epoch=01-val_loss=0.89.ckpt"], {}, [0, 1]),
    (["epoch=1-step=100.ckpt", "epoch=3-step=300.ckpt"], {"epoch": 7}, [1, 3]),
    (["net_Epoch_2_0.5.pt"], {}, [2]), (["best-0.93.pt"], {"epoch": 12}, [12]), (["10.pt", "2.pt"], {}, [2, 10]),
    (["last.pt"], {"epoch": 4}, [4]), (["resnet18_3.pt"], {}, None), (["net_10.pt"], {"epoch": 9}, None),
    (["epoch=1-epoch=2.pt"], {}, None),
])
def test_the_epochs_of_checkpoints(samples, tmp_path, names, inside, epochs):
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 2))
    for name in names:
        torch.save({"state_dict": model.state_dict(), **inside}, tmp_path / name)
    paths, options = [tmp_path / name for name in names], dict(out=tmp_path / "a.h5", output="none")
    if epochs is None:
        with pytest.raises(ip.Error, match=r"may be of epoch .* or .*use epochs=\["):
            ip.torch.Recorder.from_checkpoints(model, paths, *samples, **options)
        assert not (tmp_path / "a.h5").exists()
        epochs, options = [5], {**options, "epochs": [5]}
    assert ip.read(ip.torch.Recorder.from_checkpoints(model, paths, *samples, **options)).epochs.tolist() == epochs
