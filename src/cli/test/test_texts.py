#!/usr/bin/env python3
"""Text from files is never code: one name with the characters that mean something to gnuplot, HTML, SVG, tables, shells,
sbatch, terminals and YAML goes through run, figures, report, status, gather and the scripts for Slurm."""
import csv
import html.parser
import os
import shlex
import stat
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.environ["INFOPLANE_SOURCE"], "src/base/test"))
from with_h5py import h5py, np  # noqa: E402

INFOPLANE = os.path.join(os.environ["INFOPLANE_BUILD"], "infoplane")
NAME = "a\"b'c`touch pwned`$(touch pwned)\\;|&<script>alert(1)</script><!--]]>\u202e%s%n%A{/Symbol x}^2_3@~#,é=1"
CONTROL = "\x1b]0;pwned\x07\x1b[2J\x9b31m\r"  # in files of other programs; a configuration cannot contain them
os.chdir(tempfile.mkdtemp())


def infoplane(*words, status=0, **environment):
    r = subprocess.run([INFOPLANE, *words], capture_output=True, timeout=120, stdin=subprocess.DEVNULL,
                       env={**os.environ, **environment})
    said = (r.stdout + r.stderr).decode("utf-8", "replace")
    assert r.returncode == status, f"{words}: exit status {r.returncode}, expected {status}: {said}"
    controls = [c for c in said if ord(c) < 32 and c not in "\n\t" or 0x7F <= ord(c) < 0xA0 or c == "\u202e"]
    assert not controls, f"{words}: prints control characters {controls!r}: {said!r}"
    assert not os.path.exists("pwned"), words
    return said


class Page(html.parser.HTMLParser):
    """What a browser would execute."""

    def __init__(self, text):
        super().__init__()
        self.scripts, self.handlers = 0, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.scripts += tag == "script" and dict(attributes).get("type") in (None, "module", "text/javascript")
        self.handlers += [a for a, v in attributes if a.startswith("on") or (v or "").strip().startswith("javascript:")]


def check_page(path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    page = Page(text)
    assert page.scripts <= 1 and not page.handlers, (page.scripts, page.handlers)
    assert "<script>alert" not in text


def check_figures(folder):
    figures = [f for f in os.listdir(folder) if f.endswith(".svg")]
    assert figures
    for f in figures:
        tree = xml.etree.ElementTree.parse(os.path.join(folder, f))
        for element in tree.iter():
            assert not element.tag.endswith("script"), f
            assert not any(a.startswith("on") for a in element.attrib), f


def check_tables(folder):
    for name in "summary.csv", "runs.csv", "correlations.csv":
        with open(os.path.join(folder, name), newline="", encoding="utf-8") as f:
            rows = list(csv.reader(f))
        assert len({len(r) for r in rows}) == 1, name


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def stub(name, text):
    with open(os.path.join("bin", name), "w") as f:
        f.write("#!/bin/sh\n" + text)
    os.chmod(os.path.join("bin", name), stat.S_IRWXU)


def an_experiment():
    """Names of classes, tags and directories; the name of an experiment may have letters, digits and few signs."""
    folder = NAME.replace("/", "|").replace("\u202e", "")  # paths are printed as they are: scripts read them
    with open("data.csv", "w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f)
        writer.writerow(["x1", "x2", NAME])
        for i in range(60):
            writer.writerow([i % 7, i % 5, (NAME, NAME + "2")[i % 2]])
    assert NAME.replace("\u202e", "???")[:40] in infoplane("data", "data.csv", "--label-column", NAME)
    with open("x.yaml", "w", encoding="utf-8") as f:
        f.write(f"name: x\nrepeats: 2\nnetwork: {{hidden: [3]}}\ndataset: {{name: data.csv, label_column: {quoted(NAME)}}}\n"
                "training: {epochs: 4, batch_size: 0}\nlog: {schedule: every, every: 2}\nestimators: [edges]\nfigures: [plane, loss]\n"
                "sweep: {network.activation: [tanh, relu]}\n")
    infoplane("run", "x.yaml", "-o", folder)
    for command in ["status", folder], ["status", folder, "--json"], ["gather", folder], ["plot", folder, "-o", folder + "2", "-f", "layers"], \
            ["report", folder], ["run", os.path.join(folder, "experiment.yaml"), "-o", folder, "--dry-run"]:
        infoplane(*command)
    check_figures(os.path.join(folder, "figures"))
    check_figures(folder + "2")
    check_tables(folder)
    check_page(os.path.join(folder, "report.html"))
    return folder


def scripts_for_slurm():
    os.mkdir("bin")
    stub("sbatch", f'for w in "$@"; do printf "%s\\n" "$w"; done >>{shlex.quote(os.path.abspath("words"))}\necho 7\n')
    stub("scontrol", "echo MaxArraySize = 1001\n")
    folder = NAME.replace("/", "|").replace("\u202e", "").replace("\\", "")
    infoplane("run", "x.yaml", "-o", folder, "--slurm", PATH=os.path.abspath("bin") + ":" + os.environ["PATH"])
    path = os.path.realpath(folder)
    with open("words", encoding="utf-8") as f:
        words = f.read()
    assert os.path.join(path.replace("%", "%%"), "slurm/%A_%a.log") in words, words
    for script in "task.sh", "gather.sh":
        with open(os.path.join(folder, "slurm", script), encoding="utf-8") as f:
            last = f.read().strip().splitlines()[-1]
        command = shlex.split(last)
        assert path in command or os.path.join(path, "experiment.yaml") in command, command
    env = {**os.environ, "SLURM_ARRAY_TASK_ID": "1"}
    r = subprocess.run(["sh", os.path.join(folder, "slurm/task.sh")], capture_output=True, env=env, timeout=60)
    assert r.returncode == 0 and not os.path.exists("pwned"), r
    r = subprocess.run(["sh", os.path.join(folder, "slurm/gather.sh")], capture_output=True, timeout=60)
    assert os.path.exists(os.path.join(folder, "summary.csv")) and not os.path.exists("pwned"), r


def a_file_of_another_program():
    """Names of layers, estimates, experiments and data that no configuration has checked."""
    os.mkdir("sent")
    rng = np.random.default_rng(0)
    name = (CONTROL + NAME).encode("latin-1", "ignore").decode("latin-1").replace("/", "|")
    for k in range(2):
        with h5py.File(f"sent/{k}.h5", "w") as f:
            f.attrs["format_version"] = 1
            for attribute in "experiment", "name", "reason", "dataset":
                f.attrs[attribute] = CONTROL + NAME
            f["epoch"], f["data/x_id"], f["data/y"] = (0, 1, 4), np.arange(64), rng.integers(0, 2, 64)
            for layer, width in enumerate((3, 2), start=1):
                f[f"layers/{layer}/activation"] = rng.normal(size=(3, 64, width)).astype("f4")
                f[f"layers/{layer}"].attrs["name"] = CONTROL + NAME
                f[f"layers/{layer}"].attrs["activation"] = CONTROL + NAME
                f[f"layers/{layer}"].attrs["kind"] = CONTROL + NAME
            for label in "edges", name:
                for series in "ixt", "ity":
                    f[f"information/{label}/{series}"] = rng.random((3, 2))
                f[f"information/{label}"].attrs["missing_ixt_reason"] = CONTROL + NAME
            f["metrics/train/loss"] = rng.random(3)
            f["config"] = f"name: x\nseed: {k}\n"
    for command in ["gather", "sent"], ["report", "sent"], ["plot", "sent/0.h5", "-t", "-f", "plane"], \
            ["plot", "sent", "-e", name, "-o", "other", "-f", "plane", "-f", "estimators"], ["diff", "sent/0.h5", "sent/1.h5"], ["estimate", "sent/0.h5", "-e", "width:size=0.5"]:
        infoplane(*command)
    infoplane("plot", "sent", "-e", name + "no", status=1)
    check_figures("sent/figures")
    check_figures("other")
    check_tables("sent")
    check_page("sent/report.html")
    with h5py.File("sent/bad.h5", "w") as f:
        f.attrs["format_version"] = 1
        f.attrs["status"] = CONTROL + NAME
    infoplane("plot", "sent/bad.h5", status=1)


an_experiment()
scripts_for_slurm()
a_file_of_another_program()
