#!/usr/bin/python3
"""infoplane diff: the keys that differ, and paired differences of results, recomputed from runs.csv."""
import csv, json, math, os, re, statistics, tempfile

from program import fail, finish, refused, run

T_1 = math.tan(math.pi * 0.95 / 2)  # P(|T| < t) = 2 atan(t) / pi with one degree of freedom
BASE = """
repeats: 3
network: {hidden: [4, 3]}
training: {epochs: 20, learning_rate: 0.01}
log: {count: 6}
estimators: [edges, "width:size=0.2"]
measures: [geometry]
figures: []
sweep: {network.activation: [tanh, relu]}
"""
OTHER = """
extends: a.yaml
description: Another
seed: 2
training.learning_rate: 0.02
sweep: {network.activation: [relu, elu]}
"""



def diff(*words):
    return json.loads(run("diff", *words, "--json"))


def numbers(folder, name, **where):
    """Rows of runs.csv, of runs whose name begins so, by seed."""
    with open(folder + "/runs.csv", newline="") as table:
        rows = [r for r in csv.DictReader(table) if r["run"].startswith(name) and all(r[k] == v for k, v in where.items())]
    return {int(r["seed"]): r for r in rows}


def check_row(row, a, b, column):
    """A row of the comparison against its definition: paired by seed, with the t interval of the differences."""
    seeds = sorted(set(a) & set(b))
    x, y = ([float(side[s][column]) for s in seeds] for side in (a, b))
    d = [q - p for p, q in zip(x, y)]
    half = T_1 * statistics.stdev(d) / math.sqrt(len(d))
    mean = statistics.fmean(d)
    want = (len(d), statistics.fmean(x), statistics.fmean(y), mean, mean - half, mean + half)
    got = tuple(row[k] for k in ("pairs", "mean_a", "mean_b", "difference", "low", "high"))
    if any(abs(p - q) > 1e-11 * max(1, abs(q)) for p, q in zip(got, want)):
        fail(f"{row}: expected {want}")


def find(d, **what):
    rows = [r for r in d["results"] if all(r[k] == v for k, v in what.items())]
    if len(rows) != 1:
        fail(f"{len(rows)} rows of {what}")
    return rows[0]


def check_results(d):
    names = [p["values"] for p in d["points"]]
    relu = names.index({"network.activation": "relu"})
    if [p["pairs"] for p in d["points"]] != [0, 2, 0] or d["points"][relu]["runs_a"] != 3:
        fail(f"points: {d['points']}")
    labels = ("edges", "width:size=0.2")
    a = {(k, e): numbers("A", "activation=relu", layer=str(k), estimator=e) for k in (1, 2, 3) for e in labels}
    b = {(k, e): numbers("B", "activation=relu", layer=str(k), estimator=e) for k, e in a}
    at = {"point": relu}
    for column in ("ixt_peak", "ixt_peak_epoch", "ixt_final_raw", "ixt_drop", "ity_final_raw", "ixt_given_y_final"):
        for k, e in a:
            check_row(find(d, layer="output" if k == 3 else str(k), of=e, quantity=column, **at), a[k, e], b[k, e], column)
    for column in ("train_loss", "test_accuracy"):
        check_row(find(d, layer=None, quantity=column, **at), a[1, "edges"], b[1, "edges"], column)
    nc1 = find(d, layer="2", of="geometry", quantity="nc1", **at)
    check_row(nc1, a[2, "edges"], b[2, "edges"], "geometry/nc1")


def check_text(d, text):
    """All rows of the comparison, as lines; an interval without 0 is marked and counted."""
    excludes = lambda r: r["low"] is not None and (r["low"] > 0 or r["high"] < 0)
    source = max(len(r["of"] or "") for r in d["results"])
    unit = max([4] + [len(r["unit"]) for r in d["results"]])
    want = []
    for r in d["results"]:
        interval = "-" if r["low"] is None else "%.3g to %.3g" % (r["low"], r["high"])
        want.append(f"  {r['layer'] or 'network':<7}  {r['of'] or '':<{source}}  {r['quantity']:<16} {r['unit']:<{unit}} "
                    + "%9.4g %9.4g %10.3g" % (r["mean_a"], r["mean_b"], r["difference"])
                    + f"  {interval:<22} {r['pairs']:3}" + " *" * excludes(r))
    got = [line for line in text.splitlines() if re.match(r"  (network|output|\d+) ", line)]
    plain = lambda lines: [re.sub(r"-0(?= )", " 0", line) for line in lines]
    if plain(got) != plain(want):
        fail("rows of text: " + str([pair for pair in zip(got, want) if pair[0] != pair[1]][:3]) + f" {len(got)} {len(want)}")
    n, marked = sum(r["low"] is not None for r in d["results"]), sum(map(excludes, d["results"]))
    said = f"* {marked} of {n} intervals exclude 0; about {(1 - d['level']) * n:.2g} would do so by chance if A and B did not differ."
    if not marked or not any(r["high"] is not None and r["high"] < 0 for r in d["results"]) or said not in text.splitlines():
        fail(f"no '{said}' in:\n{text}")


def check_keys(d, want):
    got = {k["key"]: (k["a"], k["b"], k["change_needs_new"]) for k in d["keys"]}
    if got != want:
        fail(f"keys: {got}, expected {want}")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for name, text in (("a.yaml", BASE), ("b.yaml", OTHER)):
        with open(name, "w") as out:
            out.write(text)
    run("run", "a.yaml", "-o", "A")
    run("run", "b.yaml", "-o", "B")
    d = diff("A", "B")
    check_keys(d, {"name": ("a", "b", "none"), "description": ('""', "Another", "none"), "seed": ("1", "2", "training"),
                   "training.learning_rate": ("0.01", "0.02", "training"),
                   "sweep": ("{network.activation: [tanh, relu]}", "{network.activation: [relu, elu]}", "training")})
    if d["equal"] is not False or d["same_training"] is not False or d["a"]["runs"] != 6:
        fail(f"{d['a']} {d['equal']}")
    check_results(d)

    same = diff("A", "A")  # every difference is 0
    if not same["equal"] or any(r["difference"] or r["low"] or r["high"] for r in same["results"]):
        fail("a directory differs from itself")
    back = diff("B", "A")
    forth = {(r["layer"], r["of"], r["quantity"]): r["difference"] for r in d["results"]}
    if any(abs(r["difference"] + forth[r["layer"], r["of"], r["quantity"]]) > 1e-12 for r in back["results"]):
        fail("B - A is not minus A - B")

    one = diff("A/runs/activation=relu_seed=2.h5", "B/runs/activation=relu_seed=2.h5", "--level", "0.9")
    loss = find(one, quantity="train_loss")
    if one["level"] != 0.9 or loss["pairs"] != 1 or loss["low"] is not None:
        fail(f"one pair: {loss}")
    check_keys(diff("a.yaml", "b.yaml"), {k["key"]: (k["a"], k["b"], k["change_needs_new"]) for k in d["keys"]})
    configurations = diff("szt2017", "saxe2018-tanh")
    if configurations["results"] or configurations["same_training"] is not False:
        fail("presets")

    text = run("diff", "A", "B")
    for line in (r"training.learning_rate +0.01 +0.02 +\(needs new training\)", "network.activation=relu: 2 pairs, from 3 runs",
                 "unit +A +B", r"edges +ixt_peak +bits +", r"train_loss +nats +", "95 % interval", "intervals exclude 0"):
        if not re.search(line, text):
            fail(f"no '{line}' in:\n{text}")
    if "nc1" in text or "nc1" not in run("diff", "A", "B", "--all"):
        fail("--all")
    check_text(d, run("diff", "A", "B", "--all"))
    with open("c.yaml", "w") as out:
        out.write(BASE.replace("edges, ", ""))
    other = diff("a.yaml", "c.yaml")
    check_keys(other, {"name": ("a", "c", "none"), "estimators": ('[edges, "width:size=0.2"]', '["width:size=0.2"]', "estimates")})
    if other["equal"] is not False or other["same_training"] is not True:
        fail(f"other estimators: {other}")
    if diff("a.yaml", "a.yaml")["equal"] is not True:
        fail("a file differs from itself")
    os.remove("A/runs/activation=tanh_seed=1.h5")  # only what is there is compared
    fewer = diff("A", "A")
    if fewer["a"]["runs"] != 5 or [(p["runs_a"], p["runs_b"], p["pairs"]) for p in fewer["points"]] != [(2, 2, 2), (3, 3, 3)]:
        fail(f"a run is missing: {fewer['a']} {fewer['points']}")
    if "Configuration: the same" not in run("diff", "a.yaml", "a.yaml"):
        fail("equal configurations")
    if "did you mean" not in refused("diff", "szt2017", "szt207").stderr:
        fail("hint")
    refused("diff", "A")
    refused("diff", "A", "B", "--level", "2")
finish()
