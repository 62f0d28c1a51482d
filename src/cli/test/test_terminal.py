#!/usr/bin/env python3
"""No command prints what a terminal acts on: every command runs on a terminal in a directory whose name has escape
sequences, quotes, line breaks and the characters of shells and formats; and the commands print every text that is not
their own by the functions of base/plain.h."""
import os
import pty
import re
import stat
import subprocess
import tempfile

SOURCE, INFOPLANE = os.environ["INFOPLANE_SOURCE"], os.path.join(os.environ["INFOPLANE_BUILD"], "infoplane")
# C0, C1 in UTF-8, C1 as a byte alone (\udc9b), the direction of text
FOLDER = "e\x1b]0;pwned\x07\x1b[2J\u009b31m\udc9b1m\u202e\x7f'\"`touch pwned`$(touch pwned)%s%n&<b>;\r\ninfoplane: \tend"
OWN = re.compile("\r\x1b\\[K")  # of the progress bar
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\udc80-\udcff]")
os.chdir(tempfile.mkdtemp())
os.mkdir(FOLDER)


def inside(name):
    return os.path.join(FOLDER, name)


def write(name, text):
    with open(inside(name), "w", encoding="utf-8") as f:
        f.write(text)
    return inside(name)


def on_terminal(words, **environment):
    """Exit status, and what a terminal would get from both streams."""
    leader, follower = pty.openpty()
    process = subprocess.Popen([INFOPLANE, *words], stdin=subprocess.DEVNULL, stdout=follower, stderr=follower, close_fds=True,
                               env={**os.environ, **environment})
    os.close(follower)
    said = b""
    while True:
        try:
            block = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not block:
            break
        said += block
    os.close(leader)
    return process.wait(), said.decode("utf-8", "surrogateescape").replace("\r\n", "\n")


def check(words, fails, environment):
    what = words[0] + " " + " ".join(os.path.basename(w) for w in words[1:])
    got, said = on_terminal(words, **environment)
    assert got in (1, 2) if fails else got == 0, f"{what}: exit status {got}: {said!r}"
    said = said.replace("\x7f", "") if "--json" in words else said  # terminals ignore DEL
    found = CONTROLS.findall(OWN.sub("", said))
    assert not found, f"{what}: prints {found!r} on a terminal: {said!r}"
    assert said or not fails, f"{what}: says nothing"
    assert not os.path.exists("pwned"), f"{what}: a part of the name was executed"


def works(*words, **environment):
    check(words, False, environment)


def fails(*words, **environment):
    check(words, True, environment)


CONFIG = """\
name: x
repeats: 2
network: {hidden: [3]}
training: {epochs: 4, batch_size: 0}
log: {schedule: every, every: 2}
estimators: [edges]
figures: [plane, loss]
"""
CLAIM = """\
name: own
statement: The loss decreases.
paper: Nobody 2026
experiment: x.yaml
seeds: [3]
"""


def runs():
    config, results, other, one = write("x.yaml", CONFIG), inside("results"), inside("other"), inside("one.h5")
    bad = write("bad.yaml", "name: x\nnetwork: {hidden: [-3]}\nextends: nowhere.yaml\n")
    missing, empty = inside("missing"), write("empty.h5", "")
    works("run", config, "-o", results, "--dry-run")
    works("run", config, "-o", results)
    works("run", config, "-o", results)
    works("run", config, "-o", other, "--set", "network.activation=relu", "--shard", "1/2")
    fails("run", config, "-o", results, "--set", "training.epochs=6")
    fails("run", config, "-o", inside("third"), "--set", f"dataset.name={missing}.csv")
    fails("run", bad)
    fails("run", missing)
    fails("run", config, "-o", config)
    os.mkdir(os.path.join(results, "runs", "seed=3.h5.part"))
    fails("run", config, "-o", results, "--set", "repeats=3")
    works("worker", results, "0")
    fails("worker", missing, "0")
    works("train", config, "--point", "0", "-o", one)
    works("train", config, "--point", "0", "-o", one)
    for words in [results], [results, "--json"], [results, other], [results, other, missing], [one]:
        works("status", *words)
    fails("status", missing)
    works("estimate", one, "-e", "width:size=0.5")
    fails("estimate", one, "-e", FOLDER)
    fails("estimate", empty, "-e", "edges")
    fails("gather", results)
    fails("gather", other, "--no-figures")
    works("gather", os.path.join(other, "runs"), "--no-figures")
    for words in [one, "-t", "-f", "plane"], [results, "-o", inside("figures"), "-f", "loss"], [one, "-o", inside("more"), "-f", "plane", "--format", "png"]:
        works("plot", *words)
    fails("plot", empty, "-t")
    fails("plot", results, "-f", FOLDER)
    works("report", results)
    works("report", one, "-o", inside("page.html"))
    fails("report", missing)
    works("diff", results, other)
    fails("diff", results, missing)


def tables():
    table = write("p.csv", "0.1,0.2\n0.3,0.4\n")
    data = write("data.csv", "a,b,label\n" + "".join(f"{i % 3},{i % 5},{'xy'[i % 2]}\n" for i in range(60)))
    ragged = write("ragged.csv", "1,2\n3\n")
    works("curve", table)
    works("curve", table, "-o", inside("curve"))
    fails("curve", ragged)
    works("measure", table, "--joint")
    works("measure", table, "--joint", "--json")
    fails("measure", ragged)
    works("data", data)
    works("data", data, "-o", inside("data.h5"))
    works("data", inside("data.h5"))
    fails("data", ragged)
    fails("data", inside("missing.csv"))
    works("calibrate", "--task", "bsc", "-e", "edges", "--samples", "100", "-o", inside("calibrated.tsv"))
    fails("init", FOLDER)
    fails("init", "fresh", "--from", inside("missing.yaml"))


def words():
    """Words of the command line alone."""
    fails(FOLDER)
    for command in ("run", "train", "worker", "status", "estimate", "gather", "plot", "report", "diff", "curve", "measure", "data", "calibrate", "init",
                    "claims", "completion"):
        fails(command, "--" + FOLDER)
        works(command, "--help")
    fails("run", "quickstart", "--set", FOLDER)
    fails("run", "quickstart", "--set", FOLDER + "=1")
    fails("run", "quickstart", "--shard", FOLDER)
    fails("completion", FOLDER)
    fails("status", "x", "--json=" + FOLDER)


def on_slurm():
    """sbatch that fails with a name; a name that sbatch would misread is rejected."""
    os.mkdir("bin")
    with open("bin/sbatch", "w") as f:
        f.write("#!/bin/sh\nprintf 'sbatch: error: \\033]0;pwned\\007\\n' >&2\nexit 1\n")
    os.chmod("bin/sbatch", stat.S_IRWXU)
    path = os.path.abspath("bin") + ":" + os.environ["PATH"]
    fails("run", inside("x.yaml"), "-o", inside("slurm"), "--slurm", PATH=path)
    fails("run", inside("x.yaml"), "-o", "slurm", "--slurm", PATH=path)


def claims():
    claim = write("own.yaml", CLAIM)
    for arguments in [claim], ["show", claim], ["run", claim, "-o", inside("out")], ["--check", claim], ["show", FOLDER, "--rules", FOLDER]:
        status, said = on_terminal(["claims", *arguments])
        assert status in (0, 1, 2) and not CONTROLS.search(OWN.sub("", said)), (status, said)
    assert not os.path.exists("pwned")


def calls(text):
    """(function, arguments) of all that print."""
    for match in re.finditer(r"(?<!\w)(printf|fprintf|fputs|puts|perror)\(", text):
        depth, quoted, at = 1, False, match.end()
        while depth:
            if quoted and text[at] == "\\":
                at += 1
            elif text[at] == '"':
                quoted = not quoted
            elif not quoted:
                depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        yield match[1], text[match.end():at - 1]


def sources():
    """Only texts of their own go to standard output and error by functions of C."""
    for folder in "cli", "sweep", "run", "study", "summary", "claims":
        for name in os.listdir(os.path.join(SOURCE, "src", folder)):
            if not name.endswith(".c") or name == "print_path.c":
                continue
            with open(os.path.join(SOURCE, "src", folder, name), encoding="utf-8") as f:
                text = f.read()
            terminal = ["stdout", "stderr", "messages"] + ["out"] * (name == "claims_print.c")
            for function, arguments in calls(text):
                to = arguments.split(",")[0] if function == "fprintf" else arguments.split(",")[-1] if function == "fputs" else "stdout"
                literal = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', arguments))
                own = literal and not re.search(r"%[-+ #0-9*.]*s", literal)
                assert own or re.split(r"\W+", to.strip())[-1] not in terminal, \
                    f"{folder}/{name}: texts are printed by ip_print (base/plain.h), not {function}({arguments})"


sources()
runs()
tables()
words()
on_slurm()
claims()
