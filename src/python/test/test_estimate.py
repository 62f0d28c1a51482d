"""`estimate`: several layers and estimators, intervals, errors, warnings, threads."""
import dataclasses
import math
import threading
import warnings

import numpy as np
import pytest

import infoplane as ip
from infoplane import _estimate, _library

pytestmark = pytest.mark.filterwarnings("ignore::infoplane.SaturationWarning")


def test_a_layer_of_four_values_has_two_bits():
    t = np.tile(np.float32([-0.75, -0.25, 0.25, 0.75]), 250)
    found = ip.estimate(t, y=t > 0, estimator="equal_width")
    assert (found.ixt, found.ity, found.h_t, found.symbols) == (2, 1, 2, 4)
    assert not found.saturated and found.unit == "bits"
    assert found.version == ip.__version__ and found.label == "equal_width"
    assert found.ixt_given_y == 1


def test_nats_are_bits_times_ln_2(layer):
    found = ip.estimate(*layer, estimator="edge:gamma=2", x=layer[0], null=3, bootstrap=3)
    nats = found.nats
    assert nats.unit == "nats" and nats.nats is nats
    assert nats.ity == found.ity * math.log(2) and nats.null.mean == found.null.mean * math.log(2)
    assert nats.null.p_value == found.null.p_value and nats.band.ixt[0] == found.band.ixt[0] * math.log(2)
    assert nats.label == found.label


def test_every_amount_of_information_is_in_nats_and_nothing_else(layer):
    """A result of fields that are all different, in the order of the class."""
    ends = [(k + 0.25, k + 0.5) for k in range(4)]
    found = ip.Estimate(ixt=1, ity=2, ixt_error=3, ity_error=4, h_t=5, symbols=6, saturated=True,
                        interval=ip.Interval(*ends[:2], level=0.9, ixt_no_value="a", ity_no_value="b"),
                        null=ip.Null(7, 8, 0.5), label="edges", version="v", ixt_raw=9, ity_raw=10, ixt_given_y=11,
                        band=ip.Band(*ends[2:]), ixt_no_value="c", ity_no_value="d")
    nats, ln = found.nats, math.log(2)
    for name in ("ixt", "ity", "ixt_error", "ity_error", "h_t", "ixt_raw", "ity_raw", "ixt_given_y"):
        assert getattr(nats, name) == getattr(found, name) * ln, name
    for ours, bits in ((nats.interval, ends[:2]), (nats.band, ends[2:])):
        assert [ours.ixt, ours.ity] == [(low * ln, high * ln) for low, high in bits]
    assert (nats.null.mean, nats.null.high, nats.null.p_value) == (7 * ln, 8 * ln, 0.5)
    for name in ("symbols", "saturated", "label", "version", "ixt_no_value", "ity_no_value"):
        assert getattr(nats, name) == getattr(found, name), name
    assert (nats.interval.level, nats.interval.ixt_no_value, nats.interval.ity_no_value) == (0.9, "a", "b")
    plain = ip.estimate(*layer, estimator="edges").nats
    assert plain.interval is plain.null is plain.band is None


def test_every_field_of_a_result_is_that_of_its_name(layer):
    """The fields of the struct in C are all different."""
    out, options = _library.EstimateStruct(), _library.Options()
    names = ("ixt", "ity", "ixt_raw", "ity_raw", "ixt_error", "ity_error", "ixt_given_y", "h_t", "ixt_band_low", "ixt_band_high",
             "ity_band_low", "ity_band_high", "ixt_low", "ixt_high", "ity_low", "ity_high", "null_mean", "null_high", "null_p_value",
             "n_symbols")
    for value, name in enumerate(names):
        setattr(out, name, value)
    out.ixt_no_value, out.ity_no_value = b"no ixt", b"no ity"
    out.ixt_interval_no_value, out.ity_interval_no_value = b"no ixt interval", b"no ity interval"
    options.bootstrap, options.null_shuffles, options.level = 5, 6, 0.75
    found, at = _estimate._result(out, "edges", options), {name: k for k, name in enumerate(names)}
    for name in names[:8]:
        assert getattr(found, name) == at[name], name
    assert found.symbols == at["n_symbols"] and not found.saturated
    assert (found.ixt_no_value, found.ity_no_value) == ("no ixt", "no ity")
    assert found.interval == ip.Interval((at["ixt_low"], at["ixt_high"]), (at["ity_low"], at["ity_high"]), 0.75, "no ixt interval",
                                         "no ity interval")
    assert found.null == ip.Null(at["null_mean"], at["null_high"], at["null_p_value"])
    assert found.band == ip.Band((at["ixt_band_low"], at["ixt_band_high"]), (at["ity_band_low"], at["ity_band_high"]))
    options.bootstrap = options.null_shuffles = 0
    out.saturated = 1
    out.ixt_band_low = out.ity_band_low = math.nan
    found = _estimate._result(out, "edges", options)
    assert found.interval is found.null is found.band is None and found.saturated


def test_estimators_are_described(program):
    """Against the list of the program: names and defaults; what each needs, in words."""
    kinds = ip.estimators()
    needs = {"ksg": ("the inputs (x)",), "noisy": ("mean and noise_variance",), "edges": (),
             "multiplicative": ("mean and multiplicative_noise",), "dropout": ("mean and dropout",)}
    for name, expected in needs.items():
        assert kinds[name].needs == expected, name
    assert kinds["edges"].is_discrete and not kinds["ksg"].is_discrete
    assert kinds["ksg"].knows_targets and not kinds["edges"].knows_targets
    width = {p.name: p for p in kinds["width"].parameters}
    assert (width["size"].type, width["size"].default) == ("real", "0.07") and width["size"].choices == ()
    assert 0 < width["size"].low < 0.07 < width["size"].high
    correction = width["correction"]
    assert (correction.type, correction.default, correction.low, correction.high) == ("choice", "none", None, None)
    assert correction.choices[0] == "none" and "nsb" in correction.choices
    assert {p.name: p.type for p in kinds["ksg"].parameters}["k"] == "int"
    text = repr(kinds)
    assert f"    size=0.07: {width['size'].help} ({width['size'].low:g} to {width['size'].high:g})" in text
    assert f"({', '.join(correction.choices)})" in text and "ksg: " in text and " Needs the inputs (x)." in text


def test_results_cannot_be_changed(layer):
    with pytest.raises(dataclasses.FrozenInstanceError):
        ip.estimate(*layer).ixt = 3


def test_a_list_of_estimators_gives_a_dict_in_its_order(layer):
    specs = ["width:size=0.07", "edges", "kde_lower"]
    found = ip.estimate(*layer, estimator=specs)
    assert list(found) == specs
    assert [e.label for e in found.values()] == ["width", "edges", "kde_lower"]  # 0.07 is the default
    for spec in specs:
        assert repr(found[spec]) == repr(ip.estimate(*layer, estimator=spec))  # NaN differs from itself


def test_a_mapping_gives_its_keys_and_threads_change_nothing(layer):
    t, y = layer
    layers = {(k, epoch): np.float32(t * k + epoch) for k in (1, 2) for epoch in (0, 10)}
    specs = ["edges:low=-2:high=2", "kde_upper", "ksg"]
    one = ip.estimate(layers, y=y, x=t, estimator=specs)
    assert list(one) == list(layers)
    for threads in (2, 0):
        many = ip.estimate(layers, y=y, x=t, estimator=specs, threads=threads)
        assert repr(many) == repr(one)
    alone = ip.estimate(layers[2, 10], y=y, estimator="kde_upper")
    assert one[2, 10]["kde_upper"].ixt == alone.ixt
    assert ip.estimate(layers, y=y, estimator="edges")[1, 0].label == "edges"
    ranges = {key: (-3.0, 13.0) for key in layers}
    ranged = ip.estimate(layers, y=y, estimator="equal_width:range=run", run_range=ranges)
    assert ranged[1, 0].ixt == ip.estimate(layers[1, 0], y=y, estimator="equal_width:range=run", run_range=(-3, 13)).ixt


def test_python_threads_get_equal_values(layer):
    found, wrong = [], []

    def work():
        for _ in range(20):
            found.append(ip.estimate(*layer, estimator="ksg", x=layer[0]).ixt)
            with pytest.raises(ip.ConfigError, match="edgs"):
                ip.estimate(*layer, estimator="edgs")
            wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(set(found)) == 1 and len(wrong) == 80


def test_intervals_and_nulls(layer):
    t, y = np.round(layer[0][:, :1]), layer[1]
    found = ip.estimate(t, y=y, estimator="exact", null=50, bootstrap=50, level=0.9)
    low, high = found.interval.ity
    assert low < found.ity < high and found.interval.level == 0.9
    assert math.isnan(found.interval.ixt[0]) and "every input occurs once" in found.interval.ixt_no_value
    assert found.null.mean < found.null.high < found.ity and found.null.p_value == 1 / 51
    assert repr(ip.estimate(t, y=y, estimator="exact", null=50, bootstrap=50, level=0.9)) == repr(found)
    other = ip.estimate(t, y=y, estimator="exact", null=50, bootstrap=50, level=0.9, seed=2)
    assert other.interval.ity != found.interval.ity and other.ity == found.ity
    assert ip.estimate(t, y=y, estimator="exact").interval is None


def test_saturation_warns_once_a_call(layer):
    t, y = np.arange(1200, dtype="f4").reshape(300, 4), layer[1]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = ip.estimate({1: t, 2: t}, y=y, estimator=["width", "exact"])
    assert [w.category for w in caught] == [ip.SaturationWarning]
    assert caught[0].filename == __file__
    assert "1, width, 1, exact" in str(caught[0].message) and found[1]["exact"].saturated
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ip.estimate(t, y=y, estimator="exact")
        ip.estimate(t, y=y, estimator="edges")
    assert len(caught) == 1 and caught[0].filename == __file__


@pytest.mark.parametrize("change, kind, text", [
    (dict(estimator="edgs"), ip.ConfigError, "did you mean 'edges'"),
    (dict(estimator="width:size=-1"), ip.ConfigError, "estimator width: size"),
    (dict(estimator="ed\0ges"), ip.ConfigError, "NUL"),
    (dict(estimator=3), ip.Error, "estimator: got 3"),
    (dict(estimator=[3]), ip.Error, "estimator: got 3"),
    (dict(estimator="ksg"), ip.Error, "needs the inputs themselves: give x="),
    (dict(estimator="noisy"), ip.Error, "needs a network trained with noise"),
    (dict(estimator="equal_width:range=run"), ip.Error, "over the whole run: give run_range="),
    (dict(y=None), ip.Error, "no labels: give y="),
    (dict(y=np.zeros(3, int)), ip.Error, "y: has the shape (3,), expected one value for each of the 300 samples"),
    (dict(y=-np.arange(300)), ip.Error, "sample 1 has label -1"),
    (dict(y=np.full(300, 0.5)), ip.Error, "given as targets="),
    (dict(x_id=-np.arange(300)), ip.Error, "sample 1 has input -1"),
    (dict(x=np.zeros((5, 2)), estimator="ksg"), ip.Error, "expected a row for each of the 300 samples"),
    (dict(x=np.full((300, 2), np.nan), estimator="ksg"), ip.NumericError, "input 0 of sample 0 is NaN"),
    (dict(mean=np.zeros((300, 7)), noise_variance=1, estimator="noisy"), ip.Error, "mean: expected the shape of t"),
    (dict(noise_variance=float("nan")), ip.Error, "noise_variance: got nan"),
    (dict(noise_variance=1, dropout=0.5), ip.Error, "at most one"),
    (dict(run_range=3), ip.Error, "run_range: got 3"),
    (dict(run_range=(1, -1)), ip.Error, "range of the run"),
    (dict(null=-1), ip.Error, "null: got -1"),
    (dict(null=2.5), ip.Error, "null: got 2.5"),
    (dict(bootstrap=1), ip.Error, "at least 2"),
    (dict(bootstrap=10, level=1.5), ip.Error, "level"),
    (dict(seed=-1), ip.Error, "seed: got -1"),
    (dict(seed=2**64), ip.Error, "seed"),
    (dict(threads=-2, estimator=["edges"]), ip.Error, "threads"),
    (dict(quantize_bits=99), ip.Error, "quantize_bits"),
])
def test_errors_say_what_is_wrong(layer, change, kind, text):
    t, y = layer
    with pytest.raises(kind) as caught:
        ip.estimate(**{"t": t, "y": y, **change})
    assert text in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_the_place_of_a_value_that_is_not_finite(layer):
    t, y = layer
    t[7, 2] = np.nan
    with pytest.raises(ip.NumericError, match="the layer: activation of unit 2, sample 7: got NaN, expected a finite"):
        ip.estimate(t, y=y)
    with pytest.raises(ip.NumericError, match="infinite"):
        ip.estimate(np.where(np.isnan(t), np.inf, t), y=y)
    with pytest.raises(ip.NumericError, match="infinite"):
        ip.estimate(np.where(np.isnan(t), 1e300, t.astype(float)), y=y)
