"""Run files, and what the pages of results/ are made of: means over seeds, tables, figures against beta."""
import glob, os, subprocess, sys
import h5py, numpy as np, yaml

LN2 = np.log(2)
LINEAR, LOG = (False, 0, np.nan), (True, np.nan, np.nan)


class Run:
    """One run file: its configuration and what it holds of the trained network."""

    def __init__(self, path):
        with h5py.File(path) as f:
            self.config = yaml.safe_load(f["config"][()].decode())
            self.seed = int(f.attrs["seed"])
            self.final = dict(f["final"].attrs)
            self.ixt = {name: g["ixt"][-1] for name, g in f["information"].items()}  # (layers), bits
            self.ity = {name: g["ity"][-1] for name, g in f["information"].items()}
            _, count = np.unique(f["data/y"][:], return_counts=True)
            p = count / count.sum()
            self.hy_bits = -np.sum(p * np.log2(p))  # of the logged samples' labels
            self.hy = float(f.attrs["hy_bits"])  # of the data, with soft labels
            self.test_share = float(np.mean(f["data/split"][:]))  # of the logged samples
        self.beta = float(self.config["training"]["beta"])
        self.objective = self.config["training"]["objective"]

    def error(self, split):
        return 100 * (1 - self.final[f"{split}_accuracy"])  # per cent

    def rate(self, split):
        return self.final[f"{split}_rate_bits"]

    def ity_bound(self):
        """H(Y) - H of the test samples, which bounds I(T;Y) from below, in bits."""
        return self.hy_bits - self.final["test_loss"] / LN2


def runs(folder):
    found = [Run(p) for p in glob.glob(os.path.join(folder, "runs", "*.h5"))]
    if not found:
        sys.exit(f"{folder}: there are no run files in {folder}/runs; infoplane run ... -o {folder} makes them")
    return sorted(found, key=lambda r: (r.beta, r.seed))


def by_beta(some):
    """{beta: runs}, rising."""
    return {b: [r for r in some if r.beta == b] for b in sorted({r.beta for r in some})}


def mean_sd(values):
    return np.mean(values), np.std(values, ddof=1) if len(values) > 1 else np.nan


def cell(values, digits=2):
    m, sd = mean_sd(values)
    return f"{m:.{digits}f}" + ("" if np.isnan(sd) else f" ± {sd:.{digits}f}")


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def head(*cells):
    row(*cells)
    print("|" + "---|" * len(cells))


def series(name, groups, measure):
    """A curve of a figure: (name, [(beta, mean, sd)])."""
    return name, [(b, *mean_sd([measure(r) for r in some])) for b, some in groups.items()]


def level(name, betas, value):
    """A horizontal line."""
    return "-" + name, [(min(betas), value, np.nan), (max(betas), value, np.nan)]


def between(low, high):
    return False, low, high


def draw(path, panels):
    """Writes path.tsv and path.svg: panels below each other, (name of y, LINEAR or LOG or between(a, b), [series])."""
    with open(path + ".tsv", "w") as f:
        f.write("panel\tlogarithmic\tlow\thigh\tseries\tbeta\tvalue\tsd\n")
        for i, (name, (log, low, high), lines) in enumerate(panels):
            f.write("\n" if i else "")
            for title, points in lines:
                for beta, value, sd in points:
                    f.write(f"{name}\t{log:d}\t{low:g}\t{high:g}\t{title}\t{beta:g}\t{value:.6g}\t{sd:.3g}\n")
                f.write("\n")
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "against-beta.gp")
    subprocess.run(["gnuplot", "-c", script, path + ".tsv", path + ".svg"], check=True)
