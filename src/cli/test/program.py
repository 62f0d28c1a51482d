"""What the tests of commands in Python share: the program, and checks that say what failed."""
import os, subprocess, sys

INFOPLANE = os.environ["INFOPLANE_BUILD"] + "/infoplane"
SOURCE = os.environ["INFOPLANE_SOURCE"]
failures = []


def fail(text):
    failures.append(text)
    print("FAILED:", text)


def ended(words, status):
    done = subprocess.run([INFOPLANE, *words], capture_output=True, text=True)
    if done.returncode != status:
        fail(f"{' '.join(words)}: exit status {done.returncode}: {done.stderr}")
    return done


def run(*words):
    """What the command prints; it succeeds."""
    return ended(words, 0).stdout


def refused(*words, status=2):
    """The command fails; .stdout and .stderr are what it says."""
    return ended(words, status)


def finish():
    sys.exit(len(failures) > 0)
