"""What tests of this folder share."""
import os
import subprocess

import numpy as np
import pytest


@pytest.fixture(scope="session")
def program():
    """Runs infoplane with arguments, and returns its standard output."""
    path = os.environ.get("INFOPLANE", "infoplane")

    def run(*arguments, **options):
        done = subprocess.run([path, *map(str, arguments)], capture_output=True, text=True, check=False, **options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def layer():
    """A layer of 300 samples with three classes: activations (n, width) and labels (n)."""
    rng = np.random.default_rng(1)
    y = rng.integers(0, 3, 300)
    t = np.tanh(rng.normal(size=(300, 4)) + y[:, None]).astype(np.float32)
    return t, y
