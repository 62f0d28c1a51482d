"""h5py and numpy for tests: from the system's Python if this one lacks them, and else the test is skipped."""
import os
import sys

try:
    import h5py  # noqa: F401
    import numpy as np  # noqa: F401
except ImportError:
    if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("no python3 with h5py")
    sys.exit(77)
