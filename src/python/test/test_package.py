"""What `import infoplane` gives, and what it does not import."""
import re
import subprocess
import sys
from pathlib import Path

import infoplane as ip


def test_the_version_is_that_of_the_project():
    text = (Path(__file__).parents[3] / "CMakeLists.txt").read_text(encoding="utf-8")
    assert re.search(r"VERSION ([0-9.]+)", text[text.index("project(infoplane"):]).group(1) == ip.__version__


def test_errors_are_value_errors_of_one_family():
    for kind in (ip.ConfigError, ip.NumericError, ip.FileError):
        assert issubclass(kind, ip.Error) and issubclass(kind, ValueError)


def test_importing_brings_in_no_framework():
    heavy = "h5py torch pandas xarray matplotlib keras lightning transformers".split()
    code = f"import sys, infoplane; print([m for m in {heavy} if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_unknown_names_are_attribute_errors():
    assert not hasattr(ip, "estimate_everything")
    assert "__version__" in dir(ip)
