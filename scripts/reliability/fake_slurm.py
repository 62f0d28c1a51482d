#!/usr/bin/python3 -IS
"""Stands in for sbatch, squeue and sacct, by the name of the link: jobs are processes of this machine.

sbatch --parsable [--array=1-3,7%2] [--dependency=afterany:JOB] [--output FILE] ... SCRIPT prints the number of the job and
leaves a process behind that starts its tasks, two at a time unless the array says otherwise, each in a process group of
its own with SLURM_ARRAY_TASK_ID. That process holds a lock as long as the job lives, for which the jobs behind it wait.
FAKE_SLURM: directory of the jobs.
"""
import fcntl
import os
import re
import subprocess
import sys

folder = os.environ["FAKE_SLURM"] + "/"


def new_job():
    with open(folder + "last", "a+") as last:
        fcntl.flock(last, fcntl.LOCK_EX)
        last.seek(0)
        number = int(last.read() or 100) + 1
        last.seek(0)
        last.truncate()
        last.write(str(number))
    return number


def tasks_of(array):
    """The numbers of the tasks and how many run at a time; without an array one task without a number."""
    if not array:
        return [None], 1
    text, _, most = array.partition("%")
    numbers = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers, int(most or 2)


def start(job, number, output, script):
    environment = dict(os.environ, SLURM_JOB_ID=str(job), SLURM_CPUS_PER_TASK="1")
    if number is not None:
        environment["SLURM_ARRAY_TASK_ID"] = str(number)
    name = re.sub("%%|%[Ajax]", lambda m: "%" if m[0] == "%%" else str(number if m[0] == "%a" else job), output)
    log = open(name, "a")
    return subprocess.Popen(["sh", script], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                            process_group=0)


def work(job, array, dependency, output, script):
    if dependency:
        before = open(f"{folder}{dependency.split(':')[1]}.lock", "a")
        fcntl.flock(before, fcntl.LOCK_SH)
    waiting, most = tasks_of(array)
    running = {}
    while waiting or running:
        while waiting and len(running) < most:
            task = start(job, waiting.pop(0), output, script)
            running[task.pid] = task
        pid, status = os.wait()
        if running.pop(pid, None):
            with open(f"{folder}{job}.ended", "a") as ended:
                print("COMPLETED" if status == 0 else "FAILED", file=ended)


def sbatch(words):
    options = {"output": "/dev/null"}
    *words, script = words
    for i, word in enumerate(words):
        name, equals, value = word.lstrip("-").partition("=")
        options[name] = value if equals else words[i + 1] if name == "output" else ""
    job = new_job()
    lock = open(f"{folder}{job}.lock", "a")
    fcntl.flock(lock, fcntl.LOCK_EX)
    print(job, flush=True)
    if os.fork():
        os._exit(0)
    os.setpgid(0, 0)
    nothing = os.open("/dev/null", os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    work(job, options.get("array"), options.get("dependency"), options["output"], script)


def states(words):
    for job in words[words.index("--jobs") + 1].split(","):
        ended = f"{folder}{job}.ended"
        if os.path.exists(ended):
            sys.stdout.write(open(ended).read())


command = os.path.basename(sys.argv[0])
if command == "sbatch":
    sbatch(sys.argv[1:])
elif command in ("squeue", "sacct"):
    states(sys.argv[1:])
