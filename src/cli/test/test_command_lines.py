#!/usr/bin/python3
"""Command lines: what is refused, with its words; each range at both of its ends; and the lines of --help."""
import os, re, tempfile

from program import fail, finish, refused, run

PLAN = """name: plan
repeats: 2
network: {hidden: [3]}
training: {epochs: 6, batch_size: 512}
log: {schedule: every, every: 2}
estimators: [edges]
figures: []
sweep: {network.activation: [tanh, relu], training.epochs: [4, 7]}
"""


def check(title, got, want):
    if got != want:
        fail(f"{title}: got {got}, expected {want}")


def write(name, text):
    with open(name, "w", encoding="utf-8") as out:
        out.write(text)


def what_is_refused():
    """Words, exit status 2, and what is said."""
    usage = [
        (["measure", "p.csv", "--joint=1"], "infoplane measure: --joint accepts no value, got '1'"),
        (["curve", "bsc:0.1", "--alpha"], "infoplane curve: --alpha: expected a value: --alpha "),
        (["curve", "bsc:0.1", "--alpha", "x"], "infoplane curve --alpha: expected a number, got 'x'"),
        (["run", "plan.yaml", "-jx"], "infoplane run --jobs: expected an integer, got 'x'"),
        (["run", "plan.yaml", "--jobs=-1"], "infoplane run --jobs: expected 0 or more, got -1"),
        (["run", "plan.yaml", "--threads=-1"], "infoplane run --threads: expected 0 to 1024, got -1"),
        (["run", "plan.yaml", "--threads", "1025"], "infoplane run --threads: expected 0 to 1024, got 1025"),
        (["run", "plan.yaml", "--slurm", "--threads", "2"], "give --set training.threads=2, and --cpus-per-task=2 behind --"),
        (["run", "plan.yaml", "--slurm", "--shard", "1/2"], "infoplane run: --slurm divides the runs itself; remove --shard"),
        (["run", "plan.yaml", "--set", "estimators=[noisy]"], "'noisy' estimates with the noise of network.noise_variance, and that is 0"),
        (["run", "plan.yaml", "--set", "figures=[plain]"], "unknown figure 'plain'; did you mean 'plane'?"),
        (["run", "plan.yaml", "--set", "training.batch_size=9999"], "training.batch_size: got 9999, expected at most 3276"),
        (["run", "plan.yaml", "--json"], "infoplane run: --json needs --dry-run or --help-keys"),
        (["run", "plan.yaml", "plan.yaml"], "infoplane run: got 2 configurations, expected one"),
        (["run", "plan.yaml", "--set", "repeats=250001", "--dry-run"], "the sweep has 1000004 points, more than 1000000; use --yes"),
        (["plot", "a", "--json"], "infoplane plot: --json needs --list"),
        (["diff", "a", "b", "--level", "0"], "infoplane diff --level: expected a number in (0, 1), got 0"),
        (["diff", "a", "b", "--level", "1"], "infoplane diff --level: expected a number in (0, 1), got 1"),
        (["diff", "a"], "infoplane diff: got 1 words, expected two: A and B"),
        (["measure", "p.csv", "q.csv", "p.csv"], "infoplane measure: got 3 files, expected one or two"),
        (["calibrate", "-n", "1"], "expected an integer from 2 to 1000000, got '1'"),
        (["calibrate", "-n", "1000001"], "expected an integer from 2 to 1000000, got '1000001'"),
        (["calibrate", "-r", "100001"], "expected an integer from 2 to 100000, got 100001"),
        (["calibrate", "--seed", "-1"], "infoplane calibrate --seed: expected 0 or more, got -1"),
        (["calibrate", "--pairs", "1"], "infoplane calibrate: --pairs needs --family"),
        (["calibrate", "--family", "all", "--pairs", "51"], "expected an integer from 1 to 50, got '51'"),
        (["calibrate", "--consistency", "--figure", "x.svg"], "infoplane calibrate: --consistency has no figure"),
        (["calibrate", "--consistency", "--family", "all"], "are alternatives; give one of them"),
        (["calibrate", "--consistency", "-t", "bsc"], "are alternatives; give one of them"),
        (["worker", "a"], "expected a results directory, the number of a point from 0, and --threads of at least 1"),
        (["worker", "a", "-1"], "unknown option '-1'"),
        (["worker", "a", "0", "--threads", "0"], "expected a results directory"),
        (["worker", "a", "8"], "a/experiment.yaml: got point number 8, expected below 8"),
        (["init"], "infoplane init: got 0 names, expected one"),
        (["init", "x", "--from", "szt2017", "--extends", "szt2017"], "--from and --extends are alternatives"),
        (["init", "plan"], "plan.yaml: exists; choose another name, or remove it"),
        (["help", "nothing"], "unknown command 'nothing'"),
        (["status"], "infoplane status: expected a results directory or run files"),
        (["estimate", "none.h5", "-e", "edges", "--bootstrap=-1"], "--bootstrap: expected 0 or at least 2"),
    ]
    usage += [  # options that would do nothing
        (["run", "plan.yaml", "--key", "training"], "--key needs --help-keys"),
        (["run", "--help-keys", "--key", "trainer"], "no key starts with 'trainer'"),
        (["calibrate", "--list", "--json"], "--json prints estimates"),
        (["curve", "bsc:0.1", "--format", "pdf"], "which needs -o DIR"),
        (["curve", "bsc:0.1", "--font", "Times", "-o", "c", "--no-figure"], "-o DIR without --no-figure"),
        (["curve", "gaussian:0.5", "--refine", "3"], "is exact"),
        (["data", "sphere", "--noise", "3"], "--noise: is for linear_gaussian, not for sphere"),
        (["data", "linear_gaussian", "--gamma", "3"], "--gamma: is for the sphere with --labels soft"),
        (["data", "sphere", "--theta", "3"], "--theta: is for the sphere with --labels soft"),
        (["plot", "a", "--figure", "plane", "--series", "loss"], "--series needs --figure series"),
    ]
    usage += [(["run", "plan.yaml", "--shard", s], f"expected K/N with 1 <= K <= N, such as 2/8, got '{s}'")
              for s in ("0/2", "3/2", "1", "a/2", "1/0", "/", "1/2/3", "/2", "1/", "000000000000000000000001/2")]
    usage += [(["init", name], "expected a name of 1 to 100 letters, digits and _ . - + =")
              for name in (".x", "a b", "x/", "é", "a" * 101, "x/.y")]
    for words, said in usage:
        done = refused(*words)
        if said not in done.stderr or done.stdout:
            fail(f"{words}: no '{said}' in: {done.stdout}{done.stderr}")


    if os.path.exists("results"):
        fail("a refused command left a directory of results")


def what_is_accepted():
    for words in ["-h"], ["--help"], ["help"]:
        check("help", run(*words), run("--help"))
        check("help", run("measure", *words) if words != ["help"] else run("help", "measure"), run("measure", "--help"))
    if not run("--version").startswith("infoplane 0."):
        fail("--version")
    for name in "a" * 100, "a.b_c-d+e=f0", "with.yaml":
        check("init", run("init", name), (name if name.endswith(".yaml") else name + ".yaml") + "\n")
    # a value behind '=', behind a blank, or behind the letter; words behind -- are no options
    for words in ["-o", "x.csv"], ["-ox.csv"], ["--output", "x.csv"], ["--output=x.csv"]:
        run("data", "sphere", *words)
        os.remove("x.csv")
    if "-x: No such file" not in refused("status", "--", "-x", status=1).stderr:
        fail("a word behind --")
    if run("run", "plan.yaml", "--dry-run", "--shard", "8/8", "--threads", "1024").count("\tactivation=") != 8:
        fail("the ends of ranges")


def lines_of_help():
    """Descriptions begin in one column, on the next line behind a long option."""
    for command in re.findall(r"^  (\w+) +", run("--help"), re.M):
        lines = run(command, "--help").split("\nOptions:\n")[1].splitlines()
        for line, behind in zip(lines, lines[1:] + [""]):
            option = re.match(r"  ((?:-\w, )?--[\w-]+(?: \S+)?)( *)(.*)", line)
            if option and not (len(option[1]) <= 25 and line == f"  {option[1]:<26}{option[3]}" and option[3] or
                               len(option[1]) > 25 and not option[3] and re.match(" {28}[^ ]", behind)):
                fail(f"{command} --help: {line}")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    write("plan.yaml", PLAN)
    write("p.csv", "0.5,0.5\n")
    write("q.csv", "0.5,0.5\n")
    os.mkdir("a")
    write("a/experiment.yaml", PLAN)
    for part in what_is_refused, what_is_accepted, lines_of_help:
        part()
finish()
