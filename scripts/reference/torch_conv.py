#!/usr/bin/python3
"""Trains two small convolutional networks by PyTorch in float64 and writes the numbers that test_conv compares with.

    scripts/reference/torch_conv.py > src/network/test/torch_conv.h       needs python3-torch

Weights and samples are given by a formula (`numbers`), which the test has too. Each network takes 50 steps on batches
of 16 of 48 samples, in their order.
"""
import torch
from torch import nn

N, BATCH, STEPS, CLASSES = 48, 16, 50, 3
torch.set_default_dtype(torch.float64)


def numbers(n, salt, scale):
    """n numbers in [-scale, scale): hashes of their index, exact in float64 before they are rounded to float32."""
    return torch.tensor([2 * scale * ((i * 2654435761 + salt * 40503) % 2**32 / 2**32 - 0.5) for i in range(n)], dtype=torch.float64).float().double()


def first():
    return [
        nn.Conv2d(1, 4, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(24, 8), nn.ReLU(), nn.Linear(8, CLASSES),
    ]


def second():
    return [
        nn.Conv2d(2, 5, 3, stride=2, padding=1), nn.Tanh(), nn.MaxPool2d(2, stride=1), nn.Conv2d(5, 4, 2), nn.Tanh(), nn.Flatten(),
        nn.Linear(16, CLASSES),
    ]


def train(layers, shape, optimizer):
    torch.manual_seed(0)
    net = nn.Sequential(*layers)
    with torch.no_grad():
        for k, p in enumerate(net.parameters()):
            p.copy_(numbers(p.numel(), k + 1, 0.3).reshape(p.shape))
    size = shape[0] * shape[1] * shape[2]
    x = numbers(N * size, 100, 1).reshape(N, *shape)
    y = torch.arange(N) * 7 % CLASSES
    step, loss = optimizer(net.parameters()), nn.CrossEntropyLoss()
    losses = []
    for s in range(STEPS):
        rows = slice(s % 3 * BATCH, s % 3 * BATCH + BATCH)
        step.zero_grad()
        value = loss(net(x[rows]), y[rows])
        value.backward()
        step.step()
        losses.append(value.item())
    return losses, torch.cat([p.detach().flatten() for p in net.parameters()]).tolist()


def write(name, values):
    print(f"static const float {name}[] = {{")
    for i in range(0, len(values), 7):
        print("    " + ", ".join(f"{v:.9g}f" if "." in f"{v:.9g}" or "e" in f"{v:.9g}" else f"{v:.9g}.0f" for v in values[i : i + 7]) + ",")
    print("};")


torch.set_num_threads(1)
print("/* torch_conv.h - written by scripts/reference/torch_conv.py: the loss of each step and the parameters after them. */")
print("/* clang-format off */")
for name, layers, shape, optimizer in (
    ("first", first(), (1, 12, 12), lambda p: torch.optim.Adam(p, lr=0.01)),
    ("second", second(), (2, 8, 7), lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)),
):
    losses, parameters = train(layers, shape, optimizer)
    write(f"{name}_losses", losses)
    write(f"{name}_parameters", parameters)
print("/* clang-format on */")
