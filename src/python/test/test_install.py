"""The four ways to install the package, without a network: pip in a plain and in a system-site environment, pip -e, and
cmake --install."""
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy
import pytest

import infoplane as ip

ROOT = Path(__file__).resolve().parents[3]
BUILD = os.environ.get("INFOPLANE_BUILD", "")
OFFLINE = ["unshare", "-rn"]
NUMPY = str(Path(numpy.__file__).parents[1])
USE = ("import numpy as np, infoplane as ip; e = ip.estimate(np.arange(8.0) % 4, y=np.arange(8) % 2, estimator='exact'); "
       "print(e.ixt, ip.__version__, ip.__file__)")


def run(*command, **environment):
    inherited = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "INFOPLANE_LIBRARY", "INFOPLANE")}
    done = subprocess.run([*OFFLINE, *map(str, command)], capture_output=True, text=True, check=False,
                          env={**inherited, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check_import(python, place, **environment):
    ixt, version, path = run(python, "-c", USE, **environment).split()
    assert (ixt, version) == ("2.0", ip.__version__)
    assert Path(path).is_relative_to(place), path


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """A copy of what the package is built from."""
    if not BUILD or not shutil.which("cmake"):
        pytest.skip("no build directory of infoplane (INFOPLANE_BUILD), or no cmake")
    if subprocess.run([*OFFLINE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("unshare is refused")
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("no pip")
    root = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "src" / "python", root / "src" / "python",
                    ignore=shutil.ignore_patterns("__pycache__", "test", "*.so"))
    for name in ("CMakeLists.txt", "LICENSE"):
        shutil.copy(ROOT / name, root)
    return root / "src" / "python"


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A virtual environment with Debian's packages and its own pip."""
    path = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", "--system-site-packages", path)
    return path


def test_pip_in_a_plain_environment(sources, tmp_path):
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "v")
    python = tmp_path / "v" / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", sources)
    check_import(python, tmp_path / "v", PYTHONPATH=NUMPY)


def test_pip_beside_the_packages_of_the_system(sources, environment):
    pip = environment / "bin" / "pip"
    run(pip, "install", "--no-index", sources)
    check_import(environment / "bin" / "python", environment)
    shown = run(pip, "show", "-f", "infoplane")
    assert f"Version: {ip.__version__}" in shown and "infoplane/libinfoplane_core.so" in shown
    run(pip, "uninstall", "-y", "infoplane")


def test_pip_that_points_to_the_sources(sources, environment):
    pip = environment / "bin" / "pip"
    run(pip, "install", "--no-index", "-e", sources)
    check_import(environment / "bin" / "python", sources)
    run(pip, "uninstall", "-y", "infoplane")
    (sources / "infoplane" / "libinfoplane_core.so").unlink()


def test_wheels_of_equal_sources_are_equal(sources, tmp_path):
    digests = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for path in (sources / "infoplane").iterdir():
            path.touch()
        code = f"import wheel_of_cmake; print(wheel_of_cmake.build_wheel({str(tmp_path / name)!r}))"
        wheel = tmp_path / name / run(sys.executable, "-c", code, PYTHONPATH=str(sources)).strip()
        digests.add(hashlib.sha256(wheel.read_bytes()).hexdigest())
    assert len(digests) == 1
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
        assert "infoplane/py.typed" in names and "infoplane/libinfoplane_core.so" in names
        assert not [n for n in names if "test" in n or "pycache" in n]
        assert files.read("infoplane/_version.py").decode() == f'VERSION = "{ip.__version__}"\n'
        metadata = files.read(f"infoplane-{ip.__version__}.dist-info/METADATA").decode()
    assert "Requires-Dist: numpy>=1.21\n" in metadata
    assert "Requires-Dist: h5py>=3; extra == 'files'\n" in metadata


def test_cmake_install(sources, tmp_path):
    run("cmake", "--install", BUILD, "--prefix", tmp_path / "usr")
    place = next((tmp_path / "usr" / "lib").glob("python3*/dist-packages"))
    check_import(sys.executable, tmp_path / "usr", PYTHONPATH=str(place))
    moved = tmp_path / "moved"
    (tmp_path / "usr").rename(moved)  # nothing may remember where it was put first
    place = next((moved / "lib").glob("python3*/dist-packages"))
    check_import(sys.executable, moved, PYTHONPATH=str(place))
    code = "import importlib.metadata as m; print(m.version('infoplane'), m.requires('infoplane')[0])"
    assert run(sys.executable, "-c", code, PYTHONPATH=str(place)).split() == [ip.__version__, "numpy>=1.21"]


@pytest.mark.parametrize("prefix", ["/usr/local", "/usr"])
def test_cmake_install_is_where_python_looks(sources, tmp_path, prefix):
    run("cmake", "--install", BUILD, "--prefix", prefix, DESTDIR=str(tmp_path))
    place = next(tmp_path.rglob("dist-packages/infoplane")).parent
    looked = run("/usr/bin/python3", "-c", "import sys; print(*sys.path)").split()
    assert f"/{place.relative_to(tmp_path)}" in looked
    link = place / "infoplane" / "libinfoplane_core.so"
    assert link.is_symlink() and link.resolve().is_file() and not os.readlink(link).startswith("/")
