#!/usr/bin/env python3
"""Run files that other programs write, good and bad, as infoplane's commands meet them. Skipped without h5py."""
import os
import subprocess
import sys
import tempfile

try:
    import h5py
    import numpy as np
except ImportError:
    if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("no python3 with h5py")
    sys.exit(77)

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
