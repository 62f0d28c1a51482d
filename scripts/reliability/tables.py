"""The logs of scripts/endure and scripts/faults, and the tables of docs/reliability.md that are made from them."""
import collections
import pathlib

SOURCE = pathlib.Path(__file__).resolve().parents[2]
LOGS, PAGE = SOURCE / "results/reliability", SOURCE / "docs/reliability.md"
SIGNALS = {"TERM": "TERM", "KILL": "KILL", "STOP": "STOP, then CONT"}
TARGETS = {"parent": "the parent", "worker": "a worker or another child", "group": "their process group",
           "all": "all processes at once"}


def read(path, columns=None):
    with open(path) as f:
        head = f.readline().rstrip("\n").split("\t")
        if columns and head != columns:
            raise SystemExit(f"{path}: another version of this program wrote it")
        return [dict(zip(head, line.rstrip("\n").split("\t"))) for line in f]


def append(path, columns, row):
    new = not path.exists()
    with open(path, "a") as f:
        if new:
            print(*columns, sep="\t", file=f)
        print(*(row[c] for c in columns), sep="\t", file=f)


def table(head, rows):
    """Markdown; the first column has texts, the others numbers."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines).replace("| ---", "|---").replace(
        "--- |", "---|").replace(": |", ":|")


def counted(rows, row, column, row_names, column_names, corner):
    """A table of counts of two columns of a log, with sums."""
    count = collections.Counter((r[row], r[column]) for r in rows)
    lines = [[row_names.get(i, i), *(count[i, j] for j in column_names), sum(count[i, j] for j in column_names)]
             for i in row_names]
    lines.append(["all", *(sum(count[i, j] for i in row_names) for j in column_names), sum(count.values())])
    return table([corner, *column_names.values(), "all"], lines)


def same_names(rows, column, order=()):
    return {name: name for name in [*order, *sorted({r[column] for r in rows} - set(order))] if name}


# ---------------------------------------------------------------- kills


def kills(rows):
    hit = [r for r in rows if r["event"] == "kill"]
    ended = [r for r in rows if r["event"] == "end"]
    wrong = len({r["sweep"] for r in rows if r["remarks"]})
    orphans = [r for r in hit if r["end_s"]]
    sweeps = [dict(r, sweep=f"{r['way']}, activations {'kept' if r['keep'] == 'all' else 'removed'}") for r in hit]
    text = (f"{len(hit)} signals in {len(ended)} sweeps; "
            f"{'in all of them' if not wrong else f'in {len(ended) - wrong} of them'} the files are in the end those of an "
            "undisturbed sweep.")
    if orphans:
        text += (f" {len(orphans)} times workers lost their parent by a KILL. Until they had ended they used at most "
                 f"{max(float(r['end_cpu_s']) for r in orphans):.2f} s of processor time; on the clock it was at most "
                 f"{max(float(r['end_s']) for r in orphans):.1f} s.")
    phases = same_names(hit, "phase", ["jobs are submitted", "the sweep is set up", "a worker starts", "training",
                                       "estimation", "a run file is rewritten", "a run file is created or renamed",
                                       "between runs", "tables and grid", "figures"])
    return "\n\n".join([text, counted(hit, "target", "signal", TARGETS, SIGNALS, "target"),
                        counted(hit, "phase", "signal", phases, SIGNALS, "what the sweep was doing"),
                        counted(sweeps, "sweep", "signal", same_names(sweeps, "sweep"), SIGNALS, "sweep")])


# ---------------------------------------------------------------- failed calls


def calls(rows):
    failed = [r for r in rows if r["failed"] == "1"]
    errors = same_names(failed, "error", ["ENOSPC", "EIO", "EDQUOT", "EINTR", "short"])
    ends = collections.Counter((r["call"], r["error"], r["exit"] != "0") for r in failed)
    lines = []
    for call in same_names(failed, "call", ["write", "sync", "rename", "open", "mkdir", "unlink", "truncate", "lock"]):
        n = len({(r["sweep"], r["n"]) for r in failed if r["call"] == call})
        cells = [f"{ends[call, e, True]} / {ends[call, e, False]}" if ends[call, e, True] + ends[call, e, False] else ""
                 for e in errors]
        lines.append([call, n, *cells])
    stopped = sum(r["exit"] != "0" for r in failed)
    wrong = sum(bool(r["remarks"]) for r in rows)
    text = (f"{len(failed)} failed calls: {stopped} times the sweep ended with an error and status 1 to 3, "
            f"{len(failed) - stopped} times it went on. "
            f"{'All' if not wrong else len(failed) - wrong} had the right files after the same command"
            f"{f', {wrong} had not' if wrong else ''}. Each cell has the numbers of both, *error / went on*.")
    return text + "\n\n" + table(["call", "calls", *errors], lines)


# ---------------------------------------------------------------- the page


def write_docs():
    """Replaces what stands between the marks of each table."""
    text = PAGE.read_text()
    for name, make in (("kills", kills), ("calls", calls)):
        begin, end = f"<!-- {name}: made by scripts -->\n", f"<!-- end of {name} -->"
        before, rest = text.split(begin)
        text = before + begin + make(read(LOGS / f"{name}.tsv")) + "\n" + end + rest.split(end)[1]
    PAGE.write_text(text)
