#!/usr/bin/python3
"""Keys that another key makes meaningless are reported, others are not. No command trains: --threads -1 ends it before."""
import os, re, subprocess, tempfile

from program import INFOPLANE, SOURCE, fail, finish

GIVEN = {
    "dataset.gamma": "3", "dataset.theta": "4", "dataset.n_samples": "5000", "dataset.n_in": "12", "dataset.irrelevant": "2",
    "dataset.n_targets": "2", "dataset.noise": "0.1", "dataset.shape": "1,3,4", "network.quantize_range": "2",
    "training.step_every": "3", "training.step_factor": "0.3", "training.final_factor": "0.3", "training.momentum": "0.9",
    "training.beta1": "0.3", "training.beta2": "0.3", "training.epsilon": "0.1", "training.beta": "0.3",
    "training.evaluation_samples": "3", "estimate.level": "0.5", "log.count": "30", "log.until": "2", "log.step": "1,2",
    "log.every": "5", "log.list": "0,2", "log.conv": "mean",
}
ADAM = "training.beta1 training.beta2 training.epsilon"
CHOICES = [  # settings, and those of the keys above that have an effect with them
    ("", f"{ADAM} log.count"),
    ("dataset.labels=soft training.rate_schedule=step training.optimizer=momentum estimate.bootstrap=5 log.schedule=every",
     "dataset.gamma dataset.theta training.step_every training.step_factor training.momentum estimate.level log.every"),
    ("dataset.name=linear_gaussian network.output=linear training.rate_schedule=cosine training.optimizer=adamw "
     "training.objective=nib log.schedule=piecewise",
     f"dataset.n_samples dataset.n_in dataset.irrelevant dataset.n_targets dataset.noise training.final_factor {ADAM} "
     "training.beta training.evaluation_samples log.until log.step"),
    ("network.layers=flatten,3 network.quantize_bits=3 network.activation=relu training.optimizer=sgd log.schedule=list",
     "dataset.shape network.quantize_range log.list log.conv"),
    ("network.quantize_bits=3 network.multiplicative_noise=0 training.objective=cross_entropy dataset.labels=hard",
     f"{ADAM} log.count"),
    ("network.noise_variance=0.1", f"{ADAM} log.count training.evaluation_samples"),
]

# Those that set some of the keys, or sweep what they require.
PRESETS = "lenet-fashion vib-mnist nib-mnist grokking-mnist neural-collapse beta-depth szt2017-data"


def notes(config, *settings):
    words = [word for setting in settings for word in ("--set", setting)]
    told = subprocess.run([INFOPLANE, "run", config, "--threads", "-1", *words], capture_output=True, text=True).stderr
    if "error:" in told:
        fail(told)
    return dict(re.findall(r"^note: (\S+) (?:is swept but )?has no effect; (.*)$", told, re.M))


def check(title, got, want):
    if sorted(got) != sorted(want):
        fail(f"{title}: notes on {sorted(got)}, expected {sorted(want)}")


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
    return name


def main():
    config = write("a.yaml", "description: defaults\n")
    given = [f"{key}={value}" for key, value in GIVEN.items()]
    for settings, used in CHOICES:
        told = notes(config, *given, *settings.split())
        check(f"with {settings or 'the defaults'}", told, set(GIVEN) - set(used.split()))
        if told.get("training.beta", "it requires training.objective: vib, nib or nib_squared").split()[-1] != "nib_squared":
            fail(f"the reason is '{told['training.beta']}'")
    sweep = "sweep:\n  training.momentum: [0.5, 0.9]\n  training.optimizer: [adam, momentum]\n  log.every: [2, 5]\n"
    check("a sweep", notes(write("swept.yaml", sweep)), ["log.every"])
    done = subprocess.run([INFOPLANE, "train", config, "-o", "a.h5", "--set", "training.epochs=1", "--set", "log.every=3"],
                          capture_output=True, text=True)
    if done.returncode or not done.stderr.startswith("note: log.every has no effect; it requires log.schedule: every\n"):
        fail(f"train: {done.returncode}: {done.stderr}")
    for preset in PRESETS.split():
        check(preset, notes(f"{SOURCE}/experiments/{preset}.yaml"), [])


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    main()
finish()
