#!/usr/bin/python3
"""What commands print, field by field, against values that are computed here; text, JSON and files say the same."""
import csv, fcntl, json, math, os, pty, random, re, stat, struct, subprocess, tempfile, termios

from program import INFOPLANE, fail, finish, refused, run


def entropy(p):
    return -sum(x * math.log2(x) for x in p if x > 0)


def cross_entropy(p, q):
    return math.inf if any(x > 0 and y == 0 for x, y in zip(p, q)) else -sum(x * math.log2(y) for x, y in zip(p, q) if x > 0)


def same(got, want):
    if isinstance(want, dict):
        return isinstance(got, dict) and all(k in got and same(got[k], v) for k, v in want.items())
    if isinstance(want, (list, tuple)):
        return isinstance(got, list) and len(got) == len(want) and all(map(same, got, want))
    if isinstance(want, float) and isinstance(got, (int, float)) and not isinstance(got, bool):
        return abs(got - want) <= 1e-9 * max(1, abs(want))
    return type(got) is type(want) and got == want


def check(title, got, want):
    """The fields of `want` have these values; numbers that are computed agree in nine digits."""
    if not same(got, want):
        fail(f"{title}: got {got}, expected {want}")


def has_lines(title, text, *lines):
    for line in lines:
        if line not in text.splitlines():
            fail(f"{title}: no line '{line}' in:\n{text}")


def write(name, text):
    with open(name, "w", encoding="utf-8") as out:
        out.write(text)
    return name


# ---------------------------------------------------------------- distributions and datasets

def measures():
    ps, q, joint = ((0.5, 0.25, 0.25), (1, 0, 0)), (0.25, 0.75, 0), ((0.125, 0.375), (0.25, 0.25))
    write("p.csv", "x,y,z\n" + "".join(",".join(map(str, p)) + "\n" for p in ps))
    write("q.csv", ",".join(map(str, q)) + "\n")
    write("joint.csv", "".join(",".join(map(str, row)) + "\n" for row in joint))
    text = lambda x: "inf" if x == math.inf else float(x)
    for flags, unit, scale in ([], "bit", 1), (["--nats"], "nat", math.log(2)):
        lines = [json.loads(line) for line in run("measure", "p.csv", "q.csv", "--json", *flags).splitlines()]
        check("measure", lines, [{
            "unit": unit, "line": i + 2, "entropy_p": scale * entropy(p), "entropy_q": scale * entropy(q),
            "cross_entropy_pq": text(scale * cross_entropy(p, q)), "cross_entropy_qp": text(scale * cross_entropy(q, p)),
            "kl_pq": text(scale * (cross_entropy(p, q) - entropy(p))),
            "kl_qp": text(scale * (cross_entropy(q, p) - entropy(q)))} for i, p in enumerate(ps)])
        x, y = [sum(row) for row in joint], [sum(column) for column in zip(*joint)]
        xy = entropy([p for row in joint for p in row])
        want = {"unit": unit, "line": 1, "entropy_p": scale * xy, "entropy_x": scale * entropy(x), "entropy_y": scale * entropy(y),
                "entropy_xy": scale * xy, "entropy_x_given_y": scale * (xy - entropy(y)),
                "entropy_y_given_x": scale * (xy - entropy(x)), "mutual_information": scale * (entropy(x) + entropy(y) - xy)}
        check("measure --joint", json.loads(run("measure", "joint.csv", "--joint", "--json", *flags)), want)
        printed = run("measure", "joint.csv", "--joint", *flags)
        for label, field in ("H(X)", "entropy_x"), ("H(Y)", "entropy_y"), ("H(X,Y)", "entropy_xy"), ("I(X;Y)", "mutual_information"), \
                ("H(X|Y)", "entropy_x_given_y"), ("H(Y|X)", "entropy_y_given_x"):
            has_lines("measure", printed, f"{label:<10}{want[field]:.6f} {unit}")
    write("digits.csv", "0.2,0.8\n")
    if '"entropy_p":0.721928094887362,' not in run("measure", "digits.csv", "digits.csv", "--json").replace("}", ","):
        fail("JSON has not 15 digits")


def datasets():
    write("small.csv", "kind,u,v\nb,1,2\na,3,4.5\na,-1,0\nb,1,2\nb,1,2\n")
    words = ["data", "small.csv", "--label-column", "kind", "--split", "first", "--train-fraction", "0.4", "--scale", "none"]
    hx, hy = entropy((0.6, 0.2, 0.2)), entropy((0.4, 0.6))
    got = json.loads(run(*words, "--json"))
    check("data", got, {"samples": 5, "train": 2, "test": 3, "inputs": 2, "distinct_inputs": 3, "targets": 0, "x_min": -1.0,
                        "x_max": 4.5, "classes": [{"name": "a", "samples": 2, "train": 1}, {"name": "b", "samples": 3, "train": 1}],
                        "soft": False, "hx_bits": hx, "hy_bits": hy, "hy_given_x_bits": 0.0, "ixy_bits": hy, "ixy_model_bits": None})
    has_lines("data", run(*words), "samples     5 (2 train, 3 test)", "inputs      2, from -1 to 4.5, 3 distinct rows",
              "classes     2: a (2), b (3)", "labels      hard", f"H(X)        {hx:.10g} bit", f"H(Y)        {hy:.10g} bit",
              "H(Y|X)      0 bit", f"I(X;Y)      {hy:.10g} bit", "sha256      " + got["sha256"])
    for flags, described in ([], False), (["--info"], True), (["--json"], True):
        if bool(run(*words, "-o", "copy.h5", *flags)) != described:
            fail(f"data -o {flags} describes the dataset: {not described}")
    regression = json.loads(run("data", "linear_gaussian", "--samples", "50", "--inputs", "3", "--targets", "2", "--noise", "0.5", "--json"))
    check("data linear_gaussian", regression, {"samples": 50, "train": 40, "test": 10, "inputs": 3, "targets": 2})
    write("many.csv", "u,label\n" + "".join(f"{i},c{i:02}\n" for i in range(21)))
    has_lines("data", run("data", "many.csv"), "classes     21:" + ",".join(f" c{i:02} (1)" for i in range(20)) + ", ...")
    check("data --seed", refused("data", "sphere", "--seed", "-1").stderr,
          "infoplane data --seed: expected 0 or more, got -1\n")


def curves():
    # an erasure channel: T is constant up to beta = 1 / (1 - 0.2), and X from there on
    words = ["curve", "bec:0.2", "--beta", "1,5", "-o", "out", "--no-figure"]
    got = json.loads(run(*words, "--json"))
    check("curve", got, {"source": "bec:0.2", "inputs": 2, "different_inputs": 2, "outcomes": 3,
                         "hy_bits": entropy((0.4, 0.4, 0.2)), "ixy_bits": 0.8})
    points = [{"beta": b, "ixt_bits": x, "ity_bits": y, "clusters": n, "lagrangian_bits": x - b * y, "converged": True, "certified": True}
              for b, x, y, n in ((1.0, 0.0, 0.0, 1), (5.0, 1.0, 0.8, 2))]
    for got_point, want in zip(got["points"], points, strict=True):
        for field, value in want.items():
            if not (abs(got_point[field] - value) <= 1e-6 if isinstance(value, float) else got_point[field] == value):
                fail(f"curve: {field} is {got_point[field]}, expected {value}")
    for field in "first_critical_beta", "unstable_beta":
        if abs(got[field] - 1.25) > 1e-6:
            fail(f"curve: {field} is {got[field]}, expected 1.25")
    printed = run(*words, "--json")
    if not printed.endswith("}\n") or printed.endswith("\n\n"):
        fail("curve --json prints more than JSON")
    text = run(*words)
    has_lines("curve", text, "source      bec:0.2", "inputs      2, of 2 different p(y|x); 3 outcomes",
              f"H(Y)        {entropy((0.4, 0.4, 0.2)):.6f} bit", "I(X;Y)      0.800000 bit",
              "written to out: curve.csv, critical.csv, curve.h5")
    with open("out/curve.csv", newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    for point, row in zip(got["points"], rows, strict=True):
        line = f"{point['beta']:12.6g} {point['ixt_bits']:12.6f} {point['ity_bits']:12.6f} {point['clusters']:9} {'yes':>9}"
        has_lines("curve", text, line)
        for field in "beta", "ixt_bits", "ity_bits":
            if abs(float(row[field]) - point[field]) > 1e-12:
                fail(f"curve.csv: {field} is {row[field]}, in JSON {point[field]}")


    # betas are added where the curve is not known as well as asked for, and at most so many
    count = lambda *more: len(json.loads(run("curve", "bsc:0.1", "--beta", "1:8:log4", "--json", *more))["points"])
    counts = [count(), count("--refine", "3", "--tolerance", "1e-9"), count("--refine", "50", "--tolerance", "0.5"),
              count("--refine", "50", "--tolerance", "0.01")]
    if counts[:3] != [4, 7, 4] or not 4 < counts[3] < 54:
        fail(f"curve --refine: {counts} points")
    # random starts change what is found of a relative of the problem, where nothing is certified; the same ones do not
    uniform = random.Random(9).random  # the same numbers in every version of Python
    cells = [[uniform() ** 3 for _ in range(9)] for _ in range(9)]
    write("cells.csv", "".join(",".join(repr(c / sum(map(sum, cells))) for c in row) + "\n" for row in cells))
    starts = lambda *more: run("curve", "cells.csv", "--alpha", "0.5", "--beta", "2:30:log8", "--json", *more)
    for more, differs in ([], False), (["--seed", "1", "--restarts", "3"], False), (["--seed", "2"], True), (["--restarts", "9"], True):
        check(f"curve {more}", starts(*more) != starts(), differs)
    write("alike.csv", "0.26,0.24\n0.26,0.24\n")
    check("curve", json.loads(run("curve", "alike.csv", "--beta", "2", "--json")), {"inputs": 2, "different_inputs": 1, "outcomes": 2})
    has_lines("curve", run("curve", "alike.csv", "--beta", "2"), "inputs      2, of 1 different p(y|x); 2 outcomes")
    for name in "t.csv", "t.tsv", "t.TXT":
        write(name, "0.4\t0.1\n0.1\t0.4\n" if name == "t.tsv" else "0.4,0.1\n0.1,0.4\n")
        check(name, json.loads(run("curve", name, "--beta", "2", "--json")), {"inputs": 2, "ixy_bits": 1 - entropy((0.2, 0.8))})


# ---------------------------------------------------------------- plans and states

PLAN = """name: plan
tags: [first, second]
repeats: 2
seed: 5
network: {hidden: [3]}
training: {epochs: 6, batch_size: 512}
log: {schedule: every, every: 2}
estimators: [edges]
figures: []
sweep: {network.activation: [tanh, relu], training.epochs: [4, 7]}
"""


def plans():
    write("plan.yaml", PLAN)
    plan = json.loads(run("run", "plan.yaml", "--dry-run", "--json", "--jobs", "3"))
    want = [(f"activation={a}_epochs={e}_seed={s}", s, e) for a in ("tanh", "relu") for e in (4, 7) for s in (5, 6)]
    logged = {4: 2, 7: 4}  # 0 2, and 0 2 4 6
    check("plan", plan, {"name": "plan", "tags": ["first", "second"], "runs": [
        {"point": k, "run": name, "seed": seed, "epochs": epochs, "logged_epochs": logged[epochs]}
        for k, (name, seed, epochs) in enumerate(want)]})
    digests = {r["digest"] for r in plan["runs"]}
    if len(digests) != len(want) or not all(re.fullmatch("[0-9a-f]{64}", d) for d in digests):
        fail(f"digests: {digests}")
    cost = plan["cost"]
    check("cost", cost, {"jobs": 3, "train": 3276, "used_train": 3276, "wall_s": max(cost["longest_s"], cost["total_s"] / 3)})
    if not 0 < cost["longest_s"] <= cost["total_s"] or not 0 < cost["bytes"] < cost["peak_bytes"]:
        fail(f"cost: {cost}")
    text = run("run", "plan.yaml", "--dry-run", "--jobs", "3")
    has_lines("plan", text, *(f"{k}\t{name}" for k, (name, _, _) in enumerate(want)))
    size = lambda n: f"{n / 1e6:.3g} MB" if n >= 1e6 else f"{n / 1e3:.3g} kB"  # files do not depend on the time
    disk = f"{size(cost['bytes'])} on disk at the end, at most {size(cost['peak_bytes'])} during the sweep"
    if not re.search(rf"^8 runs; about .* with 3 at a time \(longest run .*\); {disk}$", text, re.M):
        fail(f"plan: {text}")
    if not re.search(r"^estimated from \d+ updates of the most expensive run with 3276 of its 3276 training samples$", text, re.M):
        fail(f"plan: {text}")


    large = run("run", "plan.yaml", "--dry-run", "--set", "dataset.name=linear_gaussian", "--set", "dataset.n_samples=40000", "--set",
                "network.output=linear", "--set", "estimators=[]")
    if not large.endswith(" of the most expensive run with 3072 of its 32000 training samples, scaled to the number of samples\n"):
        fail(f"plan of a large dataset: {large}")


def jobs():
    """What is given to Slurm, and said of it; its programs note their words."""
    os.mkdir("bin")
    for name, text in ("sbatch", 'for w in "$@"; do echo "$w"; done >>words; echo 7'), ("scontrol", "echo MaxArraySize = 1001"):
        write("bin/" + name, "#!/bin/sh\n" + text + "\n")
        os.chmod("bin/" + name, stat.S_IRWXU)
    path = {**os.environ, "PATH": os.path.abspath("bin") + ":" + os.environ["PATH"]}
    done = subprocess.run([INFOPLANE, "run", "plan.yaml", "-o", "queued", "--slurm", "--jobs", "3", "--force", "--", "--time=5"],
                          capture_output=True, text=True, env=path)
    check("run --slurm", done.stdout, "job 7: 8 runs in 8 tasks (finished and up to date: 0)\n"
          "job 7: tables, grid and figures after the last run\ninfoplane status queued shows the progress\n")
    with open("words", encoding="utf-8") as words:
        said = words.read().splitlines()
    for word in "--array=1-8%3", "--time=5", "--dependency=afterany:7":
        if word not in said:
            fail(f"sbatch: no {word} in {said}")
    with open("queued/slurm/task.sh", encoding="utf-8") as script:
        if not script.read().endswith(" --yes --force\n"):
            fail("task.sh has no --force")


def missing_runs():
    run("run", "plan.yaml", "-o", "part", "--shard", "2/8")
    made = [f for f in os.listdir("part") if f.endswith((".csv", ".h5"))]
    check("a shard alone", made, [])  # makes no tables
    done = refused("gather", "part", "--no-figures", status=1)
    check("gather", done.stderr.splitlines()[-1],
          "infoplane: part: 7 of 8 runs are missing; for the reasons, run infoplane status part")
    if len(open("part/runs.csv", encoding="utf-8").readlines()) != 1 + 2:
        fail("runs.csv of one run with two layers")
    write("one.yaml", "network: {hidden: [2]}\ntraining: {epochs: 1, batch_size: 0}\nfigures: []\n")
    run("run", "one.yaml", "-o", "one", "--shard", "1/1")
    os.rename("one/runs", "one/kept")
    done = refused("gather", "one", "--no-figures", status=1)
    check("gather", done.stderr.splitlines()[-1],
          "infoplane: one: 1 of 1 run is missing; for the reasons, run infoplane status one")


def drawn_on_terminal(rows, columns, file):
    """A text plot on a terminal of that size."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    process = subprocess.Popen([INFOPLANE, "plot", file, "-f", "loss", "-t"], stdin=subprocess.DEVNULL, stdout=follower,
                               stderr=subprocess.DEVNULL, env=environment)
    os.close(follower)
    said = b""
    try:
        while block := os.read(leader, 65536):
            said += block
    except OSError:  # the other end is closed
        pass
    os.close(leader)
    check("plot -t", process.wait(), 0)
    return said.decode().replace("\r\n", "\n")


def text_plots():
    """Two lines less than the terminal has, for what is printed below; COLUMNS and LINES count in its place."""
    file = "one/kept/" + os.listdir("one/kept")[0]
    for rows, columns in (24, 70), (40, 100):
        sized = subprocess.run([INFOPLANE, "plot", file, "-f", "loss", "-t"], capture_output=True, text=True,
                               env={**os.environ, "COLUMNS": str(columns), "LINES": str(rows - 2)})
        check("plot -t", drawn_on_terminal(rows, columns, file), sized.stdout)


def results(folder, *events, tags="[first, second]"):
    """A results directory with this journal, of 8 runs."""
    os.makedirs(folder, exist_ok=True)
    write(folder + "/experiment.yaml", PLAN.replace("[first, second]", tags))
    write(folder + "/journal.tsv", "".join(f"2030-01-01T00:00:00Z\t{word}\t{k}\trun {k}\t{pid}\t{why}\n" for word, k, pid, why in events))


def states():
    dead, here = 999999999, os.getpid()
    results("a", ("done", 0, dead, ""), ("failed", 1, dead, "no room"), ("started", 2, here, ""), ("started", 3, dead, ""),
            ("kept", 4, dead, ""), ("stopped", 5, dead, ""))
    results("b", *(("done", k, dead, "") for k in range(8)), tags="[second]")
    counts = {"done": 2, "running": 1, "interrupted": 2, "failed": 1, "pending": 2}
    want = {"folder": "a", "experiment": "plan", "tags": ["first", "second"], "runs": 8, "counts": counts, "slurm": "",
            "failed": [{"point": 1, "run": "run 1", "pid": dead, "message": "no room"}],
            "running": [{"point": 2, "run": "run 2", "pid": here, "message": ""}],
            "states": ["done", "failed", "running", "interrupted", "done", "interrupted", "pending", "pending"]}
    check("status", json.loads(run("status", "a", "--json")), want)
    if run("status", "a") != """a: experiment plan, 8 runs
        2 done         finished
        1 running      in progress
        2 interrupted  stopped or killed; can be resumed, a sweep by infoplane run
        1 failed       ended with an error; the next infoplane run retries it
        2 pending      not started
failed: run 1, run 1: no room
tags: first, second
""":
        fail(f"status: {run('status', 'a')}")
    os.mkdir("empty")
    line_a = f"{'a':<30}      8 runs 2 done, 1 running, 2 interrupted, 1 failed, 2 pending  [first, second]\n"
    line_b = f"{'b':<30}      8 runs 8 done  [second]\n"
    for words, text, said in ((["a", "b"], line_a + line_b, ""), (["a", "b", "plan.yaml"], line_a + line_b, ""),
                              (["a", "b", "--tag", "first"], line_a, ""), (["a", "b", "--tag", "second"], line_a + line_b, ""),
                              (["a", "--tag", "second", "--tag", "first"], line_a, ""),
                              (["a", "b", "--tag", "none"], "", "no results directory has these tags\n"),
                              (["a", "empty"], line_a, "left out: empty: no run files")):
        done = refused("status", *words, status=0)
        if done.stdout != text or not done.stderr.startswith(said) or bool(said) != bool(done.stderr):
            fail(f"status {words}: {done.stdout}{done.stderr}")
        listed = [s["folder"] for s in json.loads(run("status", *words, "--json"))]
        check(f"status {words} --json", listed, [line.split()[0] for line in text.splitlines()])


# ---------------------------------------------------------------- calibration

def calibrations():
    words = ["calibrate", "-t", "bsc", "-t", "uniform", "-e", "exact", "-e", "ksg", "-n", "60", "-n", "80", "-r", "3", "--seed", "7"]
    rows = json.loads(run(*words, "--json"))
    run(*words, "-o", "table.csv")
    text = run(*words)
    with open("table.csv", newline="", encoding="utf-8") as table:
        cells = list(csv.DictReader(table))
    for row, line in zip(rows, cells, strict=True):
        check("calibrate", row, {"samples": int(line["samples"]), "repeats": 3, "task": line["task"], "quantity": line["quantity"],
                                 "estimator": line["estimator"]})
        for field, value in line.items():
            if field in row and isinstance(row[field], float) and abs(float(value) - row[field]) > 1e-9:
                fail(f"calibrate: {field} is {value} in the table, {row[field]} in JSON")
        bias = row["mean_bits"] - row["true_bits"]
        begin = f"{row['task']:<16} {row['quantity']:<8}{row['estimator']:<30}{row['samples']:8}{row['true_bits']:10.4f}{bias:10.4f}" \
                f"{row['sd_bits']:10.4f}"
        if row["low_bits"] is not None:
            begin += f"  {row['low_bits']:.3f} to {row['high_bits']:.3f}"
            error = 4 * row["sd_bits"] / math.sqrt(3)
            check("calibrate", row["within"], row["low_bits"] - error <= bias <= row["high_bits"] + error)
        if begin not in text:
            fail(f"calibrate: no '{begin}' in:\n{text}")
    for row in rows:
        if row["task"] == "bsc":
            check("calibrate", row["true_bits"], 1 - entropy((0.1, 0.9)))


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for part in measures, datasets, curves, plans, jobs, missing_runs, text_plots, states, calibrations:
        part()
finish()
