#!/usr/bin/python3
"""What commands print with --json is JSON, has the fields that docs/json.md lists, and no others."""
import json, os, re, tempfile

from program import SOURCE, fail, finish, refused, run

CONFIG = """
tags: [small]
repeats: 2
network: {hidden: [3]}
training: {epochs: 6}
log: {count: 4}
estimators: [edges]
figures: []
"""
CLAIM = """
claim: own
paper: Nobody 2026
statement: Something is learned.
files: [a/runs]
estimators: [edges]
layers: hidden
parts: {learns: mean(last(ixt)) > 0}
verdict: learns
"""



def fields(value, prefix=""):
    """Names of all fields: a, a.b, a[].b."""
    found = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            name = prefix + ("." if prefix else "") + key
            found |= {name} | fields(inner, name)
    elif isinstance(value, list):
        for inner in value:
            found |= fields(inner, prefix + "[]")
    return found


def documented():
    """The fields of the tables of each section, by the section's title."""
    sections, title = {}, None
    for line in open(SOURCE + "/docs/json.md", encoding="utf-8"):
        heading = re.match(r"## `(.*)`", line)
        if heading:
            title = heading.group(1)
            sections[title] = set()
        row = re.match(r"\| (.*?) (?<!\\)\| (.*) \|", line)
        if title and row:
            sections[title] |= set(re.findall(r"`([a-z_.\[\]0-9]+)`", row.group(1)))
            sections[title] |= set(re.findall(r"`([a-z_]+(?:\[\])?\.[a-z_.]+)`", row.group(2)))
    return sections


def check(title, *texts):
    """All texts together have the documented fields."""
    found = set()
    for text in texts:
        try:
            found |= fields(json.loads(text))
        except ValueError as error:
            return fail(f"{title}: {error}: {text[:200]}")
    want = {name for name in DOCS.pop(title) if name not in ("bit", "nat")}
    if found != want:
        fail(f"{title}: not in docs/json.md: {sorted(found - want)}; not printed: {sorted(want - found)}")


DOCS = documented()
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    with open("small.yaml", "w") as out:
        out.write(CONFIG)
    with open("p.csv", "w") as out:
        out.write("0.5,0.5\n1,0\n")
    with open("q.csv", "w") as out:
        out.write("1,0\n")
    with open("xy.csv", "w") as out:
        out.write("0.5,0.1\n0.1,0.3\n")

    check("infoplane run CONFIG --dry-run", run("run", "small.yaml", "--dry-run", "--json"))
    cost = json.loads(run("run", "small.yaml", "--dry-run", "--json"))["cost"]
    if not all(isinstance(cost[k], int) for k in ("bytes", "peak_bytes")):
        fail(f"bytes that are no whole numbers: {cost}")
    check("infoplane run --help-keys", run("run", "--help-keys", "--json"))
    keys = json.loads(run("run", "--help-keys", "--json", "--key", "network.act"))
    if [k["key"] for k in keys] != ["network.activation"] or "relu" not in keys[0]["choices"]:
        fail(f"--help-keys --key: {keys}")

    run("run", "small.yaml", "-o", "a")
    run("run", "small.yaml", "-o", "b")
    with open("b/journal.tsv", "a") as journal:  # a run that failed, and one whose process lives
        journal.write("2030-01-01T00:00:00Z\tfailed\t0\tseed=1\t1\twhy\n")
        journal.write(f"2030-01-01T00:00:00Z\tstarted\t1\tseed=2\t{os.getpid()}\t\n")
    state = json.loads(run("status", "a", "--json"))
    if state["counts"]["done"] != 2 or state["tags"] != ["small"] or state["states"] != ["done", "done"]:
        fail(f"status: {state}")
    several = json.loads(run("status", "a", "b", "--json"))
    if [s["folder"] for s in several] != ["a", "b"]:
        fail(f"status of two directories: {several}")
    if several[1]["failed"] != [{"point": 0, "run": "seed=1", "pid": 1, "message": "why"}]:
        fail(f"status of a failed run: {several[1]}")
    check("infoplane status DIR", run("status", "b", "--json"))

    check("infoplane diff A B", run("diff", "a", "b", "--json"), run("diff", "a", "szt2017", "--json"))
    check("infoplane estimate --list", run("estimate", "--list", "--json"))
    check("infoplane plot --list", run("plot", "--list", "--json"))
    check("infoplane data NAME", run("data", "sphere", "--json"))
    lines = run("measure", "p.csv", "q.csv", "--json").splitlines()
    if len(lines) != 2 or json.loads(lines[0])["kl_pq"] != "inf" or json.loads(lines[1])["kl_pq"] != 0:
        fail(f"measure: {lines}")
    check("infoplane measure P.csv [Q.csv]", *lines, run("measure", "xy.csv", "--joint", "--json"))
    check("infoplane curve SOURCE", run("curve", "bsc:0.1", "--json"))
    curve = json.loads(run("curve", "bsc:0.1", "--json"))
    if [curve[k] for k in ("inputs", "different_inputs", "outcomes", "hy_bits")] != [2, 2, 2, 1]:
        fail(f"curve: {curve}")
    check("infoplane calibrate", run("calibrate", "--task", "bsc", "--samples", "100", "--repeats", "2", "--json"))
    with open("own.yaml", "w") as out:
        out.write(CLAIM)
    run("claims", "run", "own.yaml", "-o", "verdicts")
    check("infoplane claims", run("claims", "own.yaml", "-o", "verdicts", "--json"))
    if json.loads(run("claims", "own.yaml", "-o", "none", "--json"))[0]["run"]:
        fail("a claim without a table has been run")

    for words in (["plot", "--json"], ["estimate", "--json"], ["run", "small.yaml", "--json"]):
        if refused(*words).stdout:
            fail(f"{words} prints something")

if DOCS:
    fail(f"docs/json.md has sections without a test: {sorted(DOCS)}")
finish()
