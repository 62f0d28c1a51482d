#!/usr/bin/env python3
"""Whoever works for infoplane ends with it: the parent is killed in each phase of a sweep, and its children end."""
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time

INFOPLANE = os.path.join(os.environ["INFOPLANE_BUILD"], "infoplane")
PATIENCE = 60  # far more than a busy machine needs: they end within a second
os.chdir(tempfile.mkdtemp())


def state_and_parent(pid):
    """('R', 1) and so on; ('Z', 0) of one that is not there."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return fields[0], int(fields[1])
    except OSError:
        return "Z", 0


def family(pid):
    """Children and their children that have not ended, by command line."""
    parents = {int(p): state_and_parent(p) for p in os.listdir("/proc") if p.isdigit()}
    found, new = {}, [pid]
    while new:
        new = [p for p, (state, parent) in parents.items() if parent in new and state != "Z"]
        for p in new:
            try:
                with open(f"/proc/{p}/cmdline", "rb") as f:
                    found[p] = f.read().replace(b"\0", b" ").decode().strip()
            except OSError:
                pass
    return found


def wait_until(what, condition, *words):
    end = time.monotonic() + PATIENCE
    while not condition(*words):
        assert time.monotonic() < end, what
        time.sleep(0.002)


def experiment(name, **keys):
    with open(name + ".yaml", "w", encoding="utf-8") as f:
        f.write(f"name: {name}\nrepeats: 2\nlog: {{schedule: every, every: 1000}}\n")
        f.writelines(f"{key}: {value}\n" for key, value in keys.items())


def kill_in(phase, command, reached, before=lambda children: None, environment=None):
    """Starts the command, kills it once reached(children) holds, and waits until its children have ended."""
    log = open(phase.replace(" ", "_") + ".log", "w+")
    parent = subprocess.Popen([INFOPLANE, *command], stdout=log, stderr=log, env=environment)
    wait_until(f"{phase}: not reached", lambda: parent.poll() is not None or reached(family(parent.pid)))
    log.seek(0)
    assert parent.poll() is None, f"{phase}: ended too early: {log.read()}"
    children = family(parent.pid)
    before(children)
    parent.send_signal(signal.SIGKILL)
    begin = time.monotonic()
    parent.wait()
    try:
        wait_until(f"{phase}: still there: {children}", lambda: all(state_and_parent(p)[0] == "Z" for p in children))
    finally:
        for p in children:
            if state_and_parent(p)[0] != "Z":
                os.kill(p, signal.SIGKILL)
    print(f"{phase}: {len(children)} ended after {time.monotonic() - begin:.3f} s")


def stop_with_blocked_signals():
    """Whoever starts the program may have blocked signals, and exec keeps that."""
    block = lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    with open("blocked.log", "w") as log:
        parent = subprocess.Popen([INFOPLANE, "run", "train.yaml", "-o", "g", "--jobs", "1"], stderr=log, preexec_fn=block)
    wait_until("no worker", lambda: parent.poll() is not None or (workers(family(parent.pid)) and has_part("g")))
    parent.send_signal(signal.SIGTERM)
    try:
        assert parent.wait(PATIENCE) == 130, parent.returncode
    finally:
        parent.kill()


def workers(children):
    return [p for p, words in children.items() if words.startswith("infoplane worker")]


def has_part(folder):
    return os.path.isdir(f"{folder}/runs") and any(name.endswith(".part") for name in os.listdir(f"{folder}/runs"))


def stop(children):
    for p in children:
        os.kill(p, signal.SIGSTOP)


def program(name, text):
    os.makedirs("bin", exist_ok=True)
    path = os.path.join("bin", name)
    with open(path, "w") as f:
        f.write("#!/bin/sh\n" + text)
    os.chmod(path, stat.S_IRWXU)


# One batch of all samples takes long in the first, one estimate in the second.
experiment("train", training="{epochs: 1000000, batch_size: 64}", estimators="[edges]")
experiment("batch", training="{epochs: 1000000, batch_size: 0}", network="{hidden: [1000, 1000, 1000]}", estimators="[edges]")
experiment("estimate", training="{epochs: 2}", estimators="[ksg]", estimate="{bootstrap: 100000}")
experiment("small", training="{epochs: 2}", estimators="[edges]", figures="[loss]")
program("gnuplot", "exec sleep 600\n")
program("squeue", "exec sleep 600\n")
slow = {**os.environ, "PATH": os.path.abspath("bin") + ":" + os.environ["PATH"]}

kill_in("first worker", ["run", "train.yaml", "-o", "a"], lambda children: len(children) >= 1)
kill_in("workers train", ["run", "train.yaml", "-o", "b", "--jobs", "2"], lambda children: len(workers(children)) == 2 and has_part("b"))
kill_in("a worker is stopped", ["run", "train.yaml", "-o", "c", "--jobs", "1"], lambda children: workers(children) and has_part("c"), stop)
kill_in("a long batch", ["run", "batch.yaml", "-o", "d", "--jobs", "1"], lambda children: workers(children) and has_part("d"))
kill_in("workers estimate", ["run", "estimate.yaml", "-o", "e", "--jobs", "1"], lambda children: workers(children) and has_part("e"))
kill_in("figures", ["run", "small.yaml", "-o", "f"], lambda children: any("sleep" in words for words in children.values()), environment=slow)
kill_in("supervised figures", ["plot", "f"], lambda children: any("sleep" in words for words in children.values()), environment=slow)
stop_with_blocked_signals()
