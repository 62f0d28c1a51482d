"""The programs and the notebook of docs/examples, and the code of docs/python.md and README.md, as a reader runs them."""
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import infoplane as ip

pytest.importorskip("h5py")
torch = pytest.importorskip("torch")

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "docs" / "examples"
MARK = "# --- from model to plane"


def run_alone(program, folder):
    r = subprocess.run([sys.executable, program, folder], capture_output=True, text=True, cwd=folder)
    assert r.returncode == 0, r.stderr


def run_here(program, folder):
    """As a program of its own, but in this process, which has loaded PyTorch."""
    arguments, sys.argv = sys.argv, [str(program), str(folder)]
    try:
        runpy.run_path(str(program), run_name="__main__")
    finally:
        sys.argv = arguments


def run_example(name, folder, run=run_here):
    program = EXAMPLES / f"{name}.py"
    run(program, folder)
    own = program.read_text().split(MARK)[1].splitlines()
    assert len([line for line in own if line.strip() and not line.startswith("#")]) <= 15
    plane, = folder.glob("*.svg")
    assert "I(X;T)" in plane.read_text()
    return ip.read(plane.with_suffix(".h5"))


def test_mlp(tmp_path):
    run = run_example("log_pytorch", tmp_path, run_alone)
    assert [(layer.name, layer.activation) for layer in run.layers] == [("1", "tanh"), ("3", "tanh"), ("4", "softmax")]
    assert run.epochs[0] == 0 and run.epochs[-1] == 200 and run.status == "done"
    assert run.ity("edges")[-1, -1] > 0.9 and np.nanmax(run.ixt("edges")) <= 12 + 1e-9
    assert run.metrics["train/loss"][-1] < run.metrics["train/loss"][1]


def test_cnn(tmp_path):
    if not os.path.exists("/usr/share/datasets/fashion-mnist"):
        pytest.skip("Debian's package dataset-fashion-mnist is not installed")
    run = run_example("log_cnn", tmp_path)
    assert [layer.name for layer in run.layers] == ["c1", "relu@0", "c2", "relu@1", "relu@2", "head"]
    assert run.activation("c1", 0).min() < 0 <= run.activation("relu@0", 0).min()  # what the in-place ReLU did not change
    assert np.bincount(run.y).min() >= 90 and len(run.y) == 1000
    kernel = "kde_upper:noise_variance=0.5:noise=variance"
    assert run.ity(kernel)[-1, -1] > 2 and not run.estimates(kernel)["saturated"].any()


def test_transformer(tmp_path):
    run = run_example("log_transformer", tmp_path)
    assert [layer.name for layer in run.layers] == ["token", "blocks.layers.0", "blocks.layers.1", "head"]
    assert run.ity()[-1, -1] > run.ity()[0, -1] + 0.3


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.M | re.S)


def something(seed=0):
    """What the pages assume: a model, samples, and a function that trains."""
    torch.manual_seed(seed)
    nn = torch.nn
    x = torch.randn(300, 6)
    y = (x[:, 0] > 0).long()
    model = nn.Sequential(nn.Linear(6, 4), nn.Tanh(), nn.Linear(4, 2))
    optimizer = torch.optim.Adam(model.parameters(), 0.05)

    def train_one_epoch():
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return dict(model=model, x=x, y=y, train_one_epoch=train_one_epoch)


@pytest.mark.filterwarnings("ignore")
def test_the_page_on_python(tmp_path, monkeypatch):
    for needed in ("xarray", "pandas"):
        pytest.importorskip(needed)
    monkeypatch.chdir(tmp_path)
    code = blocks("docs/python.md")
    assert len(code) >= 5
    names = something()
    for block in code:
        exec(compile(block, "docs/python.md", "exec"), names)
    assert {p.name for p in tmp_path.iterdir()} >= {"plane.svg", "layers.pdf", "runs"}
    assert (tmp_path / "runs" / "report.html").exists() and names["run"].status == "done"


@pytest.mark.filterwarnings("ignore")
def test_the_lines_of_the_readme(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = [block for block in blocks("README.md") if "Recorder" in block]
    assert len(code) == 1 and len([line for line in code[0].splitlines() if line.strip()]) <= 12
    nn = torch.nn
    names = something()

    class CNN(nn.Module):
        def __init__(self):
            super().__init__()
            self.c1, self.c2, self.relu, self.head = nn.Conv2d(1, 4, 3), nn.Conv2d(4, 4, 3), nn.ReLU(inplace=True), nn.Linear(64, 3)

        def forward(self, x):
            return self.head(self.relu(self.c2(self.relu(self.c1(x)))).flatten(1))

    x = torch.randn(200, 1, 8, 8)
    names.update(model=CNN(), x_test=x, y_test=torch.arange(200) % 3, train_one_epoch=lambda model: 1.0)
    exec(compile(code[0], "README.md", "exec"), names)
    assert (tmp_path / "plane.svg").exists()


def test_the_notebook_is_what_it_gives(tmp_path):
    """Every cell runs, and the outputs in the repository are of the kinds that it gives now."""
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel"), pytest.importorskip("pandas"), pytest.importorskip("matplotlib")
    kept = nbformat.read(EXAMPLES / "plane.ipynb", as_version=4)
    fresh = nbformat.from_dict(kept)
    nbclient.NotebookClient(fresh, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()

    def kinds(notebook):
        return [[sorted(o.get("data", {"": 0})) for o in cell.get("outputs", [])] for cell in notebook.cells]

    again = nbformat.read(EXAMPLES / "plane.ipynb", as_version=4)
    assert kinds(fresh) == kinds(again)
    svg = [o["data"]["image/svg+xml"] for cell in again.cells for o in cell.get("outputs", []) if "image/svg+xml" in o.get("data", {})]
    assert svg and all("<svg" in image and "<script" not in image for image in svg)
    assert str(ROOT) not in (EXAMPLES / "plane.ipynb").read_text()
