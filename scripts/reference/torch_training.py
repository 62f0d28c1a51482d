#!/usr/bin/python3
"""Fifty steps of training by PyTorch in float64, for src/network/test/test_torch.c.

usage: scripts/reference/torch_training.py > src/network/test/torch_training.h

Needs PyTorch 1.13 or later (Debian: python3-torch); the test needs only the header that this script writes.
A network 5-6-4-n_out of tanh units, 24 samples in batches of 8 in their order, and for every case of CASES the learning
rate of every step, the loss of every batch before its step, and the parameters (or their running mean) at the end.
"""
import math

import torch

N, N_IN, HIDDEN, N_CLASSES, BATCH, STEPS = 24, 5, (6, 4), 3, 8, 50
torch.set_default_dtype(torch.float64)

# name, output, targets, then what differs from plain gradient descent; C fields of the same names
CASES = [
    ("adamw", "softmax", "labels", dict(optimizer="adamw", learning_rate=0.02, weight_decay=0.1)),
    ("l2", "softmax", "labels", dict(optimizer="momentum", momentum=0.9, learning_rate=0.05, weight_decay=0.02)),
    ("step", "softmax", "labels", dict(optimizer="momentum", momentum=0.5, learning_rate=0.2, rate_schedule="step",
                                       step_every=12, step_factor=0.5)),
    ("cosine", "softmax", "labels", dict(optimizer="sgd", learning_rate=0.3, rate_schedule="cosine", final_factor=0.1)),
    ("warm-up", "softmax", "labels", dict(optimizer="adam", learning_rate=0.02, warmup=9)),
    ("warm-up and step", "softmax", "labels", dict(optimizer="sgd", learning_rate=0.3, warmup=5, rate_schedule="step",
                                                   step_every=10, step_factor=0.3)),
    ("mean squared error", "linear", "labels", dict(optimizer="sgd", learning_rate=0.2, squared_error="mean")),
    ("half the sum of squares", "linear", "labels", dict(optimizer="sgd", learning_rate=0.1, squared_error="half_sum")),
    ("label smoothing", "softmax", "labels", dict(optimizer="sgd", learning_rate=0.3, label_smoothing=0.1)),
    ("clipping", "softmax", "labels", dict(optimizer="momentum", momentum=0.9, learning_rate=0.1, clip_norm=0.25)),
    ("mean of the weights", "softmax", "labels", dict(optimizer="sgd", learning_rate=0.3, ema_decay=0.9)),
    ("layer normalization", "softmax", "labels", dict(optimizer="adamw", learning_rate=0.02, weight_decay=0.1,
                                                      layer_norm=True)),
    ("autoencoder", "linear", "inputs", dict(optimizer="adam", learning_rate=0.02, squared_error="mean")),
    ("autoencoder of bits", "sigmoid", "inputs", dict(optimizer="adam", learning_rate=0.02)),
    ("all", "softmax", "labels", dict(optimizer="adamw", learning_rate=0.03, weight_decay=0.05, rate_schedule="cosine",
                                      warmup=7, label_smoothing=0.2, clip_norm=0.3, ema_decay=0.8)),
]


def in_64ths(v):
    return (64 * v).round() / 64


def draw():
    """Inputs, classes and weights, all exact in float32."""
    g = torch.Generator().manual_seed(1)
    x = in_64ths(torch.randn(N, N_IN, generator=g))
    y = torch.randint(N_CLASSES, (N,), generator=g)
    weights = {}
    for n_out in (N_CLASSES, N_IN):
        sizes = (N_IN, *HIDDEN, n_out)
        weights[n_out] = [in_64ths(torch.randn(shape, generator=g) * 0.5)
                          for a, b in zip(sizes, sizes[1:]) for shape in ((b, a), (b,))]
    return x, y, weights


def make_network(weights, o):
    sizes = [w.shape for w in weights[::2]]
    layers = []
    for k, (out, n_in) in enumerate(sizes):
        layers += [torch.nn.Linear(n_in, out)]
        if k + 1 < len(sizes):
            layers += [torch.nn.LayerNorm(out)] * o.get("layer_norm", False) + [torch.nn.Tanh()]
    net = torch.nn.Sequential(*layers)
    linear = [p for layer in net if isinstance(layer, torch.nn.Linear) for p in layer.parameters()]
    with torch.no_grad():
        for p, w in zip(linear, weights):
            p.copy_(w)
    return net


def make_optimizer(net, o):
    decay = o.get("weight_decay", 0)
    groups = [{"params": [p for p in net.parameters() if p.dim() > 1], "weight_decay": decay},
              {"params": [p for p in net.parameters() if p.dim() == 1], "weight_decay": 0}]
    kind = o["optimizer"]
    if kind in ("adam", "adamw"):
        return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[kind](groups, lr=o["learning_rate"])
    return torch.optim.SGD(groups, lr=o["learning_rate"], momentum=o.get("momentum", 0) if kind == "momentum" else 0)


def make_schedule(optimizer, o):
    s = torch.optim.lr_scheduler
    warmup, kind = o.get("warmup", 0), o.get("rate_schedule", "constant")
    if kind == "step":
        after = s.StepLR(optimizer, o["step_every"], o["step_factor"])
    elif kind == "cosine":
        after = s.CosineAnnealingLR(optimizer, STEPS - warmup, o.get("final_factor", 0) * o["learning_rate"])
    else:
        after = s.ConstantLR(optimizer, 1, 1)
    if not warmup:
        return after
    before = s.LinearLR(optimizer, 1 / (warmup + 1), total_iters=warmup)
    return s.SequentialLR(optimizer, [before, after], [warmup])


def make_loss(output, targets, o):
    if output == "softmax":
        return torch.nn.CrossEntropyLoss(label_smoothing=o.get("label_smoothing", 0))
    if output == "sigmoid":  # the sum over the outputs, the mean over the samples
        return lambda z, t: torch.nn.BCEWithLogitsLoss(reduction="sum")(z, t) / len(z)
    if o["squared_error"] == "mean":
        return torch.nn.MSELoss()
    return lambda z, t: torch.nn.MSELoss(reduction="sum")(z, t) / 2 / len(z)


def train(x, y, weights, output, targets, o):
    net = make_network(weights, o)
    optimizer = make_optimizer(net, o)
    schedule = make_schedule(optimizer, o)
    loss_of = make_loss(output, targets, o)
    decay = o.get("ema_decay", 0)
    mean = torch.optim.swa_utils.AveragedModel(net, avg_fn=lambda m, w, n: decay * m + (1 - decay) * w)
    mean.update_parameters(net)  # the first time it copies
    if targets == "inputs":
        target = (x > 0).double() if output == "sigmoid" else x
        x = target
    else:
        target = torch.nn.functional.one_hot(y, N_CLASSES).double() if output == "linear" else y
    rates, losses = [], []
    for s in range(STEPS):
        rows = slice(s * BATCH % N, s * BATCH % N + BATCH)
        optimizer.zero_grad()
        loss = loss_of(net(x[rows]), target[rows])
        loss.backward()
        if o.get("clip_norm"):
            torch.nn.utils.clip_grad_norm_(net.parameters(), o["clip_norm"])
        rates.append(optimizer.param_groups[0]["lr"])
        losses.append(loss.item())
        optimizer.step()
        schedule.step()
        mean.update_parameters(net)
    final = mean.module if decay else net
    return rates, losses, torch.cat([p.detach().flatten() for p in final.parameters()])


def c_numbers(values):
    return ", ".join(f"{float(v):.9g}" for v in values)


def c_fields(o):
    names = dict(optimizer="IP_", rate_schedule="IP_RATE_")
    error = dict(mean="IP_MEAN_SQUARE", half_sum="IP_HALF_SUM")
    fields = dict(momentum=0.9, beta1=0.9, beta2=0.999, epsilon=1e-8, updates=STEPS) | o
    fields.pop("layer_norm", None)
    return ", ".join(f".{k} = {error[v] if k == 'squared_error' else names[k] + v.upper() if k in names else v}"
                     for k, v in fields.items())


def main():
    x, y, weights = draw()
    print(f"""/* torch_training.h - training by PyTorch {torch.__version__.split('+')[0]} in float64, made by scripts/reference/torch_training.py. */
/* clang-format off */
enum {{ N = {N}, N_IN = {N_IN}, N_CLASSES = {N_CLASSES}, BATCH = {BATCH}, STEPS = {STEPS}, MOST = 128 }};
static const size_t hidden[] = {{{c_numbers(HIDDEN)}}};
static const float inputs[N * N_IN] = {{{c_numbers(x.flatten())}}};
static const int labels[N] = {{{c_numbers(y)}}};""")
    for n_out, name in ((N_CLASSES, "classifier"), (N_IN, "autoencoder")):
        print(f"static const float {name}[] = {{{c_numbers(torch.cat([w.flatten() for w in weights[n_out]]))}}};")
    print("""
typedef struct {
  const char *name;
  ip_output output;
  bool layer_norm;
  ip_training_options training;
  double rate[STEPS], loss[STEPS], parameter[MOST]; /* of every step; at the end */
} torch_case;

static const torch_case cases[] = {""")
    for name, output, targets, o in CASES:
        n_out = N_IN if targets == "inputs" else N_CLASSES
        rates, losses, parameters = train(x, y, weights[n_out], output, targets, o)
        assert all(math.isfinite(v) for v in losses)
        print(f"""{{"{name}", IP_OUTPUT_{output.upper()}, {str("layer_norm" in o).lower()}, {{{c_fields(o)}, .targets = IP_TARGETS_{targets.upper()}}},
{{{c_numbers(rates)}}},
{{{c_numbers(losses)}}},
{{{c_numbers(parameters)}}}}},""")
    print("};\n/* clang-format on */")


main()
