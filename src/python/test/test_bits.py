"""`estimate` has the bits of the run file, for every estimator."""
import numpy as np
import pytest

import infoplane as ip

h5py = pytest.importorskip("h5py")

SEED, SHUFFLES, RESAMPLES = 7, 5, 20

pytestmark = pytest.mark.filterwarnings("ignore::infoplane.SaturationWarning")

SMALL = """
dataset: {name: PATH}
network: {hidden: [5, 3]}
training: {epochs: 5, learning_rate: 0.05, batch_size: 0}
log: {count: 2}
estimators: [edges]
figures: []
"""


def same(a, b):
    return a == b or (np.isnan(a) and np.isnan(b))


def check(found, group, at):
    """One estimate and the series of the run file at (epoch, layer)."""
    series = {"ixt": found.ixt, "ity": found.ity, "ixt_raw": found.ixt_raw, "ity_raw": found.ity_raw,
              "ixt_error": found.ixt_error, "ity_error": found.ity_error, "saturated": found.saturated}
    if found.interval:
        series.update(ixt_low=found.interval.ixt[0], ixt_high=found.interval.ixt[1], ity_low=found.interval.ity[0],
                      ity_high=found.interval.ity[1])
    if found.null:
        series.update(ity_null_mean=found.null.mean, ity_null_high=found.null.high)
    if found.band:
        series.update(ixt_band_low=found.band.ixt[0], ity_band_high=found.band.ity[1])
    for name, value in series.items():
        known = group[name][at] if name in group else np.nan
        assert same(value, known), (group.name, name, at, value, known)


def compare(path, estimators, **given):
    """Every layer of the last epoch of a run file."""
    with h5py.File(path) as f:
        y, x_id, e = f["data/y"][()], f["data/x_id"][()], len(f["epoch"]) - 1
        n_layers = len(f["layers"])
        for k in range(n_layers):
            layer = f[f"layers/{k + 1}"]
            t = layer["activation"]
            noise = {"mean": layer["mean"][e], "noise_below": k > 0, **given} if "mean" in layer else {}
            found = ip.estimate(
                t[e], y=y, x_id=x_id, x=f["data/x"][()], estimator=estimators, null=SHUFFLES, bootstrap=RESAMPLES,
                seed=SEED, run_range=(t[()].min(), t[()].max()), is_output=k == n_layers - 1, **noise,
            )
            assert list(found) == estimators
            for estimate in found.values():
                check(estimate, f["information"][estimate.label], (e, k))


def estimate_file(program, path, estimators):
    words = [word for e in estimators for word in ("-e", e)]
    program("estimate", path, *words, "--null-shuffles", SHUFFLES, "--bootstrap", RESAMPLES, "--seed", SEED)


def test_of_a_trained_network(program, tmp_path):
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(120, 3)), rng.integers(0, 3, 120)
    np.savetxt(tmp_path / "d.csv", np.column_stack([x + y[:, None], y]), "%.6g", ",")
    (tmp_path / "small.yaml").write_text(SMALL.replace("PATH", str(tmp_path / "d.csv")))
    program("run", tmp_path / "small.yaml", "-o", tmp_path / "out")
    run = next((tmp_path / "out" / "runs").glob("*.h5"))
    estimators = [name for name, kind in ip.estimators().items() if not any("mean" in need for need in kind.needs)]
    estimators += ["edges:correction=nsb", "equal_width:range=run", "width:size=0.2", "kde_upper:noise=maximum"]
    assert len(estimators) >= 18
    estimate_file(program, run, estimators)
    compare(run, estimators)


def write(path, rng, noise, dtype="f4"):
    """A run file of two noisy layers as another program would write it."""
    n = 80
    with h5py.File(path, "w") as f:
        f.attrs["format_version"] = 1
        if noise:
            f.attrs[noise] = 0.1
        f["data/x_id"] = np.arange(n) // 2
        f["data/y"] = np.arange(n) % 3
        f["data/x"] = rng.normal(size=(n, 2)).astype("f4")
        f["epoch"] = [0, 5]
        for k in (1, 2):
            mean = rng.normal(size=(2, n, 3)).astype("f4")
            f[f"layers/{k}/activation"] = (mean + 0.3 * rng.normal(size=mean.shape)).astype(dtype)
            if noise:
                f[f"layers/{k}/mean"] = mean


@pytest.mark.parametrize("noise, estimators", [
    ("noise_variance", ["noisy", "kde_upper:noise=network", "kde_lower:noise=network", "gaussian"]),
    ("multiplicative_noise", ["multiplicative"]),
    ("dropout", ["dropout"]),
])
def test_of_networks_with_noise(program, tmp_path, noise, estimators):
    write(tmp_path / "a.h5", np.random.default_rng(3), noise)
    estimate_file(program, tmp_path / "a.h5", estimators)
    compare(tmp_path / "a.h5", estimators, **{noise: 0.1})


def test_of_float64(program, tmp_path):
    rng = np.random.default_rng(4)
    write(tmp_path / "a.h5", rng, None, "f8")
    with h5py.File(tmp_path / "a.h5", "r+") as f:  # digits that float32 does not have
        f["layers/1/activation"][...] = 1 + 1e-9 * rng.integers(0, 5, f["layers/1/activation"].shape)
    estimators = ["exact", "equal_mass", "kde_upper", "gaussian"]
    estimate_file(program, tmp_path / "a.h5", estimators)
    compare(tmp_path / "a.h5", estimators)


def test_of_regressions(program, tmp_path):
    write(tmp_path / "a.h5", np.random.default_rng(5), None)
    target = np.random.default_rng(6).normal(size=(80, 2)).astype("f4")
    with h5py.File(tmp_path / "a.h5", "r+") as f:
        f["data/target"] = target
        f["data/y"][...] = 0
    estimate_file(program, tmp_path / "a.h5", ["gaussian", "ksg", "edges"])
    with h5py.File(tmp_path / "a.h5") as f:
        t = f["layers/2/activation"][1]
        for name in ("gaussian", "ksg", "edges"):
            found = ip.estimate(t, targets=target, x=f["data/x"][()], x_id=f["data/x_id"][()], estimator=name,
                                seed=SEED, null=SHUFFLES, bootstrap=RESAMPLES)
            check(found, f["information"][name], (1, 1))
            assert np.isnan(found.ity) == (name == "edges") == bool(found.ity_no_value)
