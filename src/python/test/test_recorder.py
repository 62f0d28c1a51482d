"""ip.Recorder: what it writes, what stops it, what it refuses."""
import errno
import os
import signal
import subprocess

import numpy as np
import pytest

import infoplane as ip

h5py = pytest.importorskip("h5py")
from infoplane import _places, _samples  # noqa: E402
from infoplane._schedule import Schedule  # noqa: E402

N, WIDTHS = 12, {"fc1": 3, "fc2": 2}
Y = np.arange(N) % 3


def layers(epoch):
    rng = np.random.default_rng(epoch)
    return {name: rng.normal(size=(N, width)).astype("f4") for name, width in WIDTHS.items()}


def log(rec, epoch):
    return rec.log(epoch, layers(epoch), train_loss=1 / (epoch + 1))


def check(path, epochs, status):
    """The file can be read, and contains exactly these epochs as they were logged."""
    with h5py.File(path, "r") as f:
        assert f["epoch"][:].tolist() == list(epochs)
        assert f.attrs["status"] == status
        for e, epoch in enumerate(epochs):
            for k, t in enumerate(layers(epoch).values(), start=1):
                assert np.array_equal(f[f"layers/{k}/activation"][e], t)
            assert f["metrics/train/loss"][e] == 1 / (epoch + 1)


def infoplane(*words, status=0):
    r = subprocess.run([os.environ["INFOPLANE"], *map(str, words)], capture_output=True, text=True)
    assert r.returncode == status, r.stderr + r.stdout
    return r.stdout + r.stderr


def test_a_file_has_what_the_page_on_run_files_requires(tmp_path):
    path = tmp_path / "new" / "a.h5"
    with ip.Recorder(path, Y, split=np.arange(N) >= 8, seed=3, experiment="digits", config={"lr": np.float32(0.5)}) as rec:
        for epoch in range(40):  # more than the first room
            assert log(rec, epoch)
        assert rec.epochs == list(range(40))
    check(path, range(40), "done")
    with h5py.File(path) as f:
        assert [d[0].name for d in f["layers/1/activation"].dims] == ["/epoch", "/sample", "/layers/1/unit"]
        assert f["layers/1/activation"].shape == (40, N, 3) and f["layers/1/activation"].maxshape == (None, N, 3)
        assert f["layers/1/activation"].chunks == (1, N, 3)
        assert dict(f["layers/2"].attrs) == {"name": "fc2", "kind": "output", "width": 2}
        assert f.attrs["seed"] == 3 and f.attrs["experiment"] == "digits" and f["config"][()] == b'{"lr": 0.5}'
        assert abs(f.attrs["hx_bits"] - np.log2(N)) < 1e-12 and abs(f.attrs["hy_bits"] - np.log2(3)) < 1e-12
        assert f["data/split"][:].tolist() == [0] * 8 + [1] * 4 and f["data/y"].dtype == "i4"
        assert f["metrics"].attrs["series"] == "train/loss"
    infoplane("estimate", path, "-e", "edges")
    infoplane("plot", path, "-t")
    assert "1 done" in infoplane("status", path.parent)
    assert not list(path.parent.glob("*.new"))


def test_equal_logs_give_equal_files(tmp_path):
    for name in "ab":
        with ip.Recorder(tmp_path / name, Y) as rec:
            for epoch in range(20):
                log(rec, epoch)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


class Killed:
    """os.pwrite that ends the process with SIGKILL in the middle of its write number n."""

    def __init__(self, n):
        self.left, self.pwrite = n, os.pwrite

    def __call__(self, fd, data, offset):
        if self.left == 0:
            self.pwrite(fd, data[: len(data) // 2], offset) if len(data) > 8 else None
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        return self.pwrite(fd, data, offset)


def in_a_child(work):
    """Runs work() in a forked process; returns the signal that ended it, 0 for none."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    status = os.waitpid(pid, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


@pytest.mark.parametrize("epochs", ["all", "every:2"])
def test_kill_9_at_every_write_leaves_all_complete_epochs_and_resume_completes_the_file(tmp_path, epochs, monkeypatch):
    monkeypatch.setattr("infoplane.recorder._FIRST_ROWS", 2)  # so that the file is replaced, too

    def record(path, resume=False):
        with ip.Recorder(path, Y, epochs=epochs, resume=resume) as rec:
            for epoch in range(6):
                log(rec, epoch)

    record(tmp_path / "whole.h5")
    whole = [e for e in range(6) if epochs == "all" or e % 2 == 0]
    writes = 0
    while True:
        path = tmp_path / f"{writes}.h5"

        def killed():
            os.pwrite = Killed(writes)
            record(path)

        if in_a_child(killed) == 0:
            break
        if path.exists():
            with h5py.File(path, "r") as f:
                n = len(f["epoch"])
            check(path, whole[:n], "running")
            if writes % 9 == 0 and n:
                infoplane("estimate", path, "-e", "edges", status=1)
                infoplane("estimate", path, "-e", "edges", "--partial")
        record(path, resume=True)
        check(path, whole, "done")
        assert path.read_bytes() == (tmp_path / "whole.h5").read_bytes()
        writes += 1
    assert writes > 5 * len(whole)  # two layers, a metric, the epoch and its count


@pytest.mark.parametrize("step", ["create", "rename"])
def test_kill_9_while_a_larger_file_is_made_leaves_the_old_one(tmp_path, step, monkeypatch):
    monkeypatch.setattr("infoplane.recorder._FIRST_ROWS", 2)
    path = tmp_path / "a.h5"

    def killed():
        rec = ip.Recorder(path, Y)
        log(rec, 0), log(rec, 1)

        def kill(*words, **more):
            os.kill(os.getpid(), signal.SIGKILL)

        if step == "rename":
            os.rename = kill
        else:
            _places.row_offsets = kill
        log(rec, 2)

    assert in_a_child(killed) == signal.SIGKILL
    check(path, [0, 1], "running")
    with ip.Recorder(path, Y, resume=True) as rec:
        assert not log(rec, 1) and log(rec, 2)
    check(path, [0, 1, 2], "done")
    assert [p.name for p in tmp_path.iterdir()] == ["a.h5"]


def test_an_exception_is_the_reason_of_an_interrupted_run(tmp_path):
    path = tmp_path / "a.h5"
    with pytest.raises(KeyboardInterrupt):
        with ip.Recorder(path, Y) as rec:
            log(rec, 0)
            raise KeyboardInterrupt
    check(path, [0], "interrupted")
    with h5py.File(path) as f:
        assert f.attrs["reason"] == "KeyboardInterrupt"
    infoplane("estimate", path, "-e", "edges")
    assert "1 interrupted" in infoplane("status", tmp_path)
    with pytest.raises(RuntimeError):
        with ip.Recorder(path, Y, resume=True) as rec:
            log(rec, 1)
            raise RuntimeError("out of\0memory \ud800")
    check(path, [0, 1], "interrupted")
    with h5py.File(path) as f:
        assert f.attrs["reason"] == "RuntimeError: out of?memory ?" and "information" not in f


def test_a_failed_write_adds_nothing_and_can_be_tried_again(tmp_path, monkeypatch):
    path = tmp_path / "a.h5"
    with ip.Recorder(path, Y) as rec:
        log(rec, 0)

        def full(fd, data, offset):
            raise OSError(28, "No space left on device")

        for place in range(3):
            with monkeypatch.context() as m:
                real, left = os.pwrite, [place]

                def some(fd, data, offset):
                    left[0] -= 1
                    return full(fd, data, offset) if left[0] < 0 else real(fd, data, offset)

                m.setattr(os, "pwrite", some)
                with pytest.raises(ip.FileError, match="No space left"):
                    log(rec, 1)
        log(rec, 1)
    check(path, [0, 1], "done")


def test_a_larger_file_that_cannot_be_made_leaves_the_old_one(tmp_path, monkeypatch):
    monkeypatch.setattr("infoplane.recorder._FIRST_ROWS", 2)
    with ip.Recorder(tmp_path / "a.h5", Y) as rec:
        log(rec, 0), log(rec, 1)
        for step in ("infoplane._runfile.create", "os.rename", "os.fsync"):
            with monkeypatch.context() as m:
                m.setattr(step, lambda *words: (_ for _ in ()).throw(OSError(28, "No space left on device")))
                with pytest.raises(ip.FileError, match="epoch 2 could not be written: No space left"):
                    log(rec, 2)
            assert [p.name for p in tmp_path.iterdir()] == ["a.h5"]
        log(rec, 2)
    check(tmp_path / "a.h5", [0, 1, 2], "done")


@pytest.mark.parametrize("width, epochs, letters", [(1, 1, 1), (3, 40, 9), (200, 5, 10**6), (2, 500, 1)])
def test_a_full_disk_is_an_error_before_hdf5_writes(tmp_path, width, epochs, letters, monkeypatch):
    """HDF5 may end the interpreter if one of its writes fails, so the room for all of them is reserved before."""
    reserve, needed, used = os.posix_fallocate, [], []

    def check(fd, offset, size):
        reserve(fd, offset, size)
        needed.append(size)

    def taken(fd, path, shared=False):
        if not shared:
            used.append(os.fstat(fd).st_blocks * 512)
        lock(fd, path, shared)

    lock = _places.lock
    monkeypatch.setattr(os, "posix_fallocate", check)
    with ip.Recorder(tmp_path / "a.h5", Y, epochs=range(epochs), config="a: " + "b" * letters) as rec:
        rec.log(0, {f"layer{k}": np.zeros((N, width)) for k in range(20)})
        rec.log(1, {f"layer{k}": np.zeros((N, width)) for k in range(20)}, force=True, train_loss=1)
        monkeypatch.setattr(_places, "lock", taken)
    assert len(needed) >= 2 and used and all(size <= needed[-1] for size in used)
    monkeypatch.setattr(os, "posix_fallocate", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(ip.FileError, match="No space left"):
        ip.Recorder(tmp_path / "b.h5", Y).log(0, {"a": Y})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.h5"]


def test_a_place_that_cannot_be_written_and_a_layer_that_is_too_large(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    with pytest.raises(ip.FileError, match="cannot be written"):
        log(ip.Recorder(tmp_path / "file" / "a.h5", Y), 0)
    monkeypatch.setattr("infoplane.recorder._MAX_ROW", 4 * N * 3)
    with pytest.raises(ip.Error, match="fc1: 12 samples of 3 units"):
        log(ip.Recorder(tmp_path / "a.h5", Y), 0)
    assert not (tmp_path / "a.h5").exists()


def test_names_of_metrics(tmp_path):
    with ip.Recorder(tmp_path / "a.h5", Y) as rec:
        rec.log(0, layers(0), **{"train_loss": 1, "test/acc/top 5": 2, "lr": 3, "_": 4, ".": 5, "train/..": 6, "../x": 7})
    with h5py.File(tmp_path / "a.h5") as f:
        assert f["metrics"].attrs["series"].split() == ["train/loss", "test/acc_top_5", "train/lr", "train/metric", "train/train", "train/x"]
    infoplane("plot", tmp_path / "a.h5", "-f", "loss", "-t")


def test_held_out_metrics_are_drawn_as_test(tmp_path):
    with ip.Recorder(tmp_path / "a.h5", Y) as rec:
        rec.log(0, layers(0), val_loss=0.5, valid_acc=0.25, valley=1)
        rec.log(1, layers(1), **{"eval/loss": 0.75})
    with ip.Recorder(tmp_path / "b.h5", Y) as rec:
        rec.log(0, layers(0), val_loss=0.5, test_loss=0.25)
    with h5py.File(tmp_path / "a.h5") as a, h5py.File(tmp_path / "b.h5") as b:
        assert a["metrics"].attrs["series"].split() == ["test/loss", "test/acc", "train/valley"]
        assert a["metrics/test/loss"][:].tolist() == [0.5, 0.75]
        assert b["metrics/val/loss"][0] == 0.5 and b["metrics/test/loss"][0] == 0.25


def test_a_finished_file_with_nothing_new_keeps_its_estimates(tmp_path):
    path = tmp_path / "a.h5"
    with ip.Recorder(path, Y) as rec:
        log(rec, 0)
    infoplane("estimate", path, "-e", "edges")
    before = path.read_bytes()
    with ip.Recorder(path, Y, resume=True) as rec:
        assert not log(rec, 0) and rec.epochs == [0]
    assert path.read_bytes() == before


def test_a_metric_that_comes_later_is_nan_before(tmp_path):
    with ip.Recorder(tmp_path / "a.h5", Y) as rec:
        rec.log(0, layers(0))
        rec.log(1, layers(1), loss=1, test_accuracy=0.5)
        rec.log(2, layers(2), test_accuracy=0.75)
    with h5py.File(tmp_path / "a.h5") as f:
        assert np.array_equal(f["metrics/train/loss"][:], [np.nan, 1, np.nan], equal_nan=True)
        assert np.array_equal(f["metrics/test/accuracy"][:], [np.nan, 0.5, 0.75], equal_nan=True)


def test_a_file_is_neither_replaced_nor_shared_by_accident(tmp_path):
    path = tmp_path / "a.h5"
    rec = ip.Recorder(path, Y)
    log(rec, 0)
    with pytest.raises(ip.FileError, match="another process"):
        log(ip.Recorder(path, Y, overwrite=True), 0)
    with pytest.raises(ip.FileError, match="another process"):
        ip.Recorder(path, Y, resume=True)
    assert "open for writing" in infoplane("estimate", path, "-e", "edges", "--partial", status=4)
    with pytest.raises(ip.FileError, match=r"a.h5: a Recorder of this program has it open; call its close\(\) first"):
        ip.estimate_run(path, "edges", partial=True, progress=False)
    log(rec, 1)
    rec.close()
    check(path, [0, 1], "done")
    with pytest.raises(ip.FileError, match="exists"):
        ip.Recorder(path, Y)
    with pytest.raises(ip.Error, match="closed"):
        log(rec, 2)
    with ip.Recorder(path, Y, overwrite=True) as rec:
        log(rec, 5)
        (tmp_path / "b.h5").write_bytes(path.read_bytes())
        os.replace(tmp_path / "b.h5", path)
        with pytest.raises(ip.FileError, match="replaced"):
            log(rec, 6)
        rec.close = lambda *reason: None


def test_a_path_in_the_home_directory(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    with ip.Recorder("~/a.h5", Y) as rec:
        log(rec, 0)
    assert (tmp_path / "a.h5").exists() and ip.read("~/a.h5").epochs.tolist() == [0]


def test_messages_of_the_program_have_the_names_of_python(tmp_path):
    rec = ip.Recorder(tmp_path / "a.h5", Y)
    log(rec, 0)
    del rec
    with pytest.raises(ip.Error, match="with partial=True"):
        ip.estimate_run(tmp_path / "a.h5", "edges", progress=False)
    for call in ip.estimate_run, ip.report, ip.read:
        with pytest.raises(ip.FileError, match="gone.h5"):
            call(tmp_path / "gone.h5")


def test_resume_refuses_what_is_another_run(tmp_path):
    path = tmp_path / "a.h5"
    with ip.Recorder(path, Y) as rec:
        log(rec, 0)
    before = path.read_bytes()
    with pytest.raises(ip.FileError, match="other samples"):
        ip.Recorder(path, Y[::-1], resume=True)
    for other in ({"fc1": np.zeros((N, 3)), "fc3": np.zeros((N, 2))}, {"fc1": np.zeros((N, 4)), "fc2": np.zeros((N, 2))}):
        with pytest.raises(ip.FileError, match="other layers"):
            ip.Recorder(path, Y, resume=True).log(1, other)
    for other in (dict(seed=2), dict(experiment="b"), dict(config={"lr": 0.5})):
        with pytest.raises(ip.FileError, match=f"was recorded with {list(other)[0]}="):
            ip.Recorder(path, Y, resume=True, **other)
    (tmp_path / "text").write_text("no file of HDF5")
    with pytest.raises(ip.FileError, match="not a run file"):
        ip.Recorder(tmp_path / "text", Y, resume=True)
    assert path.read_bytes() == before


def test_labels_of_all_kinds(tmp_path):
    torch = pytest.importorskip("torch")
    for y in (Y, Y.tolist(), Y.astype("u1"), Y.astype("f8"), np.eye(3)[Y], np.array(list("abc"))[Y], Y[:, None],
              torch.tensor(Y), np.array([7, 1 << 30, 1 << 40])[Y]):
        assert _samples.labels(y).tolist() == Y.tolist()
    assert _samples.labels(2 * (Y > 0) - 1).tolist() == (Y > 0).tolist()
    for y in (Y - 1, np.where(Y, Y, -100), np.array([0, 1, -1, -100]), torch.tensor(Y) - 1, Y - 1.0):
        with pytest.raises(ip.Error, match="label of sample .* is -1.*missing"):
            _samples.labels(y)
    assert _samples.labels(Y > 0).tolist() == (Y > 0).tolist()
    assert _samples.distinct(np.array([[1, 2], [3, 4], [1, 2]])).tolist() == [0, 1, 0]
    soft = [[0.5, 0.5, 0], [0.25, 0.25, 0.5], [0.7, 0.2, 0.1]]  # of equals the last, as in files that the program reads
    assert _samples.collect(p_y_given_x=soft)["y"].tolist() == [1, 2, 0]


def test_samples_are_drawn_by_class():
    y = np.repeat([0, 1, 2], [900, 90, 10])
    for count in (3, 10, 99, 100, 500, 999, 1000, 2000):
        chosen = _samples.stratified(y, count, seed=1)
        counts = np.bincount(y[chosen], minlength=3)
        assert len(chosen) == len(set(chosen)) == min(count, 1000) and (np.diff(chosen) > 0).all()
        assert counts.min() >= 1 and abs(counts - np.array([.9, .09, .01]) * len(chosen)).max() <= 2
    assert np.array_equal(_samples.stratified(y, 99, 1), _samples.stratified(y, 99, 1))
    assert not np.array_equal(_samples.stratified(y, 99, 1), _samples.stratified(y, 99, 2))
    assert len(_samples.stratified(np.arange(50), 7, 0)) == 7  # more classes than samples


def test_schedules():
    def logged(epochs, last=8001):
        s = Schedule(epochs)
        return [e for e in range(last) if e in s]

    assert len(logged("log:400:8000")) == 275 and logged("log:400:8000")[-2:] == [7999, 8000]  # 274 of the paper, and 8000
    assert logged("log:5:16", 40) == [0, 1, 3, 7, 15, 16]
    assert Schedule("log:5:16").count == 6 and Schedule("all").count is None
    assert logged("log:150", 12) == list(range(12)) and 150 <= len(logged("log:150:10000", 10001)) + 40
    assert set(logged("log:150", 10000)) == set(logged("log:150:10000", 10000))
    assert logged(range(1, 10**12, 4), 10) == [1, 5, 9] and np.int64(5) in Schedule(range(10**12))
    assert logged("every:3", 10) == [0, 3, 6, 9] and logged([2, 5.0], 10) == [2, 5]
    assert logged(lambda e: e % 4 == 1, 10) == [1, 5, 9]
    for wrong in ("log", "log:1", "every:0", "every:x", "all:3", "log:5:0", "log:1000001:9", range(-1, 3), 5.5, [0.5], [-1], ["a"]):
        with pytest.raises((ip.ConfigError)):
            Schedule(wrong)


DATES = np.array(["2020-01-01"] * (N - 1) + ["NaT"], "M8[D]")


@pytest.mark.parametrize("wrong, text", [
    (dict(y=None), "expected labels"), (dict(y=np.zeros((N, 2))), "not one-hot"), (dict(y=Y / 2), "targets="),
    (dict(y=[object()] * N), "objects"), (dict(y=[]), "at least one"), (dict(y=Y, x_id=Y[:5]), "the same number"),
    (dict(y=Y, x_id=Y / 2), "x_id"), (dict(y=Y, split=Y), "split"), (dict(y=Y, targets=[np.nan] * N), "NaN"),
    (dict(y=np.where(Y > 0, np.inf, 0)), "infinity"), (dict(y=Y + 0j), "complex"), (dict(y=DATES), "missing values"),
    (dict(p_y_given_x=np.full((N, 2), 0.6)), "p_y_given_x: the row of sample 0 is"),
    (dict(p_y_given_x=np.tile([1.5, -0.5], (N, 1))), "expected numbers from 0 to 1"), (dict(y=Y, seed=1 << 64), "seed: expected"),
    (dict(y=Y, experiment="a\0b"), "experiment: "), (dict(y=Y, config={(1, 2): 3}), "config: cannot"),
    (dict(y=Y, epochs="daily"), "epochs"), (dict(y=Y, seed=None), "seed: expected"),
    (dict(y=Y, config="a: [1"), "config: is not YAML"), (dict(y=Y, config="text"), "config: expected keys and values"), (dict(y=Y.reshape(2, 3, 2)), "y: expected"),
])
def test_wrong_arguments_are_errors_before_a_file_exists(tmp_path, wrong, text):
    with pytest.raises(ip.Error, match=text):
        ip.Recorder(tmp_path / "a.h5", **wrong)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("wrong, text", [
    ((0, {}), "at least one layer"), ((0, {"a": np.zeros((N, 2, 2))}), "positions"), ((0, {"a": np.zeros((3, 2))}), "shape"),
    ((0, {"a": np.array(["x"] * N)}), "numbers"), ((0, {"a": np.zeros((N, 0))}), "shape"), ((-1, {"a": Y}), "epoch"),
    ((0.5, {"a": Y}), "epoch"), ((1 << 63, {"a": Y}), "epoch"), ((np.nan, {"a": Y}), "epoch"), ((np.inf, {"a": Y}), "epoch"),
    ((None, {"a": Y}), "epoch"), ((0, {1: Y}), "layer 1: expected a text"), ((0, {"a\0": Y}), "layer 'a"),
    ((0, {"\ud800": Y}), "expected a text"),
])
def test_wrong_activations_are_errors(tmp_path, wrong, text):
    rec = ip.Recorder(tmp_path / "a.h5", Y)
    with pytest.raises(ip.Error, match=text):
        rec.log(*wrong)
    assert not list(tmp_path.iterdir())


def test_wrong_epochs_layers_and_metrics_add_nothing(tmp_path):
    with ip.Recorder(tmp_path / "a.h5", Y) as rec:
        log(rec, 3)
        for wrong in ((3, layers(3)), (2, layers(2)), (4, {"fc1": layers(4)["fc1"]}), (4, dict(reversed(layers(4).items())))):
            with pytest.raises(ip.Error):
                rec.log(*wrong)
        for value in ("low", 10**400):
            with pytest.raises(ip.Error, match="metric loss"):
                rec.log(4, layers(4), loss=value)
        child = os.fork()
        if not child:
            with pytest.raises(ip.FileError, match="belongs to process"):
                rec.log(4, layers(5))
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        log(rec, 4)
    check(tmp_path / "a.h5", [3, 4], "done")


def test_a_schedule_of_known_length_reserves_no_more(tmp_path):
    with ip.Recorder(tmp_path / "a.h5", Y, epochs=[0, 5]) as rec:
        assert [log(rec, e) for e in range(7)] == [True, False, False, False, False, True, False]
        assert rec.wants(0) is True and rec.wants(1) is False
        assert rec.log(6, layers(6), force=True, train_loss=1 / 7)
        with h5py.File(tmp_path / "a.h5", "r", locking=False) as f:  # while it is written
            assert len(f["epoch"]) == 3
    check(tmp_path / "a.h5", [0, 5, 6], "done")
    with ip.Recorder(tmp_path / "b.h5", Y, epochs=range(10**6)) as rec:
        log(rec, 0)
        assert os.path.getsize(tmp_path / "b.h5") < 1 << 20
