"""Ten thousand calls with values that nobody should give: each returns or raises, and the interpreter lives. Leaks."""
import os
import subprocess
import sys
import textwrap

HOSTILE = """
    import random, sys, warnings
    import numpy as np
    import infoplane as ip

    warnings.simplefilter("ignore")
    rng = np.random.default_rng(0)
    random.seed(0)
    kinds = ip.estimators()

    def number():
        return random.choice([0, 1, -1, 2, 3, 7, 100, 1e-45, 1e-30, 1e38, 3.4e38, -3.4e38, 1e300, 5e-324, np.nan, np.inf,
                              -np.inf, 2**31, 2**63, -(2**63), 0.5, True, None, "x"])

    def array(n, width):
        kind = random.randrange(12)
        if kind == 0:
            return rng.normal(size=(n, width)) * float(random.choice([1e-40, 1, 1e19, 1e38, 1e300]))
        if kind == 1:
            return np.full((n, width), random.choice([0.0, -0.0, 1e-45, 3.4e38, -3.4e38]), "f4")
        if kind == 2:
            t = rng.normal(size=(n, width)).astype("f4")
            if t.size:
                t.flat[rng.integers(t.size)] = random.choice([np.nan, np.inf, -np.inf, 3.4e38, 1e-45])
            return t
        if kind == 3:
            return rng.choice(np.float32([3.4e38, -3.4e38, 0, 1e-45, -1e-45]), (n, width))
        if kind == 4:
            return np.sign(rng.normal(size=(n, width)))
        if kind == 5:
            return rng.bytes(n * width * 4) and np.frombuffer(rng.bytes(n * width * 4), "f4").reshape(n, width)
        if kind == 6:
            return random.choice([None, "abc", 3, [], {}, [[1, 2], [3]], object(), np.zeros((2, 2, 2)), b"x", [None]])
        if kind == 7:
            return np.maximum(rng.normal(size=(n, width)), 0).astype("f4")
        return rng.normal(size=(n, width)).astype(random.choice(["f2", "f4", "f8", ">f4", "g"]))

    def labels(n):
        if random.random() < 0.8:
            return random.choice([rng.integers(0, 3, n), np.arange(n) % 2 == 0, np.eye(3)[rng.integers(0, 3, n)],
                                  rng.dirichlet([1, 1], n), np.arange(n) * 10**9, np.zeros(n, "u1")])
        return random.choice([
            lambda: rng.integers(-2, 3, n), lambda: rng.integers(0, 2**62, n), lambda: rng.random(n),
            lambda: rng.random((n, 3)), lambda: None, lambda: "abc", lambda: rng.integers(0, 3, n + 1),
            lambda: np.full(n, np.nan), lambda: [object()] * n, lambda: np.full((n, 2), np.inf),
            lambda: np.zeros((n, 0)), lambda: np.arange(n) + 2**24,
        ])()

    def spec(kind):
        if random.random() < 0.1:
            return random.choice(["", ":", "edges:", "edges:count", "edges:count=", "x" * 5000, "edges:count=1e9", "\\0", 3,
                                  "edges:count=30:count=31", "kde_upper:noise_variance=-1", "\\u00e9", None, kind.name + ":"])
        words = [kind.name]
        for p in random.sample(kind.parameters, random.randrange(3)):
            if p.name in ("max_samples", "draws", "slices", "pca", "exact", "k"):
                value = random.choice([2, 3, 5])
            elif p.choices:
                value = random.choice(p.choices)
            else:
                value = random.choice([p.default, p.low, p.high if p.type == "real" else min(p.high, 70000), 2])
            words.append(f"{p.name}={value if isinstance(value, str) else format(value, '.17g')}")
        return ":".join(words)

    n_calls = n_fine = 0
    while n_calls < int(sys.argv[1]):
        kind = random.choice(list(kinds.values()))
        n, width = random.choice([(0, 1), (1, 1), (1, 3), (2, 1), (3, 2), (5, 4), (12, 1), (17, 3), (20, 30), (4, 0)])
        given = {"estimator": spec(kind)}
        needs = " ".join(kind.needs)
        if random.random() < 0.9 * ("mean" in needs) + 0.05:
            given["mean"] = array(n, width)
            noise = needs.split()[-1] if "mean" in needs else "noise_variance"
            given[noise] = random.choice([0.1, 0.5, 1e-30, 1e30 if noise != "dropout" else 0.999])
        if random.random() < 0.9 * ("inputs" in needs) + 0.05:
            given["x"] = array(n, random.choice([0, 1, 3]))
        if random.random() < 0.1:
            given["targets"] = array(n, 2)
        if random.random() < 0.3:
            given["x_id"] = random.choice([np.arange(n) // 2, labels(n)])
        if random.random() < 0.4:
            given["run_range"] = (-1e3, 1e3)
        if random.random() < 0.15:
            given["null"] = random.choice([1, 2, 3])
        if random.random() < 0.15:
            given["bootstrap"] = random.choice([2, 5])
        if random.random() < 0.1:
            name = random.choice(["noise_variance", "multiplicative_noise", "dropout", "quantize_bits", "seed", "level",
                                  "null", "bootstrap", "threads", "run_range", "copy"])
            given[name] = random.choice([number(), (1, -1), (np.nan, 1), (0, 0), (-3.4e38, 3.4e38), (1e300, 1e301)])
            if name == "threads" or name in ("null", "bootstrap") and given[name] in (100, 2**31, 2**63):
                given[name] = -3  # not that many
        n_calls += 1
        try:
            found = ip.estimate(array(n, width), y=labels(n), **given)
        except ip.Error as error:
            assert str(error), given
        else:
            n_fine += 1
    p = [[0.5, 0.0], [0.0, 0.5]]
    for _ in range(int(sys.argv[1]) // 100):
        table = random.choice([p, rng.random((2, 3)), rng.dirichlet(np.full(6, 0.01)).reshape(2, 3), array(3, 3), labels(4)])
        for call in (ip.entropy, ip.mutual_information, lambda t: ip.ib_curve(t, [random.choice([1e-300, 0.5, 2, 1e300])])):
            try:
                call(table)
            except ip.Error:
                pass
    print(n_calls, n_fine)
"""

LEAKS = """
    import gc, warnings
    import numpy as np
    import infoplane as ip

    warnings.simplefilter("ignore")
    t, y = np.random.default_rng(0).normal(size=(32, 4)).astype("f4"), np.arange(32) % 3

    def resident():
        return int(open("/proc/self/statm").read().split()[1]) * 4096

    def calls(n):
        for k in range(n):
            ip.estimate(t, y=y, estimator="edges", seed=k % 1000)
            if k % 100 == 0:
                for wrong in (dict(estimator="edgs"), dict(y=-y), dict(estimator="ksg")):
                    try:
                        ip.estimate(**{"t": t, "y": y, **wrong})
                    except ip.Error:
                        pass
            if k % 1000 == 0:
                ip.ib_curve([[0.4, 0.1], [0.1, 0.4]], [2])
        gc.collect()

    calls(5000)
    before = resident()
    calls(100_000)
    print((resident() - before) // 1024)
"""


def in_child(code, *arguments):
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code), *arguments], capture_output=True, text=True,
                          env=environment, check=False)
    assert done.returncode == 0, (done.returncode, done.stderr[-3000:])
    assert done.stderr == ""
    return done.stdout


def test_hostile_calls_end_in_an_answer_or_an_error():
    n_calls, n_fine = map(int, in_child(HOSTILE, "10000").split())
    assert n_calls == 10000 and n_fine > 1000


def test_calls_leave_no_memory_behind():
    assert int(in_child(LEAKS)) < 2048  # kB after 100 000 calls
