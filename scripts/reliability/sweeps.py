"""The small sweeps that scripts/endure disturbs: their commands, and what they are doing, from their files."""
import itertools
import os
import pathlib
import struct
import subprocess

from processes import VARIABLE

EPOCHS, EVERY = 2000, 100
RUNS = [f"activation={a}_seed={s}.h5" for a in ("tanh", "relu") for s in (1, 2)]
POINTS = "a,b,label\n" + "".join(f"{i * 37 % 200 / 40},{i * 71 % 200 / 40},{i * 71 % 200 // 100}\n" for i in range(200))
CONFIG = f"""\
name: sweep
repeats: 2
dataset: {{name: points.csv, label_column: label}}
network: {{hidden: [6, 4]}}
training: {{epochs: {EPOCHS}, batch_size: 64}}
log: {{schedule: every, every: {EVERY}, keep: %s}}
estimators: [edges, "width:size=0.5"]
figures: %s
sweep:
  network.activation: [tanh, relu]
"""
FIGURES_OF = {"none": "[layers]", "all": "[]"}
LOGGED = EPOCHS // EVERY
WAYS = {"1 job": ["--jobs", "1"], "2 jobs": ["--jobs", "2"], "4 jobs": ["--jobs", "4"],
        "2 shards": ["--jobs", "1", "--shard"], "Slurm": ["--slurm"]}
SHAPES = list(itertools.product(("none", "all"), WAYS))
SUBMITS, SETS_UP, STARTS, TRAINS, ESTIMATES, REWRITES, PUBLISHES, BETWEEN, TABLES, FIGURES = PHASES = (
    "jobs are submitted", "the sweep is set up", "a worker starts", "training", "estimation", "a run file is rewritten",
    "a run file is created or renamed", "between runs", "tables and grid", "figures")


def write_configurations(folder):
    (folder / "points.csv").write_text(POINTS)
    for keep, figures in FIGURES_OF.items():
        (folder / f"{keep}.yaml").write_text(CONFIG % (keep, figures))


class Sweep:
    """One sweep into the directory `out`, in one of the ways to run it."""

    def __init__(self, program, folder, out, keep, way, nice):
        self.program, self.out, self.way, self.nice = program, pathlib.Path(out), way, nice
        self.config = folder / f"{keep}.yaml"
        self.folder = folder  # which the path of the dataset begins from
        self.environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", FAKE_SLURM=str(folder / "jobs"),
                                PATH=f"{folder}/slurm:{os.environ['PATH']}", **{VARIABLE: str(out)})
        self.log = open(f"{out}.log", "a")
        self.parents, self.gathers = [], False

    def start(self, words):
        self.parents.append(subprocess.Popen([self.program, *words], stdin=subprocess.DEVNULL, stdout=self.log,
                                             stderr=self.log, cwd=self.folder, env=self.environment,
                                             process_group=0,
                                             preexec_fn=lambda: os.nice(self.nice)))

    def begin(self):
        """The command; of shards, both at once."""
        self.parents, self.gathers = [], self.way != "2 shards"
        words = ["run", self.config, "-o", self.out, *WAYS[self.way]]
        for shard in (["1/2"], ["2/2"]) if self.way == "2 shards" else ([],):
            self.start(words + shard)

    def goes_on(self):
        """Whether the commands are still at work. Shards are gathered once both have ended well."""
        if any(p.poll() is None for p in self.parents):
            return True
        if self.gathers or any(p.returncode for p in self.parents):
            return False
        self.gathers = True
        self.start(["gather", self.out])
        return True

    def exits(self):
        return [p.returncode for p in self.parents]

    def last_words(self):
        return "\n".join(open(f"{self.out}.log").read().splitlines()[-8:])

    # ------------------------------------------------------------ what it is doing

    def run_of(self, worker):
        """The run of a worker: its last word is the number of the point."""
        try:
            return RUNS[int(worker.words[-2])]
        except (ValueError, IndexError):
            return None

    def phase_of_run(self, name):
        base = self.out / "runs" / name
        parts = [(base.parent / f"{name}{end}").exists() for end in (".part.new", ".new", ".part", ".state")]
        if parts[0] or parts[1]:
            return REWRITES
        if parts[3]:
            return ESTIMATES if epochs_in(f"{base}.state") == LOGGED else TRAINS
        return PUBLISHES if parts[2] else STARTS

    def logged(self):
        """The logged epochs of all runs."""
        runs = self.out / "runs"
        return sum(LOGGED if (runs / name).exists() else epochs_in(runs / f"{name}.state") for name in RUNS)

    def is_trained(self):
        return all((self.out / "runs" / name).exists() for name in RUNS)

    def phase(self, members, chance):
        """What the sweep, or one of its workers by chance, is doing."""
        if any(p.role == "run --slurm" for p in members.values()):
            return SUBMITS
        runs = [r for r in map(self.run_of, (p for p in members.values() if p.role == "worker")) if r]
        if runs:
            return self.phase_of_run(chance.choice(runs))
        done = [name for name in RUNS if (self.out / "runs" / name).exists()]
        if not done:
            return SETS_UP
        if len(done) < len(RUNS):
            return BETWEEN
        return FIGURES if any(p.role == "gnuplot" for p in members.values()) else TABLES


def epochs_in(state):
    """The logged epochs that a state to resume from covers: the larger of its two slots (runfile/state.c)."""
    try:
        with open(state, "rb") as f:
            head = f.read(224)
        return max((struct.unpack_from("<Q", head, at + 16)[0] for at in (0, 112) if len(head) >= at + 112), default=0)
    except OSError:
        return 0
