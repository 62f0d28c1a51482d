"""Run files, datasets and MATLAB files that somebody made to do harm or that are damaged, and the commands that could take
them. For test_hostile.py, test_hostile_matrix.py and scripts/damage."""
import gzip
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["INFOPLANE_SOURCE"], "src/base/test"))
from with_h5py import h5py, np  # noqa: E402

INFOPLANE = os.path.join(os.environ["INFOPLANE_BUILD"], "infoplane")
PACKED = os.path.join(os.environ["INFOPLANE_SOURCE"], "src/cli/test/hostile")
N, EPOCHS = 64, (0, 1, 4)
rng = np.random.default_rng(0)


def run(words, read_seconds=1, **environment):
    """Exit status (negative: killed by a signal) and all that was printed."""
    r = subprocess.run([INFOPLANE, *map(str, words)], capture_output=True, timeout=120, stdin=subprocess.DEVNULL,
                       env={**os.environ, "INFOPLANE_READ_SECONDS": str(read_seconds), **environment})
    return r.returncode, (r.stdout + r.stderr).decode(errors="replace")


def infoplane(*words, status=0, says=(), **environment):
    code, said = run(words, **environment)
    assert code == status, f"{words}: exit status {code}, expected {status}: {said}"
    for text in says:
        assert text in said, f"{words}: does not say '{text}': {said}"
    return said


def unpack(name, path):
    with gzip.open(os.path.join(PACKED, name + ".h5.gz")) as f, open(path, "wb") as out:
        out.write(f.read())
    return path


def half_written(folder="."):
    return [os.path.join(d, f) for d, _, files in os.walk(folder) for f in files if f.endswith((".part", ".new"))]


# ---------------------------------------------------------------- good files

def write_run(path, estimates=True):
    with h5py.File(path, "w") as f:
        f.attrs["format_version"] = 1
        f["epoch"], f["data/x_id"], f["data/y"] = EPOCHS, np.arange(N), rng.integers(0, 2, N)
        for k, width in enumerate((3, 2), start=1):
            f[f"layers/{k}/activation"] = rng.normal(size=(len(EPOCHS), N, width)).astype("f4")
        if estimates:
            f["information/edges/ixt"] = rng.random((len(EPOCHS), 2))
            f["information/edges/ity"] = rng.random((len(EPOCHS), 2))
    return path


def write_data(path):
    with h5py.File(path, "w") as f:
        f["x"], f["y"] = rng.normal(size=(N, 3)).astype("f4"), rng.integers(0, 2, N)
        f["p_xy"] = np.full((2, 2), 0.25)
    return path


def write_mat73(path):
    with h5py.File(path, "w", userblock_size=512) as f:
        f["F"], f["y"] = rng.normal(size=(3, N)), rng.integers(0, 2, (1, N)).astype("f8")
        for name in ("F", "y"):
            f[name].attrs["MATLAB_class"] = np.bytes_("double")
    with open(path, "r+b") as f:
        f.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\x02IM")
    return path


# ---------------------------------------------------------------- commands

def experiment(path):
    """Words for a configuration whose dataset is the file."""
    with open("experiment.yaml", "w") as f:
        f.write("name: q\nnetwork: {hidden: [2]}\ntraining: {epochs: 1, batch_size: 0}\nlog: {schedule: every, every: 1}\n"
                f"estimators: [edges]\nfigures: [plane]\ndataset: {{name: '{path}'}}\n")
    return "experiment.yaml"


def claim(path):
    with open("claim.yaml", "w") as f:
        f.write("claim: q\npaper: A paper\nstatement: Something.\n"
                f"conditions: {{a: {{files: ['{path}']}}}}\nestimators: [edges]\nseeds: {{first: 0, looks: [2]}}\n"
                "layers: hidden\nparts: {p: mean(last(ixt)) > 0}\nverdict: p\ncombine: all layers\n")
    return "claim.yaml"


# name: (words, what it leaves); FILE is the file. Those of run files, and of datasets and tables.
OF_RUNS = {
    "estimate": (["estimate", "FILE", "-e", "width:size=0.5"], []),
    "plot": (["plot", "FILE", "-o", "out/figures"], ["out/figures"]),
    "plot -t": (["plot", "FILE", "-t", "--figure", "plane"], []),
    "gather": (["gather", "in"], ["in/summary.csv"]),
    "report": (["report", "FILE", "-o", "out/r.html"], ["out/r.html"]),
    "diff": (["diff", "FILE", "szt2017"], []),
    "status": (["status", "FILE"], []),
    "claims": (["claims", "run", claim, "-o", "out/claims"], ["out/claims/q/table.tsv.gz"]),
}
OF_DATA = {
    "data": (["data", "FILE", "-o", "out/x.csv"], ["out/x.csv"]),
    "data --json": (["data", "FILE", "--json"], []),
    "curve": (["curve", "FILE", "-o", "out/curve", "--no-figure", "--beta", "1:2:lin2"], ["out/curve"]),
    "train": (["train", experiment, "-o", "out/t.h5"], ["out/t.h5"]),
    "run": (["run", experiment, "-o", "out/run"], ["out/run/summary.csv"]),
    "run --dry-run": (["run", experiment, "--dry-run"], []),
    "diff of configurations": (["diff", experiment, "szt2017"], []),
    "measure": (["measure", "FILE"], []),
    "as a configuration": (["run", "FILE", "-o", "out/run"], ["out/run/summary.csv"]),
}
COMMANDS = {**OF_RUNS, **OF_DATA}


def is_our_fault(said):
    """Whether a sanitizer found a fault, and not in libhdf5 itself, which is why the work is done in a child."""
    if "AddressSanitizer" not in said:
        return "runtime error" in said
    frames = [line for line in said.splitlines() if line.lstrip().startswith("#") and "interceptor" not in line]
    return not frames or "libhdf5" not in frames[0]


def try_command(name, path, **environment):
    """Runs a command with a copy of the file in a new directory, which the caller's is afterwards. Returns exit status,
    output, and what is wrong with the way it ended."""
    words, results = COMMANDS[name]
    shutil.rmtree("here", ignore_errors=True)
    os.makedirs("here/in")
    os.mkdir("here/out")
    file = "in/" + os.path.basename(path)
    shutil.copy(path, "here/" + file)
    for folder in ("here", "here/in"):  # what files with external storage name
        with open(folder + "/secret.txt", "w") as f:
            f.write("SECRET-0123456789-" * 200)
    before = open(path, "rb").read()
    os.chdir("here")
    try:
        filled = [w(file) if callable(w) else w.replace("FILE", file) for w in words]
        status, said = run(filled, **environment)
        wrong = []
        if status not in (0, 1, 2):
            wrong.append(f"exit status {status}")
        if status and os.path.basename(path) not in said and "no run of its conditions is finished" not in said:
            wrong.append("the file is not named")
        if open(file, "rb").read() != before and (status or name != "estimate"):
            wrong.append("the file was changed")
        if half_written():
            wrong.append(f"half-written: {half_written()}")
        if status:
            wrong += [f"{r} is there" for r in results if os.path.exists(r)]
        for folder, _, files in os.walk("."):
            for f in files:
                if f != "secret.txt" and b"SECRET" in open(os.path.join(folder, f), "rb").read():
                    wrong.append(f"{f} has bytes of another file")
        if "SECRET" in said:
            wrong.append("bytes of another file")
        if is_our_fault(said):
            wrong.append("output of a sanitizer")
        return status, said, wrong
    finally:
        os.chdir("..")
