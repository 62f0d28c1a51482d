"""The package and what its users write are well typed."""
import os
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]

USE = """
    from typing import Dict, Tuple

    import numpy as np
    import torch

    import infoplane as ip

    t, y = np.zeros((5, 2), np.float32), np.arange(5)
    one: ip.Estimate = ip.estimate(t, y=y)
    ixt: float = one.nats.ixt
    of_tensor: ip.Estimate = ip.estimate(torch.zeros(5, 2), y=torch.arange(5))
    several: Dict[str, ip.Estimate] = ip.estimate(t, y=y, estimator=["edges", "kde_upper"], null=3)
    layers: Dict[Tuple[str, int], ip.Estimate] = ip.estimate({("fc1", 0): t}, y=y, threads=2)
    all_of_them: Dict[str, Dict[str, ip.Estimate]] = ip.estimate({"fc1": t}, y=y, estimator=["edges"])
    bits: float = ip.entropy([0.5, 0.5]) + ip.mutual_information(np.eye(2) / 2)
    curve = ip.ib_curve(np.eye(2) / 2, betas=[1.0, 2.0])
    slope: float = float(curve.ixt[0]) + curve.nearest(0.1, 0.1).distance
    model = torch.nn.Linear(2, 2)
    with ip.torch.Recorder("a.h5", model, t, y, output="softmax", epochs="log:150", resume=True) as rec:
        logged: bool = rec.log(0, train_loss=0.5)
    run: ip.Run = ip.estimate_run(rec.path, ["edges"])
    run.plane().save("plane.svg")
    ip.plane(run)
    try:
        ip.estimate(t, y=y)
    except ip.NumericError as error:
        print(error)
"""

WRONG = """
    import infoplane as ip

    found: int = ip.estimate([1.0, 2.0], y=[0, 1])
    ip.estimate([1.0], y=[0], estimatr="edges")
    with ip.torch.Recorder("a.h5", None, [1.0], pol="mean") as rec:
        text: str = rec.log(0)
    ip.torche
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """What mypy has read of other packages, for all tests."""
    if not shutil.which("mypy"):
        pytest.skip("no mypy")
    return tmp_path_factory.mktemp("cache")


def check(tmp_path, cache, *arguments):
    environment = {**os.environ, "MYPYPATH": str(PACKAGE)}
    command = ["mypy", "--strict", "--cache-dir", cache, "--config-file", PACKAGE / "pyproject.toml"]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, env=environment, check=False, cwd=tmp_path)


def test_the_package_is_strictly_typed(tmp_path, cache):
    done = check(tmp_path, cache, "-p", "infoplane")
    assert done.returncode == 0, done.stdout


def test_programs_that_use_it_are_too(tmp_path, cache):
    (tmp_path / "use.py").write_text(textwrap.dedent(USE))
    done = check(tmp_path, cache, "use.py")
    assert done.returncode == 0, done.stdout
    (tmp_path / "wrong.py").write_text(textwrap.dedent(WRONG))
    done = check(tmp_path, cache, "wrong.py")
    assert "Incompatible types in assignment" in done.stdout and "No overload variant" in done.stdout
    assert 'argument "pol"' in done.stdout and 'has no attribute "torche"' in done.stdout
    assert 'type "bool", variable has type "str"' in done.stdout
