#!/usr/bin/env python3
"""Run files that other programs write, good and bad, as infoplane's commands meet them. Skipped without h5py."""
import csv
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["INFOPLANE_SOURCE"], "src/base/test"))
from with_h5py import h5py, np  # noqa: E402

INFOPLANE = os.path.join(os.environ["INFOPLANE_BUILD"], "infoplane")
N, EPOCHS = 64, (0, 1, 4, 9)
rng = np.random.default_rng(0)
T = [rng.normal(size=(len(EPOCHS), N, width)).astype("f4") for width in (3, 2)]
y = rng.integers(0, 2, N)
os.chdir(tempfile.mkdtemp())


def infoplane(*words, status=0, says=(), never=()):
    """Runs a command, checks its exit status and what it says on stdout and stderr, and returns that."""
    r = subprocess.run([INFOPLANE, *map(str, words)], capture_output=True, text=True)
    said = r.stdout + r.stderr
    assert r.returncode == status, f"{words}: exit status {r.returncode}, expected {status}: {said}"
    for text in says:
        assert text in said, f"{words}: does not say '{text}': {said}"
    for text in never:
        assert text not in said, f"{words}: says '{text}': {said}"
    return said


def write(path, **more):
    """A good run file of two layers; `more` are other data sets, with __ for /."""
    with h5py.File(path, "w") as f:
        f.attrs["format_version"] = 1
        f["epoch"], f["data/x_id"], f["data/y"] = EPOCHS, np.arange(N), y
        for k, t in enumerate(T, start=1):
            f[f"layers/{k}/activation"] = t
        for name, value in more.items():
            name = name.replace("__", "/")
            if name in f:
                del f[name]
            f[name] = value
    return path


def what_lies_outside_the_file_is_refused():
    open("secret.bin", "wb").write(bytes(range(256)) * 64)
    secret = write("secret.h5")

    def outside(make, *says):
        write("out.h5")
        with h5py.File("out.h5", "r+") as f:
            make(f)
        before = open("out.h5", "rb").read(), open(secret, "rb").read()
        for words in (("estimate", "out.h5", "-e", "edges"), ("plot", "out.h5", "-t"), ("report", ".", "-o", "r.html")):
            infoplane(*words, status=1, says=("out.h5", *says))
        assert before == (open("out.h5", "rb").read(), open(secret, "rb").read())

    def external_storage(f):
        del f["data/y"]
        f.create_dataset("data/y", (N,), "i4", external=[("secret.bin", 0, 4 * N)])

    def virtual(f):
        del f["layers/2/activation"]
        v = h5py.VirtualLayout(T[1].shape, "f4")
        v[...] = h5py.VirtualSource(secret, "layers/2/activation", T[1].shape)
        f.create_virtual_dataset("layers/2/activation", v)

    def link(name, target="/layers/2"):
        def make(f):
            if name in f:
                del f[name]
            f[name] = h5py.ExternalLink(secret, target)
        return make

    def soft_link_over_external(f):
        link("elsewhere", "/")(f)
        del f["data/y"]
        f["data/y"] = h5py.SoftLink("/elsewhere/data/y")

    os.mkdir("outside")
    outside(external_storage, "/data/y", "external storage")
    outside(virtual, "/layers/2/activation", "virtual")
    outside(link("layers/2"), "/layers/2 is a link to /layers/2 in the file secret.h5")
    outside(link("information", "/"), "/information is a link to / in the file secret.h5")
    outside(link("provenance", "/"), "/provenance is a link")
    outside(link("epoch", "/epoch"), "/epoch is a link")
    outside(soft_link_over_external, "/elsewhere is a link")
    with h5py.File("soft.h5", "w") as f, h5py.File(secret) as g:  # a soft link inside the file is not outside
        g.copy("data", f)
        g.copy("layers", f, "real")
        f["layers"], f["epoch"], f.attrs["format_version"] = h5py.SoftLink("/real"), EPOCHS, 1
    infoplane("estimate", "soft.h5", "-e", "edges")
    with h5py.File("data.h5", "w") as f:
        f["y"] = y
        f.create_dataset("x", (N, 2), "f4", external=[("secret.bin", 0, 8 * N)])
    infoplane("data", "data.h5", "-o", "x.csv", status=1, says=("data.h5: x", "external storage"))
    assert not os.path.exists("x.csv")


def no_object_decides_how_much_another_writes_into_memory():
    long = np.zeros((1000, 2))
    write("long.h5", information__edges__ixt=long, information__edges__ity=long, metrics__train__loss=np.arange(1000.0))
    with h5py.File("long.h5", "r+") as f:
        f["layers/1/weight_norm"] = f["layers/2/weight_norm"] = np.arange(1000.0)
        f.attrs["status"] = "running"
    infoplane("plot", "long.h5", "-t", "-o", "figures")
    with h5py.File("long.h5", "r+") as f:
        f.attrs["status"] = "done"
    infoplane("plot", "long.h5", "-t", "-o", "figures")
    infoplane("estimate", "long.h5", "-e", "edges")
    write("many.h5")
    with h5py.File("many.h5", "r+") as f:
        del f["data/y"], f["data/x_id"]
        for name in "x_id", "y":  # 3e9 declared, none stored
            f.create_dataset(f"data/{name}", (3000000000,), "i4", chunks=(1024,))
    infoplane("estimate", "many.h5", "-e", "edges", status=1, says=("/data/y has 3000000000 samples",))


def rows_that_epoch_covers_count():
    write("longer.h5")
    with h5py.File("longer.h5", "r+") as f:  # killed inside an epoch: activations one longer than /epoch
        del f["epoch"]
        f["epoch"] = EPOCHS[:-1]
        f["metrics/train/loss"] = np.arange(4.0)
    infoplane("estimate", "longer.h5", "-e", "edges")
    with h5py.File("longer.h5", "r+") as f:
        assert f["information/edges/ixt"].shape == (3, 2)
        f.attrs["status"] = "running"
        del f["information"]
    infoplane("estimate", "longer.h5", "-e", "edges", status=1, says=("its 3 complete epochs with --partial",))
    infoplane("estimate", "longer.h5", "-e", "edges", "--partial")
    with h5py.File("longer.h5", "r+") as f:  # the logger goes on; the estimates then lack an epoch
        assert np.isfinite(f["information/edges/ixt"][:]).all()
        del f["epoch"]
        f["epoch"], f.attrs["status"] = EPOCHS, "done"
    infoplane("plot", "longer.h5", "-t", "-o", "figures")
    infoplane("estimate", "longer.h5", "-e", "edges")
    with h5py.File("longer.h5") as f:
        assert f["information/edges/ixt"].shape == (4, 2) and np.isfinite(f["information/edges/ixt"][:]).all()


def epochs_that_nothing_was_written_to_are_left_out():
    for kind in "chunked", "contiguous":
        name = kind + ".h5"
        with h5py.File(name, "w") as f:
            f.attrs["format_version"] = 1
            f["epoch"], f["data/x_id"], f["data/y"] = EPOCHS, np.arange(N), y
            f["metrics/train/loss"] = [3.0, 2.0, 0.0, 0.0]
            for k, t in enumerate(T, start=1):
                chunks = (1, *t.shape[1:]) if kind == "chunked" else None
                d = f.create_dataset(f"layers/{k}/activation", t.shape, "f4", chunks=chunks)
                d[:2] = t[:2]
                if k == 1 and kind == "chunked":
                    d[2] = t[2]  # interrupted inside epoch 4
        infoplane("estimate", name, "-e", "edges", says=("the last 2 of the 4 epochs in /epoch", "from epoch 4"))
        with h5py.File(name) as f:
            ixt = f["information/edges/ixt"][:]
            assert ixt.shape == (4, 2) and (ixt[:2] > 5).all() and np.isnan(ixt[2:]).all(), ixt
        infoplane("plot", name, "-f", "loss", "-o", "figures")
        rows = [line.split() for line in open("figures/loss.tsv") if line[:1].isdigit()]
        assert {row[0] for row in rows} <= {"0", "1"}, rows
    write("collapsed.h5")  # one layer alone may be constant: estimated, with a remark
    with h5py.File("collapsed.h5", "r+") as f:
        f["layers/1/activation"][2:] = 0
    infoplane("estimate", "collapsed.h5", "-e", "edges", says=("layer 1 is constant at epoch 4",))


def one_estimator_that_cannot_run_takes_nothing_from_the_others():
    write("own.h5")
    words = ("-e", "edges", "-e", "kde_upper", "-e", "ksg", "-e", "noisy", "-e", "gaussian")
    infoplane("estimate", "own.h5", *words, status=1, says=("ksg: needs the inputs themselves: add /data/x",
              "noisy: needs a network trained with noise", "2 of 5 estimators cannot run"))
    with h5py.File("own.h5") as f:
        assert sorted(f["information"]) == ["edges", "gaussian", "kde_upper"]
    write("own.h5", data__x=rng.normal(size=(N, 2)))
    infoplane("estimate", "own.h5", "-e", "ksg:k=100", "-e", "edges", status=1, says=("ksg:k=100", "more than 100 samples"))
    with h5py.File("own.h5") as f:
        assert np.isfinite(f["information/edges/ixt"][:]).all() and np.isnan(f["information/ksg:k=100/ixt"][:]).all()
    infoplane("estimate", "own.h5", "none.h5", write("other.h5"), "-e", "width", status=1,
              says=("none.h5: cannot be opened", "1 of 3 run files"))
    with h5py.File("other.h5") as f:
        assert "width" in f["information"]


def entropies_and_saturation_are_known():
    x_id = np.arange(N) // 4  # 16 inputs, four samples each
    labels = np.arange(N) // 4 % 2
    write("own.h5", data__x_id=x_id, data__y=labels)
    infoplane("estimate", "own.h5", "-e", "edges")
    infoplane("report", "own.h5")
    page = open("report.html").read()
    for text in "H(X) = 4 bits", "H(Y) = 1 bits", "I(X;Y) = 1 bits":
        assert text in page, text
    write("own.h5", data__y=[[0.0, 1.0]] * N)
    infoplane("estimate", "own.h5", "-e", "edges", status=1, says=("/data/y", "y.argmax(1)", "np.unique"))
    write("unique.h5")
    infoplane("estimate", "unique.h5", "-e", "exact", says=("layers 1-2 saturated at every logged epoch",))
    write("named.h5")
    with h5py.File("named.h5", "r+") as f:
        f["layers/1"].attrs["name"], f["layers/2"].attrs["name"] = "conv1", "fc"
    infoplane("estimate", "named.h5", "-e", "exact", says=("layers conv1 to fc saturated at every logged epoch",))


def whoever_holds_a_file_is_respected():
    write("open.h5")
    before = open("open.h5", "rb").read()
    with h5py.File("open.h5", "r+") as f:  # a logger
        infoplane("estimate", "open.h5", "-e", "edges", status=4, says=("python3", str(os.getpid()), "open for writing"))
        f.flush()
    assert os.listdir(".") == ["open.h5"] and "information" not in h5py.File("open.h5")
    with h5py.File("open.h5"):  # a reader is not in the way
        infoplane("estimate", "open.h5", "-e", "edges")
    # Ten trials at once: every job that ends well has its estimates in the file.
    specs = ("width", "edges", "gaussian", "equal_width", "exact", "equal_mass")
    for _ in range(3):
        write("many.h5")
        jobs = [subprocess.Popen([INFOPLANE, "estimate", "many.h5", "-e", s, "--threads", "1"], stderr=subprocess.PIPE)
                for s in specs]
        assert all(j.communicate() and j.returncode == 0 for j in jobs)
        with h5py.File("many.h5") as f:
            assert sorted(f["information"]) == sorted(specs)
            assert np.array_equal(f["layers/1/activation"], T[0])
    assert not os.path.exists("many.h5.new")


def links_modes_and_attributes_stay():
    write("file.h5")
    os.chmod("file.h5", 0o2640)  # setgid: of a directory that a group shares
    os.symlink("file.h5", "symbolic.h5")
    try:
        os.setxattr("file.h5", "user.note", b"mine")
        has_attributes = True
    except OSError:
        has_attributes = False
    if os.getuid() == 0:
        os.chown("file.h5", 12345, 54321)  # takes setgid away
        os.chmod("file.h5", 0o2640)
    before = os.stat("file.h5")
    infoplane("estimate", "symbolic.h5", "-e", "edges")
    after = os.stat("file.h5")
    assert os.path.islink("symbolic.h5") and "information" in h5py.File("file.h5")
    assert (before.st_mode, before.st_uid, before.st_gid) == (after.st_mode, after.st_uid, after.st_gid)
    assert not has_attributes or os.getxattr("file.h5", "user.note") == b"mine"
    os.link("file.h5", "hard.h5")
    infoplane("estimate", "hard.h5", "-e", "width")
    assert os.path.samefile("file.h5", "hard.h5") and "width" in h5py.File("file.h5")["information"]
    with h5py.File("file.h5") as f:
        infoplane("estimate", "hard.h5", "-e", "exact", status=4, says=("several names",))
        assert np.array_equal(f["layers/1/activation"], T[0])
    assert sorted(os.listdir(".")) == ["file.h5", "hard.h5", "symbolic.h5"]
    assert (after.st_mode, after.st_uid) == (os.stat("hard.h5").st_mode, os.stat("hard.h5").st_uid)


def a_folder_of_files_is_an_experiment():
    def files(*folder):
        for i, (lr, seed) in enumerate(((0.1, 3), (0.1, 4), (0.01, 3))):
            path = os.path.join(*folder, f"{'abc'[i]}.h5")
            write(path, metrics__train__loss=np.arange(4.0))
            with h5py.File(path, "r+") as f:
                f.attrs["seed"], f.attrs["experiment"] = seed, "digits"
                f["config"] = f"lr: {lr}\nnet:\n  act: tanh\n"
                f["layers/1"].attrs["name"] = "features.3"
            infoplane("estimate", path, "-e", "edges")

    for folder in "flat", "nested/runs":
        os.makedirs(folder)
        files(folder)
        top = folder.split("/")[0]
        infoplane("gather", top)
        summary = list(csv.DictReader(open(f"{top}/summary.csv")))
        assert len(summary) == 3 * 4 * 2, len(summary)
        first = summary[0]
        assert (first["run"], first["lr"], first["seed"], first["layer_name"]) == ("a", "0.1", "3", "features.3"), first
        assert first["saturated"] == "1" and first["dpi"] == "0", first
        runs = list(csv.DictReader(open(f"{top}/runs.csv")))
        assert len(runs) == 3 * 2 and runs[0]["saturated_epochs"] == str(
            sum(row["saturated"] == "1" for row in summary if row["run"] == "a" and row["layer"] == "1")) and runs[0]["reason"] == "", runs[0]
        assert os.path.exists(f"{top}/correlations.csv") and os.path.exists(f"{top}/figures/plane.svg")
        with h5py.File(f"{top}/grid.h5") as grid:
            assert grid["ixt"].shape == (3, 1, 4, 2) and grid["seed"][:].tolist() == [3, 4, 3]
            assert grid["lr"][:].tolist() == [0.1, 0.1, 0.01]
            with h5py.File(os.path.join(folder, "b.h5")) as f:
                assert np.array_equal(grid["ixt"][1, 0], f["information/edges/ixt"][:])
        infoplane("gather", top)  # grid.h5 is no run
        infoplane("status", top, says=("experiment digits, 3 runs", "3 done"))
        infoplane("report", top)
        assert "features.3" in open(f"{top}/report.html").read()
        assert "features.3" in open(f"{top}/figures/layers.svg").read()
        infoplane("plot", top, "-f", "plane")
    open("nested/experiment.yaml", "w").write("name: digits\n")  # made by hand: the files still count
    infoplane("gather", "nested")
    assert len(list(csv.DictReader(open("nested/summary.csv")))) == 24
    with h5py.File("flat/b.h5", "r+") as f:
        f.attrs["status"] = "running"
    open("flat/c.h5", "w").write("nothing")
    infoplane("status", "flat", says=("1 done", "1 running", "1 failed", "c.h5: is not an HDF5 file"))
    with h5py.File("flat/b.h5", "r+") as f:
        f.attrs["status"] = "interrupted"
    infoplane("status", "flat", says=("1 done", "1 interrupted", "1 failed"))
    infoplane("estimate", "flat/b.h5", "-e", "edges")
    os.makedirs("empty/runs")
    for command in "gather", "status", "report", "plot":
        infoplane(command, "empty", status=1, says=("empty", "no run files (*.h5)",))


def what_the_library_lacks_is_named():
    x = rng.normal(size=(N, 3))
    with h5py.File("lzf.h5", "w") as f:
        f.create_dataset("x", data=np.ones((N, 3)), compression="lzf", chunks=(8, 3))  # noise stays uncompressed
        f["y"] = y
    infoplane("data", "lzf.h5", "-o", "x.csv", status=1, says=("filter lzf (number 32000)", "h5repack -f NONE"))
    write("lzf.h5")
    with h5py.File("lzf.h5", "r+") as f:
        del f["layers/2/activation"]
        f.create_dataset("layers/2/activation", data=np.ones_like(T[1]), compression="lzf", chunks=(1, N, 2))
    infoplane("estimate", "lzf.h5", "-e", "edges", status=1, says=("filter lzf (number 32000)",))
    # MATLAB 7.3 as Python writes it: class names padded with zero bytes, or of their own length without one.
    for class_name in np.bytes_("double"), None:
        with h5py.File("matrix.mat", "w", userblock_size=512) as f:
            f["F"], f["y"] = x.T, y[None].astype("f8")
            for name in ("F", "y") if class_name is not None else ():
                f[name].attrs["MATLAB_class"] = class_name
        with open("matrix.mat", "r+b") as f:
            f.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\x02IM")
        infoplane("data", "matrix.mat", "-o", "matrix.csv")
        rows = list(csv.DictReader(open("matrix.csv")))
        assert len(rows) == N and np.allclose([float(r["x2"]) for r in rows], x[:, 1], rtol=1e-6)
        assert [int(r["label"]) for r in rows] == y.tolist()
    open("secret.bin", "wb").write(bytes(range(256)) * 64)
    with h5py.File("matrix.mat", "r+") as f:
        del f["F"]
        f.create_dataset("F", (3, N), "f8", external=[("secret.bin", 0, 24 * N)])
    infoplane("data", "matrix.mat", "-o", "m.csv", status=1, says=("external storage",))


def files_have_the_state_of_their_status():
    states = {"done": "done", "failed_to_fit": "done", "running": "running", "interrupted": "interrupted"}
    for status in states:
        with h5py.File(write(f"{status}.h5"), "r+") as f:
            f.attrs["status"] = status
    found = json.loads(infoplane("status", *(f"{status}.h5" for status in states), "--json"))
    assert found["states"] == list(states.values()), found
    assert found["counts"] == {"pending": 0, "running": 1, "interrupted": 1, "done": 2, "failed": 0}, found


TESTS = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__" and name not in ("infoplane", "write")]
for test in TESTS:
    folder = os.path.join(os.getcwd(), test.__name__ + ".d")
    os.mkdir(folder)
    here = os.getcwd()
    os.chdir(folder)
    test()
    os.chdir(here)
    print("ok", test.__name__)
