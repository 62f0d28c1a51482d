#!/usr/bin/python3
"""Makes the binary seeds of src/fuzz/corpus, which are committed. Needs numpy, scipy and h5py."""
import gzip
import hashlib
import io
import os
import shutil
import struct
import tempfile
import zipfile

import h5py
import numpy as np
import scipy.io

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")


def put(reader, name, data):
    os.makedirs(os.path.join(CORPUS, reader), exist_ok=True)
    with open(os.path.join(CORPUS, reader, name), "wb") as f:
        f.write(data)


def idx(array):
    codes = {"uint8": 8, "int8": 9, "int16": 11, "int32": 12, "float32": 13, "float64": 14}
    head = bytes([0, 0, codes[array.dtype.name], array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def npz(packed=False, **arrays):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as z:
        for name, array in arrays.items():
            z.writestr(zipfile.ZipInfo(name + ".npy"), npy(np.asarray(array)))
    return out.getvalue()


def pair(labels, samples):
    return bytes([len(labels)]) + labels + samples


def packed(data):
    return gzip.compress(data, mtime=0)


x = np.arange(8, dtype=np.float32).reshape(4, 2)
y = np.array([0, 1, 1, 0], dtype=np.uint8)
soft = np.array([[0.25, 0.75], [1, 0], [0.5, 0.5], [0, 1]])


def arrays():
    images = np.arange(16, dtype=np.uint8).reshape(4, 2, 2)
    put("idx", "images", pair(idx(y), idx(images)))
    put("idx", "floats", pair(idx(y), idx(x)))
    put("idx", "int16", pair(idx(y), idx(x.astype(np.int16))))
    put("idx", "packed", pair(packed(idx(y)), packed(idx(images))))
    for name, samples in (("f4", x), ("f2", x.astype("f2")), ("big", x.astype(">f8")), ("bool", x > 3),
                          ("fortran", np.asfortranarray(x)), ("images", images), ("i8", x.astype("i8"))):
        put("npy", name, pair(npy(y), npy(samples)))
    put("npy", "texts", pair(npy(np.array(["a", "b", "b", "a"])), npy(x)))
    put("npz", "stored", npz(x=x, y=y))
    put("npz", "packed", npz(True, x=x.astype("i4"), y=y.astype("i8"), split=np.array([0, 0, 1, 1], dtype="u1")))
    put("npz", "soft", npz(x=x, p_y_given_x=soft))
    put("npz", "train", npz(x_train=x, y_train=y, x_test=x, y_test=y))
    t = np.linspace(-1, 1, 4 * 3, dtype=np.float32).reshape(4, 3)
    put("run_npz", "one_epoch", npz(y=y, hidden=t, output=t[:, :2]))
    put("run_npz", "epochs", npz(True, y=y, x_id=np.arange(4), epoch=np.array([0, 5]), split=y,
                                 a=np.stack([t, t]), b=np.stack([soft, soft])))
    put("run_npz", "target", npz(x=x, target=soft.astype("f4"), layer=t))
    put("gz", "table", packed(b"0.25,0.25\n0.5,0\n"))
    put("gz", "members", packed(b"0.25,0.25\n") + packed(b"0.5,0\n"))
    put("gz", "stored", gzip.compress(b"a;b\n1,5;2\n", 0, mtime=0))


def matlab():
    for name, options in (("v5", {}), ("v5_packed", {"do_compression": True}), ("v4", {"format": "4"})):
        out = io.BytesIO()
        scipy.io.savemat(out, {"F": x.astype("f8"), "y": y.reshape(-1, 1).astype("f8")}, **options)
        data = out.getvalue()
        if name != "v4":
            data = data[:0] + b"MATLAB 5.0 MAT-file".ljust(116) + data[116:]  # without the time
        put("mat", name, data)


def hdf5():
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "x.h5")

    def file(fill, **options):
        with h5py.File(path, "w", **options) as h:
            fill(h)
        with open(path, "rb") as f:
            return f.read()

    def data(h):
        h["x"] = x
        h["y"] = y

    def chunked(h):
        h.create_dataset("x", data=x, chunks=(2, 2), compression=1)
        h["p_y_given_x"] = soft
        h["split"] = np.array([0, 0, 1, 1], dtype="u1")

    def foreign(h):
        h.attrs["format"] = "infoplane run"
        h.attrs["format_version"] = 1
        h.attrs["status"] = "done"
        h["epoch"] = np.array([0, 3])
        h["data/y"] = y.astype("i4")
        h["data/x_id"] = np.arange(4, dtype="u4")
        for k in (1, 2):
            g = h.create_group(f"layers/{k}")
            g.attrs["kind"] = "output" if k == 2 else "hidden"
            g.attrs["activation"] = "tanh"
            g["activation"] = np.zeros((2, 4, 2), dtype="f4")
        h["metrics/train/loss"] = np.zeros(2)
        h["information/edges/ixt"] = np.zeros((2, 2))
        h["information/edges/ity"] = np.zeros((2, 2))

    def own(h):
        foreign(h)
        h.create_group("provenance").attrs["program"] = "infoplane 0.1.0"
        h.create_group("final").attrs["train_loss"] = 0.5
        h["config"] = "name: seed\n"
        h["data/split"] = y
        h["layers/1/mean"] = np.zeros((2, 4, 2), dtype="f4")
        h["layers/1/weight_norm"] = np.zeros(2)
        h["layers/2/weight_norm"] = np.zeros(2)
        h["layers"].attrs["series"] = "weight_norm"
        h["metrics"].attrs["series"] = "train/loss"
        h["information/edges"].attrs["missing_ixt_reason"] = "layer 2: no noise"
        h["information/edges"].attrs["n_samples"] = 4
        h["measures/geometry/nc1"] = np.zeros((2, 2))
        h["measures/geometry"].attrs["series"] = "nc1"

    def matlab73(h):
        for name, array in (("F", x.astype("f8")), ("y", y.reshape(-1, 1).astype("f8"))):
            h[name] = array.T  # MATLAB stores columns
            h[name].attrs["MATLAB_class"] = np.bytes_("double")

    head = b"MATLAB 7.3 MAT-file".ljust(116) + bytes(8) + b"\x00\x02IM"
    put("mat", "v7.3", head + file(matlab73, userblock_size=512)[len(head):])
    put("data_h5", "plain", file(data))
    put("data_h5", "chunked", file(chunked))
    put("data_h5", "latest", file(data, libver="latest"))
    put("run", "foreign", file(foreign))
    put("run", "own", file(own))
    shutil.rmtree(folder)


def states():
    """The two slots of src/runfile/state.c."""
    file, state = bytearray(4096 + 4096 + 8), b"8 bytes."
    for n_epochs in (2, 3):
        slot = struct.pack("=16sQQq", b"infoplane state", n_epochs, len(state), 7)
        digest = hashlib.sha256(slot + bytes(72) + state).hexdigest().encode().ljust(72, b"\0")
        at = n_epochs % 2
        file[at * 112:(at + 1) * 112] = slot + digest
        file[4096 * (1 + at):4096 * (1 + at) + len(state)] = state
    put("state", "two", bytes(file))


if __name__ == "__main__":
    arrays()
    matlab()
    hdf5()
    states()
