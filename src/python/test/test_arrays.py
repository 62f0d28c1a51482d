"""Arrays of every kind give the same estimate, without a copy where that is possible."""
import numpy as np
import pytest

import infoplane as ip
from infoplane import _arrays

pytestmark = pytest.mark.filterwarnings("ignore::infoplane.SaturationWarning")

ORDERS = {
    "C": np.ascontiguousarray,
    "F": np.asfortranarray,
    "every second": lambda t: np.repeat(np.repeat(t, 2, 0), 2, 1)[::2, ::2],
    "backwards": lambda t: np.ascontiguousarray(t[::-1])[::-1],
    "unaligned": lambda t: np.frombuffer(b"x" + t.tobytes(), t.dtype, offset=1).reshape(t.shape),
}


def coarse(t):
    """Values that every type of floats has, and whole numbers too."""
    return np.round(t * 4)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "g", ">f4", ">f8", "i1", "i2", "i4", "i8", ">i4", "O"])
@pytest.mark.parametrize("writeable", [True, False])
def test_types_and_orders(layer, dtype, order, writeable):
    t, y = coarse(layer[0]), layer[1]
    want = ip.estimate(t, y=y)
    if order == "unaligned" and dtype == "O":
        return  # objects are pointers, which are aligned
    other = ORDERS[order](t.astype(dtype))
    if not writeable:
        other.flags.writeable = False
    before = other.copy()
    found = ip.estimate(other, y=y)
    assert (found.ixt, found.ity) == (want.ixt, want.ity)
    assert np.array_equal(other, before)


def test_float32_in_c_order_is_used_in_place(layer):
    t, y = layer
    t.flags.writeable = False
    y.flags.writeable = False
    assert np.shares_memory(_arrays.activations(t, None), t)
    assert np.shares_memory(_arrays.activations(t.reshape(-1), None), t)
    doubles = t.astype("f8")
    assert np.shares_memory(_arrays.activations(doubles, None), doubles)
    assert np.shares_memory(_arrays.labels(y, 300)[0], y)
    x_id = np.arange(300, dtype="i4")
    assert np.shares_memory(_arrays.numbers(x_id, 300, "x_id")[0], x_id)
    assert ip.estimate(t, y=y, copy=False).ixt == ip.estimate(t.copy(), y=y).ixt


@pytest.mark.parametrize("convert", [lambda t: t.astype("f8"), np.asfortranarray, lambda t: t[::2], lambda t: t.tolist(),
                                     lambda t: t.astype("f2"), lambda t: t.astype(">f4")])
def test_copy_false_refuses_what_would_be_copied(layer, convert):
    t = convert(layer[0])
    with pytest.raises(ip.Error, match="copy=False expects float32 in C order, got"):
        ip.estimate(t, y=layer[1][: len(t)], copy=False)


def test_float64_keeps_its_digits():
    t = 1 + 1e-12 * (np.arange(100) % 4)
    found = ip.estimate(t, y=np.arange(100) % 2, estimator="exact")
    assert (found.ixt, found.ity, found.symbols) == (2, 1, 4)


@pytest.mark.parametrize("dtype, most", [("i1", 127), ("u2", 2**16 - 1), ("i4", 2**31 - 1), ("u4", 2**32 - 1), ("i8", 2**53)])
def test_whole_numbers_keep_their_digits(dtype, most):
    t = (most - np.arange(100) % 4).astype(dtype)
    found = ip.estimate(t, y=np.arange(100) % 2, estimator="exact")
    assert (found.ixt, found.ity, found.symbols) == (2, 1, 4)


def test_one_unit_may_be_given_without_its_axis(layer):
    t, y = layer
    assert ip.estimate(t[:, 0], y=y).ixt == ip.estimate(t[:, :1], y=y).ixt


@pytest.mark.parametrize("t, text", [
    (np.zeros((5, 2, 3)), "has the shape (5, 2, 3), expected (samples, units); pool"),
    (3.5, "is one value"),
    (["a", "b"], "has the type <U1, expected numbers"),
    ([[1, 2], [3]], "is no array"),
    ([None, 2.0, "a"], "not numbers"),
    (np.zeros((3, 2), complex), "has the type complex128"),
    (np.zeros(3, "M8[s]"), "expected numbers"),
    (np.zeros((0, 3)), "0 samples of 3 units"),
    (np.zeros((3, 0), "f4"), "3 samples of 0 units"),
    (np.ma.masked_array([1.0, 2.0], [0, 1]), "masked"),
    ({}, None),
    (object(), "is one value"),
])
def test_what_is_no_layer_is_refused(t, text):
    if text is None:
        assert ip.estimate(t, y=[0]) == {}
        return
    with pytest.raises(ip.Error) as caught:
        ip.estimate(t, y=np.zeros(len(t) if hasattr(t, "__len__") else 1, int))
    assert text in str(caught.value)


# ---------------------------------------------------------------- labels


def labels_of_every_kind(y):
    names = np.array(["cat", "dog", "emu"])[y]
    return {
        "list": y.tolist(), "i1": y.astype("i1"), "i2": y.astype("i2"), "i4": y.astype("i4"), "i8": y.astype("i8"),
        "u1": y.astype("u1"), "u2": y.astype("u2"), "u4": y.astype("u4"), "u8": y.astype("u8"), ">i4": y.astype(">i4"),
        "strided": np.repeat(y, 2)[::2], "names": names, "bytes": names.astype("S"), "objects": names.astype(object),
        "column": y[:, None], "one-hot": np.eye(3)[y], "one-hot ints": np.eye(3, dtype=int)[y],
        "one-hot bools": np.eye(3, dtype=bool)[y], "large": y * 10**9 + 5, "huge": y.astype("u8") + np.uint64(2**63),
        "read-only": np.frombuffer(y.tobytes(), y.dtype),
    }  # fmt: skip


@pytest.mark.parametrize("kind", labels_of_every_kind(np.zeros(1, int)))
def test_labels_of_every_kind(layer, kind):
    t, y = layer
    given = labels_of_every_kind(y)[kind]
    want, found = (ip.estimate(t, y=labels, estimator=["kde_lower", "edges"], null=3) for labels in (y, given))
    for name in want:
        assert found[name].ity == want[name].ity and found[name].null == want[name].null


def test_two_classes(layer):
    t, y = layer
    two = y > 0
    want = ip.estimate(t, y=two.astype(int)).ity
    assert ip.estimate(t, y=two).ity == want
    assert ip.estimate(t, y=two.astype("f4")).ity == want and ip.estimate(t, y=np.where(two, 1.0, -1.0)).ity == want
    assert ip.estimate(t, y=np.where(two, 1, -1)).ity == want
    assert ip.estimate(t, y=np.where(two, 1, -1).astype("i1")).ity == want
    with pytest.raises(ip.Error, match="has label -100"):  # a label that marks what has none
        ip.estimate(t, y=np.where(two, 1, -100))


def test_soft_labels(layer):
    t, y = layer
    p = np.full((300, 3), 0.1)
    p[np.arange(300), y] = 0.8
    found = ip.estimate(t, y=p)
    assert 0 < found.ity < ip.estimate(t, y=y).ity
    with pytest.raises(ip.Error, match="sum to"):
        ip.estimate(t, y=p * 2 / 3)
    with pytest.raises(ip.Error, match="is not one-hot"):
        ip.estimate(t, y=np.ones((300, 3), int))


class NotAvailable:
    """As pandas.NA: comparisons have no truth value."""

    def __ne__(self, other):
        return self

    def __bool__(self):
        raise TypeError("boolean value of NA is ambiguous")


NA = NotAvailable()


@pytest.mark.parametrize("y, text", [
    ([0, None, 1], "missing values"),
    ([0, NA, 1], "missing values"),
    (np.array(["2020-01-01", "NaT", "2020-01-02"], "M8[D]"), "missing values"),
    ([0, "a", 1.5], None),
    ([[0, 1], [2, 3], [4, 5]], "not one-hot"),
    ([1 + 2j, 0, 1], "expected whole numbers or names"),
    ([np.nan, 0, 1], "expected whole numbers or names"),
])
def test_what_is_no_label_is_refused(y, text):
    values = np.array(y, dtype=object) if isinstance(y, list) and text in ("missing values", None) else y
    with pytest.raises(ip.Error) as caught:
        ip.estimate(np.arange(3.0), y=values)
    assert (text or "different kinds") in str(caught.value)


def test_inputs_that_occur_several_times(layer):
    t, y = layer
    ids = np.arange(300) // 2
    want = ip.estimate(t, y=y, x_id=ids, estimator="edges").ixt
    assert want < 7.3  # log2 of 150 inputs
    for given in (ids.astype("i4"), ids.astype("u2"), ids * 10**10, [f"image {i:03}" for i in ids]):
        assert ip.estimate(t, y=y, x_id=given, estimator="edges").ixt == want


def test_inputs_and_targets_may_have_any_shape(layer):
    t, y = layer
    x = np.random.default_rng(0).normal(size=(300, 2, 3))
    assert ip.estimate(t, y=y, x=x, estimator="ksg").ixt == ip.estimate(t, y=y, x=x.reshape(300, 6), estimator="ksg").ixt
    assert ip.estimate(t, targets=x[:, 0, 0], x=x, estimator="ksg").ity > -1


# ---------------------------------------------------------------- tensors


def test_tensors_of_pytorch(layer):
    torch = pytest.importorskip("torch")
    t, y = layer
    want = ip.estimate(t, y=y)
    tensor = torch.from_numpy(t)
    assert np.shares_memory(_arrays.activations(tensor, None), t)
    for given in (tensor, tensor.clone().requires_grad_(), tensor.t().contiguous().t()):
        found = ip.estimate(given, y=torch.from_numpy(y))
        assert (found.ixt, found.ity) == (want.ixt, want.ity)
    half = torch.from_numpy(coarse(t))
    for kind in (torch.float16, torch.bfloat16, torch.float64, torch.int32):
        assert ip.estimate(half.to(kind), y=torch.from_numpy(y)).ixt == ip.estimate(coarse(t), y=y).ixt
    with pytest.raises(ip.Error, match="is no array"):
        ip.estimate(tensor.to_sparse(), y=y)
    hot = torch.nn.functional.one_hot(torch.from_numpy(y))
    assert ip.estimate(tensor, y=hot).ity == want.ity


def test_objects_with_dlpack_or_array_alone(layer):
    t, y = layer

    class Exchanged:
        def __dlpack__(self, **options):
            return t.__dlpack__(**options)

        def __dlpack_device__(self):
            return t.__dlpack_device__()

    class Array:
        def __array__(self, dtype=None):
            return t if dtype is None else t.astype(dtype)

    want = ip.estimate(t, y=y).ixt
    assert ip.estimate(Exchanged(), y=y).ixt == want and ip.estimate(Array(), y=y).ixt == want
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(t)
    assert ip.estimate(frame, y=pandas.Series(y)).ixt == want
    assert ip.estimate(frame, y=pandas.Categorical(y)).ixt == want
