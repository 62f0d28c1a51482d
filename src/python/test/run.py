#!/usr/bin/python3
"""Runs files of pytest tests for ctest: status 77 where all are skipped. With CI=true, a skipped test is a failure.

usage: run.py FILE...
"""
import os
import sys

IS_CI = os.environ.get("CI") == "true"
SKIPPED = 1 if IS_CI else 77


class Counts:
    """How many tests ran, and why others did not."""

    def __init__(self):
        self.n_run = 0
        self.skipped = []

    def pytest_runtest_logreport(self, report):
        if report.skipped:
            self.skipped.append(f"{report.nodeid}: {report.longrepr[2]}")
        elif report.when == "call":
            self.n_run += 1

    def pytest_collectreport(self, report):
        if report.skipped:
            self.skipped.append(f"{report.nodeid}: {report.longrepr[2]}")


def main(files):
    try:
        import numpy  # noqa: F401
        import pytest
    except ImportError as missing:
        print(f"{missing}; scripts/install-packages.sh test installs it")
        return SKIPPED
    counts = Counts()
    status = pytest.main(["-q", "-p", "no:cacheprovider", *files], plugins=[counts])
    for reason in counts.skipped:
        print("skipped:", reason)
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return 1
    if counts.skipped and (IS_CI or not counts.n_run):
        return SKIPPED
    return 0 if counts.n_run else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
