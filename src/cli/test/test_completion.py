#!/usr/bin/python3
"""Completion: what the program offers for a command line, and that bash, zsh and fish put it there.

The shells run interactively in a pseudoterminal: the test types a line and the tab key, and reads the line that
results."""
import os, pty, re, select, shutil, signal, subprocess, sys, tempfile, time

BUILD = os.environ["INFOPLANE_BUILD"]
SOURCE = os.environ["INFOPLANE_SOURCE"]
SCRIPTS = SOURCE + "/scripts/completion"
failures = 0


def fail(text):
    global failures
    failures += 1
    print("FAILED:", text)


def offered(*words):
    done = subprocess.run([BUILD + "/infoplane", "--complete", *words], capture_output=True, text=True)
    if done.returncode or done.stderr:
        fail(f"--complete {words}: exit status {done.returncode}: {done.stderr}")
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


def check_program():
    """Candidates are those of the program's own lists."""
    text = lambda *words: subprocess.run([BUILD + "/infoplane", *words], capture_output=True, text=True).stdout
    commands = re.findall(r"^  ([a-z]+) ", text("--help"), re.M)
    if offered("") != commands + ["help", "--help", "--version"] or len(commands) < 14:
        fail(f"commands: {offered('')}")
    readme = open(SOURCE + "/README.md", encoding="utf-8").read()
    for command in commands:
        if command != "worker" and f"| `infoplane {command}" not in readme:
            fail(f"README.md: its table of commands has no {command}")
        options = re.findall(r"^  (?:-[a-z], )?(--[a-z-]+)", text(command, "--help"), re.M)
        if offered(command, "--") != options:
            fail(f"options of {command}: {offered(command, '--')}, --help has {options}")
    if offered("help", "re") != ["report"]:
        fail(f"help re: {offered('help', 're')}")
    figures = [line.split()[0] for line in text("plot", "--list").splitlines()]
    if offered("plot", "-f", "") != figures:
        fail(f"figures: {offered('plot', '-f', '')}")
    keys = [k for k in re.findall(r"^  ([a-z_.0-9]+): ", text("run", "--help-keys"), re.M) if k != "extends"]
    if offered("run", "x.yaml", "--set", "") != [k + "=" for k in keys]:
        fail("the keys for --set are not those of --help-keys")
    listed = re.split(r"\nMeasures.*\n", text("estimate", "--list"))
    for option, part in zip(("-e", "-m"), listed):
        names = re.findall(r"^([a-z_]+)$", part, re.M)
        if offered("estimate", option, "") != names or len(names) < 4:
            fail(f"{option}: {offered('estimate', option, '')}, --list has {names}")


def check_candidates():
    for words, expected in (
        (("run", "--set", "network.activation=re"), ["network.activation=relu"]),
        (("run", "--set=training.shuffle="), ["--set=training.shuffle=true", "--set=training.shuffle=false"]),
        (("run", "--set", "estimators=edges,kde_u"), ["estimators=edges,kde_upper"]),
        (("run", "--set", "no.such=x"), []),
        (("estimate", "r.h5", "-e", "kde_upper:noise=ma"), ["kde_upper:noise=maximum"]),
        (("estimate", "--estimator=width:si"), ["--estimator=width:size="]),
        (("estimate", "-e", "width:size=0.1:pc"), ["width:size=0.1:pca="]),
        (("estimate", "--split", "train,te"), ["train,test"]),
        (("data", "--labels", ""), ["hard", "soft"]),
        (("data", "--header=y"), ["--header=yes"]),
        (("run", "szt2017-de"), [":files.yaml", "szt2017-depth"]),
        (("run", "-o", ""), [":folders"]),
        (("run", "--jobs", ""), []),
        (("run", "--", "--"), [":files.yaml"]),  # options of sbatch
        (("plot", "results"), [":files.h5"]),
        (("plot", "--fo", ""), [":files.h5"]),
        (("curve", "--extra"), []),  # renamed
        (("completion", "z"), ["zsh"]),
        (("frobnicate", ""), []),
        (("calibrate", "--task", "bs"), ["bsc"]),
    ):
        got = offered(*words)
        if got != expected:
            fail(f"{words}: {got}, expected {expected}")


class Shell:
    """An interactive shell, whose line is printed between marks when Control-X and Control-P are typed."""

    def __init__(self, words, start):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="dumb", PATH=BUILD + ":" + os.environ["PATH"], HOME=os.getcwd(), INPUTRC="/dev/null")
            os.execvp(words[0], words)
        os.write(self.fd, start.encode())
        self.wait("ready")

    def wait(self, pattern):
        """Reads until the pattern appears."""
        text, end = "", time.monotonic() + 20
        while not re.search(pattern, text) and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    text += os.read(self.fd, 65536).decode(errors="replace")
                except OSError:
                    break
        found = re.search(pattern, text)
        if not found:
            fail(f"no {pattern} in {text!r}")
        return found

    def complete(self, line):
        os.write(self.fd, (line + "\t").encode())
        os.write(self.fd, b"\x18\x10")
        found = self.wait(r"<<(.*?)>>")
        os.write(self.fd, b"\x15")  # an empty line
        return found.group(1) if found else None

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


BASH = f"""PS1=; source {SCRIPTS}/infoplane.bash
show() {{ printf '<<%s>>' "$READLINE_LINE"; }}
bind -x '"\\C-x\\C-p": show' 2>/dev/null; bind 'set bell-style none'; echo rea''dy
"""
ZSH = f"""PS1=; unsetopt zle_bracketed_paste prompt_sp; fpath=({SCRIPTS} $fpath); autoload -U compinit; compinit -u -D
show() {{ print -rn -- "<<$BUFFER>>"; }}; zle -N show; bindkey -e; bindkey '^X^P' show; bindkey '^U' kill-whole-line
echo rea''dy
"""

LINES = (
    ("infoplane rep", "infoplane report "),
    ("infoplane run --dry", "infoplane run --dry-run "),
    ("infoplane run --set network.activ", "infoplane run --set network.activation="),
    ("infoplane run --set network.activation=rel", "infoplane run --set network.activation=relu "),
    ("infoplane estimate -e kde_upper:noise=maxi", "infoplane estimate -e kde_upper:noise=maximum "),
    ("infoplane run min", "infoplane run mine.yaml "),
    ("infoplane run lenet", "infoplane run lenet-fashion "),
    ("infoplane plot somewhere/r", "infoplane plot somewhere/run.h5 "),
    ("infoplane run -o some", "infoplane run -o somewhere/"),
    ("infoplane data --separator=semi", "infoplane data --separator=semicolon "),
)


def check_shell(name, words, start):
    if not shutil.which(words[0]):
        print(f"no {name}: skipped")
        return
    shell = Shell(words, start)
    for line, expected in LINES:
        got = shell.complete(line)
        if got is not None and got.rstrip() != expected.rstrip():
            fail(f"{name}: '{line}' became '{got}', expected '{expected}'")
        elif got is not None and expected[-1] == "=" and got != expected:
            fail(f"{name}: a blank follows '{got}'")
    shell.close()


def check_fish():
    if not shutil.which("fish"):
        print("no fish: skipped")
        return
    script = f"set -gx HOME {os.getcwd()}; set -gx PATH {BUILD} $PATH; source {SCRIPTS}/infoplane.fish\n"
    for line, expected in LINES:
        word = expected.split()[-1]
        done = subprocess.run(["fish", "--no-config", "-c", script + f"complete -C '{line}'"], capture_output=True, text=True)
        got = [c.split("\t")[0] for c in done.stdout.splitlines()]
        if word not in got:
            fail(f"fish: '{line}' gives {got}, expected {word} {done.stderr}")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    os.mkdir("somewhere")
    for path in ("mine.yaml", "mine.txt", "somewhere/run.h5", "somewhere/rest.csv"):
        open(path, "w").close()
    check_program()
    check_candidates()
    check_shell("bash", ["bash", "--norc", "--noprofile", "-i"], BASH)
    check_shell("zsh", ["zsh", "-f", "-i"], ZSH)
    check_fish()
sys.exit(failures > 0)
