"""The processes of a disturbed sweep: found by a variable of their environment, which every one inherits."""
import os
import signal
import time

VARIABLE = "INFOPLANE_ENDURE"
KNOWN_S = 2, 20  # so long after a process was seen first, its environment is not read again
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class Process:
    def __init__(self, pid):
        self.pid = pid
        with open(f"/proc/{pid}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        self.state, self.parent, self.cpu_s = fields[0], int(fields[1]), (int(fields[11]) + int(fields[12])) * TICK_S

    @property
    def words(self):
        try:
            with open(f"/proc/{self.pid}/cmdline") as f:
                return f.read().split("\0")
        except OSError:
            return [""]

    @property
    def role(self):
        """What it runs: a command of infoplane, gnuplot, or a part of Slurm."""
        words = self.words
        first = os.path.basename(words[0])
        command = words[1] if len(words) > 1 else ""
        if first == "infoplane":
            return "run --slurm" if command == "run" and "--slurm" in words else command
        return "gnuplot" if first == "gnuplot" else "slurm"


marks = {}  # {pid: mark, "" of a stranger, and when that was seen first}


def mark_of(pid, now):
    mark, since = marks.get(pid, (None, now))
    if mark is not None and KNOWN_S[0] < now - since < KNOWN_S[1]:
        return mark
    with open(f"/proc/{pid}/environ", "rb") as environment:
        words = environment.read().split(b"\0")
    mark = next((w.split(b"=", 1)[1].decode() for w in words if w.startswith(VARIABLE.encode() + b"=")), "")
    marks[pid] = mark, since if now - since < KNOWN_S[1] else now
    return mark


def pause(begin):
    """After a look that began at `begin`: where the machine is busy, looks are rare, so that the sweeps go on."""
    time.sleep(min(0.5, max(0.005, 3 * (time.monotonic() - begin))))


def family(mark):
    """{pid: Process} of the living processes whose environment has the mark."""
    found, now = {}, time.monotonic()
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and mark_of(name, now) == str(mark):
                p = Process(int(name))
                if p.state not in "ZX":
                    found[p.pid] = p
        except (OSError, IndexError):
            continue
    return found


def send(pid, number, group=False):
    """True if there still was such a process."""
    try:
        (os.killpg if group else os.kill)(pid, number)
    except ProcessLookupError:
        return False
    return True


def kill_all(mark, chance):
    """KILL of every process, until none is left: those that another one started in the meantime too."""
    struck = False
    while members := list(family(mark)):
        chance.shuffle(members)
        for pid in members:
            struck |= send(pid, signal.SIGKILL)
    return struck
