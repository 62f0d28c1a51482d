"""entropy, mutual_information and ib_curve: closed forms, and the numbers of the program."""
import json
import math

import numpy as np
import pytest

import infoplane as ip

CHANNEL = np.array([[0.45, 0.05], [0.05, 0.45]])


def h(p):
    return -p * math.log2(p) - (1 - p) * math.log2(1 - p)


def test_closed_forms():
    assert ip.entropy([0.5, 0.25, 0.25]) == 1.5
    assert ip.entropy([1.0, 0.0]) == 0
    assert ip.entropy(CHANNEL) == pytest.approx(1 + h(0.1), abs=1e-15)
    assert ip.mutual_information(CHANNEL) == pytest.approx(1 - h(0.1), abs=1e-15)
    assert ip.mutual_information(np.outer([0.3, 0.7], [0.2, 0.8])) == pytest.approx(0, abs=1e-15)


def test_whole_numbers_are_counts():
    assert ip.entropy([2, 2, 4]) == 1.5
    assert ip.entropy(np.bincount([0, 1, 1, 0])) == 1
    assert ip.mutual_information([[5, 0], [0, 5]]) == 1
    assert ip.mutual_information(np.array([[5, 0], [0, 5]], "u1")) == 1
    assert ip.entropy(np.asfortranarray(np.arange(6).reshape(2, 3))) == pytest.approx(ip.entropy(np.arange(6) / 15))


@pytest.mark.parametrize("call, text", [
    (lambda: ip.entropy([0.5, 0.4]), "sum"),
    (lambda: ip.entropy([0.5, np.nan]), "finite"),
    (lambda: ip.entropy([1.5, -0.5]), "negative"),
    (lambda: ip.entropy([]), "at least one"),
    (lambda: ip.entropy([0, 0]), "all counts are 0"),
    (lambda: ip.entropy([-1, 2]), "counts from -1"),
    (lambda: ip.entropy([2**32]), "counts"),
    (lambda: ip.entropy(["a"]), "expected numbers"),
    (lambda: ip.mutual_information([0.5, 0.5]), "has the shape (2,)"),
    (lambda: ip.mutual_information(CHANNEL * 2), "sum"),
    (lambda: ip.ib_curve(CHANNEL * 2), "sum"),
    (lambda: ip.ib_curve([0.5, 0.5]), "has the shape (2,)"),
    (lambda: ip.ib_curve(None), "has the shape ()"),
    (lambda: ip.ib_curve([[0, 0], [0, 0]]), "sum"),
    (lambda: ip.ib_curve(CHANNEL, None, seed="a"), "seed"),
    (lambda: ip.ib_curve(CHANNEL, ["a"]), "expected numbers"),
    (lambda: ip.ib_curve(CHANNEL, [3, 2]), "beta"),
    (lambda: ip.ib_curve(CHANNEL, []), "no values"),
    (lambda: ip.ib_curve(CHANNEL, [0.0]), "beta"),
    (lambda: ip.ib_curve(CHANNEL, [np.nan]), "beta"),
    (lambda: ip.ib_curve(CHANNEL, alpha=2), "alpha"),
    (lambda: ip.ib_curve(CHANNEL, alpha="a"), "alpha"),
    (lambda: ip.ib_curve(CHANNEL, squared=True, alpha=0), "squared"),
    (lambda: ip.ib_curve(CHANNEL, restarts=-1), "restarts"),
    (lambda: ip.ib_curve(CHANNEL, restarts=10**9), "restarts"),
    (lambda: ip.ib_curve([[0.5, 0.5], [0, 0]]), "row 2"),
])
def test_what_is_no_table_is_refused(call, text):
    with pytest.raises(ip.Error) as caught:
        call()
    assert text in str(caught.value)


def test_the_curve_of_a_binary_channel():
    curve = ip.ib_curve(CHANNEL, [2, 3, 5, 20])
    assert curve.beta.tolist() == [2, 3, 5, 20] and curve.certified.all() and curve.converged.all()
    assert curve.critical_beta == pytest.approx(1 / 0.8**2, abs=1e-6)
    assert curve.ixy == pytest.approx(1 - h(0.1)) and curve.hx == 1 and curve.hy == 1
    for ixt, ity in zip(curve.ixt, curve.ity):  # Mrs. Gerber's lemma
        low, high = 1e-12, 0.5
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if h(middle) < 1 - ixt else (low, middle)
        assert ity == pytest.approx(1 - h(0.9 * low + 0.1 * (1 - low)), abs=1e-6)
    assert ip.ib_curve([[9, 1], [1, 9]], [2, 3, 5, 20]).ity.tolist() == pytest.approx(curve.ity.tolist())  # counts
    assert curve.at(curve.ixt) == pytest.approx(curve.ity)
    assert curve.at(0) == 0 and curve.at([[0, 5]])[0, 1] == pytest.approx(curve.ixy)
    near = curve.nearest(0.5, 0.1)
    assert near.distance > 0 and near.ity_gap == pytest.approx(curve.at(0.5) - 0.1)
    with pytest.raises(ip.NumericError):
        curve.nearest(np.nan, 0)


def test_the_curve_is_that_of_the_program(program, tmp_path):
    p = np.random.default_rng(0).random((6, 3))
    p /= p.sum()
    np.savetxt(tmp_path / "p.csv", p, delimiter=",", fmt="%.17g")
    known = json.loads(program("curve", tmp_path / "p.csv", "--json", "--beta", "1:300:log40"))
    curve = ip.ib_curve(np.loadtxt(tmp_path / "p.csv", delimiter=","))
    assert len(curve.beta) == 40
    for name, values in {"beta": curve.beta, "ixt_bits": curve.ixt, "ity_bits": curve.ity, "ht_bits": curve.h_t}.items():
        assert values == pytest.approx([point[name] for point in known["points"]], rel=1e-12, abs=1e-13)
    assert curve.clusters.tolist() == [point["clusters"] for point in known["points"]]
    assert [c.critical_beta for c in curve.critical] == pytest.approx([c["critical_beta"] for c in known["critical"]])
    for name, values in {"slope_beta": curve.slope_beta, "lagrangian_bits": curve.lagrangian,
                         "optimality_gap_bits": curve.optimality_gap, "converged": curve.converged,
                         "certified": curve.certified}.items():
        assert values == pytest.approx([point[name] for point in known["points"]], rel=1e-12, abs=1e-13), name
    for name, value in {"hy_bits": curve.hy, "ixy_bits": curve.ixy, "first_critical_beta": curve.critical_beta,
                        "unstable_beta": curve.unstable_beta}.items():
        assert value == pytest.approx(known[name], rel=1e-12), name
    for k, c in enumerate(curve.critical):
        assert [c.split_beta, c.ixt, c.ity, c.n_before, c.n_after] == pytest.approx(
            [math.nan if known["critical"][k][name] is None else known["critical"][k][name]
             for name in ("split_beta", "ixt_bits", "ity_bits", "clusters_before", "clusters_after")],
            rel=1e-12, abs=1e-13, nan_ok=True)
    assert curve.hx == pytest.approx(ip.entropy(p.sum(1))) and curve.h_classes == pytest.approx(curve.hx)
    twins = ip.ib_curve([[0.2, 0.2], [0.1, 0.1], [0.3, 0.1]], [1, 2])  # the first two rows are of one class
    assert twins.hx == pytest.approx(ip.entropy([0.4, 0.2, 0.4])) and twins.h_classes == pytest.approx(h(0.4))
    near, expected = curve.nearest(0.5, 0.01), curve.at(0.5)
    assert near.ity_gap == pytest.approx(expected - 0.01) and 0 < near.distance < near.ity_gap
    assert math.hypot(near.ixt - 0.5, near.ity - 0.01) == pytest.approx(near.distance)
    assert (0.5 - near.ixt) / (near.ity - 0.01) == pytest.approx(1 / near.beta, rel=0.05)  # the slope there
    squared = ip.ib_curve(p, [0.1, 0.5], squared=True)
    assert math.isnan(squared.critical_beta) and (np.diff(squared.ixt) > 0).all()
