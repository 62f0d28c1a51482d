#!/usr/bin/python3
"""The committed claims on the terminal and in JSON against the files of their verdicts: every number, decision and word."""
import csv, gzip, json, math, os

from program import SOURCE, fail, finish, run

RULES, RESULTS = SOURCE + "/experiments/claims", SOURCE + "/results/claims"
WHERE = ["--rules", RULES, "-o", RESULTS]
# of every verdict, with what a line may have: layers that are not measurable, seeds without a value, open tests, tests that
# do not count or have no interval, networks left out
SOME = [str(k) for k in (4, 6, 9, 15, 17)]
SIGNS = {"holds": "+", "fails": "-", "undecided": "?", "not measurable": "."}


def number(text):
    return None if text in ("-", "nan") else float(text)


def near(a, b):
    return (a is None) == (b is None) and (a is None or abs(a - b) <= 1e-6 * max(1, abs(a), abs(b)))


def read_verdict(name):
    """Rows of verdict.tsv by kind: the claim, its estimators, its layers, its tests."""
    with open(f"{RESULTS}/{name}/verdict.tsv", newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    kinds = ("claim", "estimator", "layer")
    found = {kind: [r for r in rows if r["part"] == kind and r["test"] == "-"] for kind in kinds}
    return found["claim"][0], found["estimator"], found["layer"], [r for r in rows if r["test"] != "-"]


def read_layers(name):
    """"1", "2", ..., "output" of the networks."""
    with gzip.open(f"{RESULTS}/{name}/table.tsv.gz", "rt", encoding="utf-8") as table:
        for line in table:
            words = line.rstrip("\n").split("\t")
            if words[0] == "layers" and len(words) > 1:
                return ["output" if w.startswith("output") else str(k) for k, w in enumerate(words[1:], 1)]
    return []


def check(name, what, got, want):
    if got != want:
        fail(f"{name}: {what}: got {got}, expected {want}")


def check_json(c, verdict):
    name = c["claim"]
    claim, estimators, layers, tests = verdict
    for field, column in ("verdict", "decision"), ("at_half", "at_half"), ("at_double", "at_double"):
        check(name, field, c[field], claim[column])
    check(name, "reason", c["reason"] or "-", claim["reason"])
    if not near(c["seeds_needed"], number(claim["seeds_needed"])):
        fail(f"{name}: seeds_needed")
    check(name, "estimators", [(e["estimator"] or "-", e["decision"]) for e in c["estimators"]],
          [(e["estimator"], e["decision"]) for e in estimators])
    check(name, "layers", [(k["estimator"] or "-", str(k["layer"] or "-"), k["decision"] if k["measurable"] else "not measurable")
                           for k in c["layers"]], [(k["estimator"], k["layer"], k["decision"]) for k in layers])
    for e in c["estimators"]:
        check(name, "measurable layers", e["measurable_layers"],
              sum(k["measurable"] for k in c["layers"] if k["estimator"] == e["estimator"]))
    for got, want in zip(c["tests"], tests, strict=True):
        for field in "estimator", "layer", "part", "test", "decision", "at_half", "at_double", "n", "missing", "censored":
            check(name, field, str(got[field] or ("-" if field in ("estimator", "layer") else got[field])), want[field])
        for field in "effect", "low", "high", "level", "seeds_needed":
            value = number(want[field])
            if not near(got[field], value if value is None or math.isfinite(value) else None):
                fail(f"{name}: {field} of {want['test']}: got {got[field]}, expected {want[field]}")


def row_of(test, layers):
    """The line of a test on the terminal."""
    layer = layers[test["layer"] - 1] if test["layer"] else "-"
    line = f"  {test['estimator'] or '-':<24} {layer:<6} {test['decision']:<9} "
    if test["effect"] is None:
        line += f"{'-':>9} {'':<22}"
    elif test["low"] is None:
        line += f"{test['effect']:9.3g} {'     none':<22}"
    else:
        line += f"{test['effect']:9.3g} {test['low']:9.3g} to {test['high']:<9.3g}"
    return line + f"{test['n']:4}"


def remarks_of(test):
    """Whole lines that stand below it, if they apply."""
    plural = lambda n: f"{n} seed{'s' * (n != 1)}"
    if test["missing"]:
        yield f"    {plural(test['missing'])} without a value"
    if test["censored"]:
        yield f"    {plural(test['censored'])} in which the event never comes"
    if test["decision"] == "undecided" and test["seeds_needed"] is not None:
        yield f"    about {test['seeds_needed']:.0f} seeds would decide"


def check_text(c, layers):
    name = c["claim"]
    text = run("claims", "show", name, *WHERE).splitlines()
    lines = {line.replace("-0 ", " 0 ") for line in text}
    for test in c["tests"]:
        row = row_of(test, layers)
        if row not in lines and row.replace("-0 ", " 0 ") not in lines:
            fail(f"{name}: no line '{row}'")
        for remark in remarks_of(test):
            if remark not in lines:
                fail(f"{name}: no line '{remark}'")
    remarks = [sum(line.endswith(end) for line in text) for end in (" without a value", " in which the event never comes", "seeds would decide")]
    counts = [sum(bool(t["missing"]) for t in c["tests"]), sum(bool(t["censored"]) for t in c["tests"]),
              sum(t["decision"] == "undecided" and t["seeds_needed"] is not None for t in c["tests"])]
    if remarks[:2] != counts[:2] or remarks[2] < counts[2]:
        fail(f"{name}: {remarks} remarks, expected {counts}")
    check(name, "tests that do not count", sum("(does not count): " in line for line in text),
          len({(t["part"], t["test"]) for t in c["tests"] if t["also"]}))
    for e in c["estimators"]:
        cells = [k for k in c["layers"] if k["estimator"] == e["estimator"]]
        signs = "".join(f" {SIGNS[k['decision'] if k['measurable'] else 'not measurable']:>3}" for k in cells)
        if f"  {e['estimator'] or '-':<24}{signs}  {e['decision']}" not in lines:
            fail(f"{name}: no line of decisions of {e['estimator']}")
    joined = " ".join(line.strip() for line in text)
    firm = "" if c["verdict"] == "cannot be told" else "firm. " if c["firm"] else "not firm. "
    for said in (f"robustness: {firm}Thresholds x 1/2: {c['at_half']}; x 2: {c['at_double']}; other choices of runs: ",
                 f"seeds: {c['seeds']} (", f", {c['runs']} runs", f"table: {c['made']} by {c['version']}"):
        if said not in joined:
            fail(f"{name}: does not say '{said}'")
    left_out = [f"{n} of {len(c['layers'])} pairs of estimator and layer are not measurable"
                for n in [sum(not k["measurable"] for k in c["layers"])] if n]
    for said in left_out + [f"{c['missing']} runs are missing"] * bool(c["missing"]):
        if said not in joined:
            fail(f"{name}: does not say '{said}'")


def check_list(claims):
    text = run("claims", *SOME, *WHERE).splitlines()
    for c in claims:
        line = f"{c['claim']:<34} {c['verdict']:<25}{c['seeds']} seeds"
        if c["seeds_needed"] is not None:
            line += f" of {c['seeds_needed']:.0f}"
        if not c["firm"] and c["verdict"] != "cannot be told":
            line += ", not firm"
        if line not in text:
            fail(f"no line '{line}'")
    counts = [(v, sum(c["verdict"] == v for c in claims))
              for v in ("holds", "fails", "depends on the estimator", "cannot be told")]
    end = f"{len(claims)} claims" + "".join(f", {n} {v}" for v, n in counts if n)
    check("list", "last line", text[-1], end)


claims = json.loads(run("claims", "--json", *SOME, *WHERE))
check("JSON", "claims", [int(c["claim"][:2]) for c in claims], [int(k) for k in SOME])
for c in claims:
    check_json(c, read_verdict(c["claim"]))
    check_text(c, read_layers(c["claim"]))
check_list(claims)
finish()
