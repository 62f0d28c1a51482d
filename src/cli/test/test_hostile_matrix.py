#!/usr/bin/env python3
"""Files that somebody made to do harm, through every command that could take them: each is rejected with 1 or 2 and a
message that names it, or read as far as it is right. No crash, no result, no byte of another file."""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from hostile import *  # noqa: E402, F403

os.chdir(tempfile.mkdtemp())

# What may succeed: the rows that /epoch covers are right; `status` lists files that it cannot open; `diff` of
# configurations opens no dataset.
RIGHT = {"running-long-information": {"plot", "plot -t", "gather", "report", "diff", "status"}}

with open(os.path.join(os.environ["INFOPLANE_BUILD"], "CMakeCache.txt")) as f:
    EVERY = 3 if "\nIP_SANITIZE:STRING=a" in f.read() else 1  # sanitizers are slow: each third pair
n_pairs = 0


def check(name, path, commands):
    global n_pairs
    for command in commands:
        n_pairs += 1
        if n_pairs % EVERY:
            continue
        status, said, wrong = try_command(command, path)
        may_succeed = command in RIGHT.get(name, ()) or command in ("status", "diff of configurations")
        if status == 0 and not may_succeed:
            wrong.append("exit status 0")
        assert not wrong, f"{command} {path}: {'; '.join(wrong)}: {said}"


def the_files_that_were_sent():
    names = sorted(f[:-len(".h5.gz")] for f in os.listdir(PACKED) if f.endswith(".h5.gz"))
    assert len(names) == 7
    for name in names:
        check(name, unpack(name, name + ".h5"), COMMANDS)


def put(f, name, **how):
    """Replaces a dataset by one that is made in another way."""
    data = f[name][()]
    del f[name]
    f.create_dataset(name, data=None if how.get("external") else data, shape=data.shape, dtype=data.dtype, **how)


def retype(f, name, dtype):
    shape = f[name].shape
    del f[name]
    f.create_dataset(name, shape, dtype)


def chunks(f, name, shape, chunk):
    del f[name]
    f.create_dataset(name, shape, "f4", chunks=chunk)


def unknown_filter(f, name):
    data = f[name][()]
    del f[name]
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk(data.shape)
    plist.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, ())
    h5py.h5d.create(f.id, name.encode(), h5py.h5t.NATIVE_FLOAT, h5py.h5s.create_simple(data.shape), plist)


def link(f, name, to):
    del f[name]
    f[name] = to


PAIR = np.dtype([("a", "f4"), ("b", "f4")])
MAKERS = {  # of /layers/1/activation, x or F
    "external storage": lambda f, d: put(f, d, external=[("secret.txt", 0, f[d][()].nbytes)]),
    "external link": lambda f, d: link(f, d, h5py.ExternalLink(os.path.abspath("other.h5"), "/x")),
    "soft link to itself": lambda f, d: link(f, d, h5py.SoftLink("/" + d)),
    "lzf": lambda f, d: put(f, d, compression="lzf"),
    "unknown filter": unknown_filter,
    "pairs": lambda f, d: retype(f, d, PAIR),
    "references": lambda f, d: retype(f, d, h5py.ref_dtype),
    "texts": lambda f, d: retype(f, d, h5py.string_dtype()),
    "huge chunks": lambda f, d: chunks(f, d, (1 << 20, 1 << 20, 1 << 20)[:f[d].ndim], (1, 1 << 15, 1 << 14)[:f[d].ndim]
                                       if f[d].ndim == 3 else (1 << 15, 1 << 14)),
    "huge shape": lambda f, d: chunks(f, d, (1 << 40, 1 << 20, 1 << 10)[:f[d].ndim], (1, 64, 4)[:f[d].ndim]),
    "five dimensions": lambda f, d: chunks(f, d, (2, 2, 2, 2, 0), True),
    "a group": lambda f, d: (f.__delitem__(d), f.create_group(d)),
    "a loop of groups": lambda f, d: f.create_group("g/h").__setitem__("up", f["g"]),
}


def files_of_other_kinds():
    write_data("other.h5")
    for kind, make in MAKERS.items():
        name = kind.replace(" ", "-")
        for path, write, dataset, commands in ((f"{name}.h5", write_run, "layers/1/activation", ["estimate"]),
                                               (f"{name}-data.h5", write_data, "x", ["train"]),
                                               (f"{name}.mat", write_mat73, "F", ["data"])):
            write(path)
            with h5py.File(path, "r+") as f:
                make(f, dataset)
            check(name, path, commands)
            os.remove(path)


def good_files_are_read():
    for path, commands in ((write_run("run.h5"), [c for c in OF_RUNS if c != "diff"]),
                           (write_data("data.h5"), ["data", "curve", "train", "run"]),
                           (write_mat73("data.mat"), ["data", "train"])):
        for command in commands:
            status, said, wrong = try_command(command, path)
            assert status == 0 and not wrong, f"{command} {path}: {status}: {wrong}: {said}"


def flipped_bits_are_reported():
    script = os.path.join(os.environ["INFOPLANE_SOURCE"], "scripts/damage")
    r = subprocess.run([script, os.environ["INFOPLANE_BUILD"], "--runs", "8"], capture_output=True, text=True)
    assert r.returncode == 0 and "| run file |" in r.stdout, r.stdout + r.stderr


good_files_are_read()
the_files_that_were_sent()
files_of_other_kinds()
flipped_bits_are_reported()
