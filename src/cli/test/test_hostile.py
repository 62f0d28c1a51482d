#!/usr/bin/env python3
"""Files that crash libhdf5 or ask for too much, among good ones: the command continues with the others and ends with 1;
the process that reads them writes nowhere else and has no network. Each by itself: test_hostile_matrix.py."""
import ctypes
import os
import stat
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from hostile import EPOCHS, N, h5py, half_written, infoplane, np, rng, run, unpack, write_run  # noqa: E402

os.chdir(tempfile.mkdtemp())


def the_others_are_gathered():
    os.mkdir("sent")
    for name in "a.h5", "c.h5":
        write_run("sent/" + name)
    unpack("heap-overflow", "sent/b.h5")
    for command in ["gather", "sent"], ["report", "sent"], ["plot", "sent", "--figure", "plane"]:
        said = infoplane(*command, status=1, says=["sent/b.h5"])
        if "signal" not in said and "processor time" not in said:
            return  # this libhdf5 rejects the file, and so does the command
        assert "1 file could not be read and was left out" in said, said
    summary = open("sent/summary.csv").read()
    assert "\na," in summary and "\nc," in summary and "\nb," not in summary, summary
    assert os.path.exists("sent/figures/plane.svg") and os.path.exists("sent/report.html")
    assert not half_written()
    said = infoplane("status", "sent/a.h5", "sent/b.h5", "sent/c.h5", status=1)
    assert "2 done" in said and "1 failed" in said and "sent/b.h5: could not be read" in said, said
    os.mkdir("other")
    write_run("other/a.h5")
    infoplane("status", "sent", "other", status=1, says=["other", "1 of 2 directories have files that could not be read"])
    # with estimate, each file is a child of its own
    infoplane("estimate", "sent/a.h5", "sent/b.h5", "sent/c.h5", "--estimator", "width:size=0.5", status=1,
              says=["sent/b.h5", "1 of 3 run files"])
    for name in "a", "c":
        with h5py.File(f"sent/{name}.h5") as f:
            assert "width:size=0.5" in f["information"]


def the_others_of_files_that_are_rejected():
    """Without a crash: empty, no HDF5 file, cut short. A file that is not there is a mistake in the command."""
    os.mkdir("cut")
    for name in "a.h5", "c.h5":
        write_run("cut/" + name)
    good = open("cut/a.h5", "rb").read()
    commands = (["gather", "cut", "--no-figures"],)
    for content in b"", b"no HDF5 file", good[: len(good) // 2]:
        with open("cut/b.h5", "wb") as f:
            f.write(content)
        if content[:4] == b"\x89HDF":
            commands += ["report", "cut"], ["plot", "cut", "--figure", "plane"]
        for command in commands:
            infoplane(*command, status=1, says=["cut/b.h5: is ", "1 file could not be read and was left out"])
            assert not half_written("cut")
        summary = open("cut/summary.csv").read()
        assert "\na," in summary and "\nc," in summary and "\nb," not in summary, summary
        os.unlink("cut/summary.csv")
    assert os.path.exists("cut/figures/plane.svg") and os.path.exists("cut/report.html")
    said = infoplane("plot", "cut/b.h5", status=1, says=["cut/b.h5: is damaged"])
    assert "left out" not in said, said
    said = infoplane("plot", "cut/a.h5", "cut/gone.h5", "-o", "new", status=1, says=["cut/gone.h5: No such file"])
    assert "left out" not in said and not os.path.exists("new"), said


def declared_sizes_are_not_believed():
    path = write_run("long.h5")
    with h5py.File(path, "r+") as f:
        f.attrs["status"] = "running"
        for series in "ixt", "ity":
            del f[f"information/edges/{series}"]
            f[f"information/edges/{series}"] = rng.random((500, 2))
            f.create_dataset(f"information/edges/{series}_raw", (1 << 40, 2), "f8", chunks=(1, 2))
    infoplane("plot", path, "-t")
    path = write_run("samples.h5")
    with h5py.File(path, "r+") as f:
        del f["data/y"], f["data/x_id"]
        f.create_dataset("data/y", (3 * 10**9,), "i4", chunks=(1 << 16,))
        f.create_dataset("data/x_id", (3 * 10**9,), "i4", chunks=(1 << 16,))
        for k, width in enumerate((3, 2), start=1):
            del f[f"layers/{k}/activation"]
            f.create_dataset(f"layers/{k}/activation", (len(EPOCHS), 3 * 10**9, width), "f4", chunks=(1, 1 << 16, width))
    for words in ["plot", path], ["gather", path], ["report", path], ["estimate", path, "--estimator", "edges"]:
        infoplane(*words, status=1, says=[path])
    with h5py.File("x.h5", "w") as f:
        f.create_dataset("x", (1 << 40, 1 << 22), "f4", chunks=(1, 1 << 16))
        f.create_dataset("y", (1 << 40,), "i4", chunks=(1 << 16,))
    infoplane("data", "x.h5", status=1, says=["x.h5"])


def loops_of_links_end():
    path = write_run("loop.h5")
    with h5py.File(path, "r+") as f:
        f["layers/again"] = f["/"]
        f["a"], f["b"] = h5py.SoftLink("/b"), h5py.SoftLink("/a")
        f["information/edges/self"] = h5py.SoftLink("/information/edges/self")
    for words in ["plot", path], ["estimate", path, "--estimator", "edges"]:
        said = infoplane(*words, status=1, says=[path])
        assert "signal" not in said, said


GNUPLOT = """#!/usr/bin/env python3
import os, socket, sys
def attempt(what, action):
    try:
        action()
        print(what, "done")
    except OSError as e:
        print(what, "refused")
attempt("write", lambda: open(os.environ["ELSEWHERE"], "w"))
attempt("remove", lambda: os.remove(os.environ["VICTIM"]))
attempt("truncate", lambda: os.truncate(os.environ["VICTIM"], 0))
attempt("network", lambda: socket.socket())
attempt("signal", lambda: os.kill(int(os.environ["OTHER"]), 0))
attempt("result", lambda: open(os.path.join(sys.argv[4].rsplit("/", 1)[0], "own"), "w"))
"""


def landlock():
    return ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1)


def what_reads_files_can_do_little():
    with open("gnuplot", "w") as f:
        f.write(GNUPLOT)
    os.chmod("gnuplot", stat.S_IRWXU)
    write_run("good.h5")
    with open("victim", "w") as f:
        f.write("kept")
    said = infoplane("plot", "good.h5", "-t", "--figure", "plane", "-o", "drawn", INFOPLANE_GNUPLOT=os.path.abspath("gnuplot"),
                     ELSEWHERE=os.path.abspath("elsewhere"), VICTIM=os.path.abspath("victim"), OTHER=str(os.getpid()))
    version = landlock()
    expected = {"network": True, "write": version >= 1, "remove": version >= 1, "truncate": version >= 3,
                "signal": version >= 6}
    for what, refused in expected.items():
        if refused:
            assert f"{what} refused" in said, (what, version, said)
    if version >= 3:
        assert open("victim").read() == "kept" and not os.path.exists("elsewhere")
    assert "result done" in said, said


def what_a_killed_process_left_is_removed():
    """A gnuplot that kills the process that draws, which has begun files of both kinds; older ones stay."""
    with open("killer", "w") as f:
        f.write('#!/bin/sh\necho half >"$5"\necho half >"${5%.part}.new"\nkill -9 $PPID\nsleep 1\n')
    os.chmod("killer", stat.S_IRWXU)
    write_run("good.h5")
    write_run("other.h5")
    for folder in "begun", "begun/figures":
        os.mkdir(folder)
        for name in "old.part", "old.new":
            with open(os.path.join(folder, name), "w") as f:
                f.write("of somebody else")
    before = sorted(half_written("begun"))
    for where in "begun", "begun/figures":
        for files in ["good.h5"], ["good.h5", "other.h5"]:  # of two, the second is drawn alone, and killed again
            infoplane("plot", *files, "--figure", "plane", "-o", where, status=1, says=["signal 9"],
                      INFOPLANE_GNUPLOT=os.path.abspath("killer"))
            assert sorted(half_written("begun")) == before and len(before) == 4, half_written("begun")


def links_of_a_sent_directory_lead_nowhere():
    """Files are under /tmp, where the child of gather may write into those that exist."""
    os.makedirs("linked")
    os.makedirs("home")
    write_run("linked/a.h5")
    for name in "summary.csv", "grid.h5", "report.html":
        for ending in "", ".part":
            with open("home/" + name + ending, "w") as f:
                f.write("kept")
            os.symlink("../home/" + name + ending, "linked/" + name + ending)
    infoplane("gather", "linked", "--no-figures")
    infoplane("report", "linked")
    kept = {name: open("home/" + name).read() for name in os.listdir("home")}
    assert len(kept) == 6 and set(kept.values()) == {"kept"}, kept
    assert open("linked/report.html").read().startswith("<!") and not os.path.islink("linked/report.html")
    # nor may what reads the files write to where the link of a result leads
    os.unlink("linked/report.html")
    os.symlink("../home/report.html", "linked/report.html")
    with open("writer", "w") as f:
        f.write(f"#!/bin/sh\necho stolen >'{os.path.abspath('home/stolen')}'\n")
    os.chmod("writer", stat.S_IRWXU)
    run(["report", "linked"], INFOPLANE_GNUPLOT=os.path.abspath("writer"))
    assert landlock() < 1 or not os.path.exists("home/stolen")
    os.rename("linked/figures", "linked/drawn")
    os.symlink("../home", "linked/figures")
    infoplane("plot", "linked", status=1, says=["linked/figures: is a link"])
    assert len(os.listdir("home")) == (6 if landlock() >= 1 else 7)


the_others_are_gathered()
the_others_of_files_that_are_rejected()
declared_sizes_are_not_believed()
loops_of_links_end()
what_reads_files_can_do_little()
links_of_a_sent_directory_lead_nowhere()
what_a_killed_process_left_is_removed()
