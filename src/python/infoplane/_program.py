"""The program infoplane in a process of its own: where it is, its progress, its errors, Ctrl-C."""
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import IO, List, Sequence, Tuple

from . import _words
from ._errors import ConfigError, Error, FileError
from ._version import VERSION

_KINDS = {2: ConfigError, 3: FileError, 4: FileError}  # by exit status; others are Error


def find() -> str:
    """The program: $INFOPLANE, that of this installation, or one on PATH. It must have the version of this package."""
    given = os.environ.get("INFOPLANE")
    prefixes = [p for p in Path(__file__).resolve().parents if (p / "bin" / "infoplane").is_file()]
    found = given or (str(prefixes[0] / "bin" / "infoplane") if prefixes else shutil.which("infoplane"))
    if not found:
        raise FileError("the program infoplane was not found: install it (cmake --install), or set the environment "
                        "variable INFOPLANE to its path")
    version = _version(found)
    if version != VERSION:
        raise FileError(f"{found}: version {version}, but this package is {VERSION}; install both from the same source, or "
                        "set INFOPLANE to another program")
    return found


@lru_cache(maxsize=None)
def _version(program: str) -> str:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError) as fault:
        raise FileError(f"{program}: cannot be run: {fault}") from None
    return answer[1] if len(answer) > 1 and answer[0] == "infoplane" else "unknown"


def run(words: Sequence[str], progress: bool = True) -> str:
    """Runs `infoplane WORDS...` and returns its standard output."""
    return call(words, progress)[0]


def call(words: Sequence[str], progress: bool = True) -> Tuple[str, List[str]]:
    """Runs `infoplane WORDS...`; returns its standard output, and the lines of its progress and remarks.

    progress: these lines also go to sys.stderr, as they come.

    A failure is an Error with the program's message. Ctrl-C stops the program cleanly, as on a terminal, and is raised
    when it has ended.
    """
    child = subprocess.Popen([find(), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             stdin=subprocess.DEVNULL, start_new_session=True)  # Ctrl-C reaches it once, from us
    assert child.stdout is not None and child.stderr is not None
    out: List[str] = []
    said: List[str] = []
    readers = [threading.Thread(target=_relay, args=(child.stdout, out, False)),
               threading.Thread(target=_relay, args=(child.stderr, said, progress))]
    for reader in readers:
        reader.start()
    try:
        status = _wait(child)
    finally:
        for reader in readers:
            reader.join()
    if status == 130:
        raise KeyboardInterrupt
    if status != 0:
        raise _KINDS.get(status, Error)(_words.of_program(_message(said, status)))
    return "".join(out), said


def _wait(child: "subprocess.Popen[str]") -> int:
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.send_signal(signal.SIGINT)
        try:
            child.wait()
        except KeyboardInterrupt:  # impatience
            child.kill()
            child.wait()
        raise
    except BaseException:
        child.kill()
        child.wait()
        raise


def _relay(stream: IO[str], lines: List[str], shown: bool) -> None:
    with stream:
        for line in stream:
            lines.append(line)
            if shown and not line.startswith("infoplane: "):  # the message of a failure is that of the exception
                print(line, end="", file=sys.stderr, flush=True)


def _message(said: Sequence[str], status: int) -> str:
    """The last message of the program, which may have several lines."""
    starts = [i for i, line in enumerate(said) if line.startswith("infoplane: ")]
    if starts:
        return "".join(said[starts[-1]:])[len("infoplane: "):].rstrip("\n")
    if status < 0:
        return f"infoplane was ended by signal {-status}"
    return "".join(said).rstrip("\n") or f"infoplane ended with status {status}"
