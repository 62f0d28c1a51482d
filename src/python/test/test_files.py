"""Reading run files and experiments, and the program as functions."""
import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr

import numpy as np
import pytest

import infoplane as ip

h5py = pytest.importorskip("h5py")
from infoplane import _program  # noqa: E402

YAML = """
name: tiny
repeats: 2
network: {hidden: [3, 2]}
training: {epochs: 6}
log: {schedule: list, list: [0, 3, 5]}
estimators: [edges, kde_upper]
figures: []
sweep:
  network.activation: [tanh, relu]
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("experiment")
    (folder / "tiny.yaml").write_text(YAML)
    runs = ip.run(folder / "tiny.yaml", set={"training.learning_rate": 0.01, "estimate.bin_loss": True}, out=folder / "out",
                  progress=False)
    assert [r.path.name for r in runs] == sorted(p.name for p in (folder / "out" / "runs").glob("*.h5")) and len(runs) == 4
    assert "learning_rate: 0.01" in runs[0].config
    return folder / "out"


def one(results):
    return ip.read(next((results / "runs").glob("*tanh*seed=2.h5")))


def test_a_run_is_what_its_file_contains(results):
    run = one(results)
    assert run.status == "done" and run.seed == 2 and run.epochs.tolist() == [0, 3, 5]
    assert run.estimators == ("edges", "kde_upper") and "tanh" in run.config
    assert [(layer.kind, layer.activation, layer.width) for layer in run.layers] == [
        ("hidden", "tanh", 3), ("hidden", "tanh", 2), ("output", "softmax", 2)]
    with h5py.File(run.path, "r") as f:
        assert np.array_equal(run.activation(2, 3), f["layers/2/activation"][1])
        assert np.array_equal(run.activation(-1, 5), f["layers/3/activation"][2])
        assert np.array_equal(run.ixt(), f["information/edges/ixt"]) and run.ity("kde_upper").shape == (3, 3)
        assert np.array_equal(run.metrics["train/loss"], f["metrics/train/loss"])
        assert np.array_equal(run.y, f["data/y"]) and np.array_equal(run.x_id, f["data/x_id"])
        assert set(run.estimates("edges")) == set(f["information/edges"])
    assert "done, 3 epochs, 3 layers, estimators: edges, kde_upper" in repr(run)


def test_information_is_labelled(results):
    pytest.importorskip("xarray")
    run = one(results)
    data = run.information["kde_upper"]
    assert data.ixt.dims == ("epoch", "layer") and data.attrs["units"] == "bits"
    assert float(data.ixt.sel(epoch=3, layer=2)) == run.ixt("kde_upper")[1, 1]
    assert list(run.information) == ["edges", "kde_upper"]


def test_the_table_of_all_runs(results, tmp_path):
    pandas = pytest.importorskip("pandas")
    table = ip.read_all(results)
    assert len(table) == 4 * 3 * 3 * 2 and set(table["network.activation"]) == {"tanh", "relu"}
    before = sorted(results.rglob("*"))
    os.utime(results / "summary.csv", (0, 0))  # older than the runs: a table is made elsewhere
    again = ip.read_all(results)
    assert sorted(results.rglob("*")) == before
    keys = ["run", "epoch", "layer", "estimator"]
    pandas.testing.assert_frame_equal(again.sort_values(keys).reset_index(drop=True),
                                      table.sort_values(keys).reset_index(drop=True), check_like=True)
    files = sorted((results / "runs").glob("*.h5"))
    before, text = [p.stat() for p in files], (results / "summary.csv").read_text()
    (results / "summary.csv").write_text(text.splitlines()[0] + "\n")
    for path, seconds in [(p, 100) for p in files] + [(files[1], 300), (results / "summary.csv", 200)]:
        os.utime(path, (seconds, seconds))
    assert len(ip.read_all(results)) == len(table)  # one of the runs is newer
    os.utime(files[1], (200, 200))
    assert len(ip.read_all(results)) == 0
    (results / "summary.csv").write_text(text)
    for path, was in zip(files, before):
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    run = one(results)
    row = table[(table.run == run.path.stem) & (table.epoch == 3) & (table.layer == 2) & (table.estimator == "edges")]
    assert float(row.ixt.iloc[0]) == run.ixt()[1, 1]


def test_gather_makes_tables_without_figures(results):
    before = (results / "summary.csv").read_bytes()
    (results / "summary.csv").unlink()
    subprocess.run([os.environ["INFOPLANE"], "gather", results, "--no-figures"], check=True)
    assert (results / "summary.csv").read_bytes() == before and not list((results / "figures").glob("*"))


def write(path, names=("fc1", "fc2")):
    rng = np.random.default_rng(0)
    with ip.Recorder(path, np.arange(64) % 2) as rec:
        for epoch in (0, 1, 4):
            rec.log(epoch, {name: rng.normal(size=(64, 2)) for name in names}, train_loss=1.0)
    return path


def test_estimates_are_added_to_own_files(tmp_path):
    path = write(tmp_path / "a.h5")
    with pytest.raises(ip.Error, match="estimate_run"):
        ip.read(path).ixt()
    run = ip.estimate_run(path, ["edges", "width:size=0.5"], null=2, threads=1, progress=False)
    assert run.estimators == ("edges", "width:size=0.5") and run.layer("fc2") == 2
    assert np.array_equal(run.activation("fc2", 4), run.array("layers/2/activation")[2])
    said = io.StringIO()
    with redirect_stderr(said):
        ip.estimate_run([path, write(tmp_path / "b.h5")], "edges", split="all")
    assert "a.h5" in said.getvalue() and "b.h5" in said.getvalue()  # progress
    assert len(ip.read_all(tmp_path)) == 2 * 3 * 2 * 1 + 3 * 2  # one file has a second estimator


def test_saturation_is_a_warning(tmp_path):
    path = tmp_path / "-a.h5"
    with ip.Recorder(path, np.arange(64) % 2) as rec:
        rec.log(0, {"fc1": np.arange(64)})
    with pytest.warns(ip.SaturationWarning, match="layer fc1 saturated"):
        ip.estimate_run(path, "exact", progress=False)
    before = os.getcwd()
    os.chdir(tmp_path)
    try:
        assert ip.estimate_run("-a.h5", "width:size=9", progress=False).estimators == ("exact", "width:size=9")
    finally:
        os.chdir(before)


def test_errors_are_those_of_the_program(tmp_path):
    path = write(tmp_path / "a.h5")
    for words, kind, text in ((dict(estimators="egdes"), ip.ConfigError, "did you mean 'edges'"),
                              (dict(), ip.ConfigError, "no estimators specified"),
                              (dict(estimators=["ksg", "edges"]), ip.Error, "1 of 2 estimators cannot run")):
        with pytest.raises(kind, match=text):
            ip.estimate_run(path, progress=False, **words)
    assert ip.read(path).estimators == ("edges",)
    with pytest.raises(ip.Error):
        ip.estimate_run(tmp_path / "absent.h5", "edges", progress=False)
    with pytest.raises(ip.ConfigError, match="did you mean 'network'"):
        (tmp_path / "a.yaml").write_text("netwrok: 1\n")
        ip.run(tmp_path / "a.yaml", out=tmp_path / "out", progress=False)


@pytest.mark.parametrize("said, status, text", [
    (["a\n", "infoplane: one\n", "infoplane: two\n", "  and more\n"], 1, "two\n  and more"),
    (["a\n", "infoplane: b\n"], -9, "b"),
    (["a\n"], -9, "infoplane was ended by signal 9"),
    (["a\n", "b\n"], 1, "a\nb"),
    ([], 0, "infoplane ended with status 0"),
    ([], 3, "infoplane ended with status 3"),
])
def test_the_message_of_a_failure_is_the_last_of_the_program(said, status, text):
    assert _program._message(said, status) == text


@pytest.mark.parametrize("make, text", [
    (lambda f: None, "format_version"), (lambda f: f.attrs.update(format_version=1), "not a complete run file")])
def test_what_is_no_run_file_is_refused(tmp_path, make, text):
    with h5py.File(tmp_path / "a.h5", "w") as f:
        make(f)
    with pytest.raises(ip.FileError, match=text):
        ip.read(tmp_path / "a.h5")
    (tmp_path / "b.h5").write_text("text")
    for wrong in ("b.h5", "absent.h5"):
        with pytest.raises(ip.FileError, match="cannot be read"):
            ip.read(tmp_path / wrong)
    with pytest.raises(ip.FileError, match="directory"):
        ip.read_all(tmp_path / "b.h5")


def test_wrong_names_are_errors(results):
    run = one(results)
    for wrong in (0, 4, -4, "fc9"):
        with pytest.raises(ip.Error, match="no layer"):
            run.activation(wrong, 3)
    with pytest.raises(ip.Error, match="was not logged"):
        run.activation(1, 4)
    with pytest.raises(ip.Error, match="no estimates of ksg"):
        run.ixt("ksg")
    with h5py.File(run.path, "r") as f:  # series, and others that are longer than the epochs
        for name in ("epoch", "layers/1/activation", "layers/1/weight_norm", "layers/1/unit", "sample", "data/y"):
            assert np.array_equal(run.array(name), f[name][()]), name
    with pytest.raises(ip.Error, match="no dataset"):
        run.array("data/z")


def test_a_file_is_read_while_it_is_written(tmp_path):
    rec = ip.Recorder(tmp_path / "a.h5", np.arange(8) % 2)
    rec.log(0, {"fc1": np.ones((8, 2))}, train_loss=3.0)
    run = ip.read(tmp_path / "a.h5")
    rec.log(1, {"fc1": np.zeros((8, 2))})
    assert "loss" in subprocess.run([os.environ["INFOPLANE"], "plot", tmp_path / "a.h5", "-t", "-f", "loss"], check=True, text=True,
                                    capture_output=True).stdout
    assert run.status == "running" and run.epochs.tolist() == [0] and run.metrics["train/loss"].tolist() == [3.0]
    assert ip.read(tmp_path / "a.h5").activation("fc1", 1).sum() == 0
    assert run.array("layers/1/activation").shape == (1, 8, 2)


def test_figures_in_notebooks_and_files(results, tmp_path):
    run = one(results)
    bundle = run.plane()._repr_mimebundle_()
    assert bundle["image/svg+xml"].startswith("<?xml") and "I(T;Y)" in bundle["text/plain"]
    assert "image/svg+xml" in run._repr_mimebundle_() and repr(run) == run._repr_mimebundle_()["text/plain"]
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
    for form, start in starts.items():
        assert run.plane("kde_upper").save(tmp_path / f"a.{form}").read_bytes().startswith(start)
    assert "{a-graphics}" in run.plane("kde_upper").save(tmp_path / "a.tex").read_text()
    assert (tmp_path / "a-graphics.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(ip.ConfigError, match="suffix"):
        run.plane().save(tmp_path / "a.jpg")
    assert "I(T;Y)" in run.plane().text
    with pytest.raises(ip.Error):
        run.plane("ksg").save(tmp_path / "b.svg")
    with pytest.raises(ip.Error):
        run.figure("curve").save(tmp_path / "b.svg")
    assert not (tmp_path / "b.svg").exists()


def test_a_large_figure_is_a_png(results, monkeypatch):
    monkeypatch.setattr("infoplane._figure._MAX_SVG", 1000)
    bundle = one(results).plane()._repr_mimebundle_()
    assert "image/svg+xml" not in bundle and bundle["image/png"].startswith("iVBOR")
    assert "image/svg+xml" in one(results).plane(svg=True)._repr_mimebundle_()


def test_the_report_is_a_link_and_on_demand_a_frame(results):
    page = ip.report(results)
    assert os.fspath(page) == str(results / "report.html") and page.path.exists()
    assert "<script" not in page._repr_html_() and "report.html" in page._repr_html_()
    frame = page.show(height=500)._repr_html_()
    assert frame.startswith('<iframe sandbox="allow-scripts" srcdoc="') and "allow-same-origin" not in frame
    assert frame.count("<") == 2  # all of the page is escaped


def test_the_plane_with_matplotlib(results):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    run = one(results)
    ax = ip.plane(run, "edges", layers=[1, -1])
    assert ax.get_xlabel() == "I(X;T)  [bits]" and len(ax.lines) == 5  # two layers with their ends, H(Y)
    assert np.array_equal(ax.lines[0].get_xdata(), run.ixt()[:, 0])
    assert ip.plane(run, ax=ax) is ax


def test_ctrl_c_stops_the_program_and_then_is_raised(tmp_path):
    (tmp_path / "long.yaml").write_text("name: long\nnetwork: {hidden: [10]}\ntraining: {epochs: 1000000}\nfigures: []\n"
                                        "log: {schedule: every, every: 100000}\n")
    code = ("import infoplane as ip\n"
            "try:\n    ip.run('long.yaml', out='out')\nexcept KeyboardInterrupt:\n    print('stopped')\n")
    child = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob("out/runs/*.part")) and time.monotonic() < deadline:
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert out == "stopped\n", err
    status = json.loads(subprocess.run([os.environ["INFOPLANE"], "status", "out", "--json"], cwd=tmp_path, text=True,
                                       capture_output=True).stdout)
    assert status["states"] == ["interrupted"], status  # a killed program would leave its worker running


def test_the_program_must_exist_and_have_our_version(tmp_path, monkeypatch):
    other = tmp_path / "infoplane"
    other.write_text("#!/bin/sh\necho infoplane 9.9.9\n")
    other.chmod(0o755)
    monkeypatch.setenv("INFOPLANE", str(other))
    with pytest.raises(ip.FileError, match="version 9.9.9, but this package is"):
        _program.find()
    monkeypatch.setenv("INFOPLANE", str(tmp_path / "absent"))
    with pytest.raises(ip.FileError, match="cannot be run"):
        _program.find()
    monkeypatch.delenv("INFOPLANE")
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    with pytest.raises(ip.FileError, match="was not found"):
        _program.find()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ip.FileError, match="9.9.9"):
        _program.find()
