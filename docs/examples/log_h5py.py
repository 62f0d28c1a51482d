#!/usr/bin/env python3
"""Train a small network in PyTorch and write its activations to a run file (docs/run-file.md) with h5py alone.

usage: log_h5py.py OUT.h5        then: infoplane estimate OUT.h5 --estimator edges

The package infoplane does the same in a few lines (log_pytorch.py). This is how to do it without the package.

Whatever stops the program, the file contains every epoch that was logged completely: datasets grow with each epoch, and
/epoch, whose length is the number of complete epochs, is written last.
"""
import sys

import h5py
import numpy as np
import torch

SEED = 1
torch.manual_seed(SEED)
# The task: all 12-bit inputs, labelled by the majority of their first five bits.
x = torch.tensor([[i >> b & 1 for b in range(12)] for i in range(4096)], dtype=torch.float32) * 2 - 1
y = (x[:, :5].sum(1) > 0).long()
widths = [12, 8, 4, 2]
linear = [torch.nn.Linear(a, b) for a, b in zip(widths, widths[1:])]
optimizer = torch.optim.Adam([p for layer in linear for p in layer.parameters()], lr=0.01)


def forward(t):
    """Returns the activations of every layer, and the output before its softmax, for the loss."""
    layers = []
    for layer in linear[:-1]:
        t = torch.tanh(layer(t))
        layers.append(t)
    z = linear[-1](t)
    return layers + [torch.softmax(z, 1)], z


def scale(f, name, numbers):
    """Names an axis, for xarray."""
    f[name] = numbers
    f[name].make_scale(name.split("/")[-1])


def grow(f, name, row, *axes):
    """Appends a row to a dataset, and creates it for the first row. One chunk per epoch."""
    if name not in f:
        f.create_dataset(name, (0, *row.shape), row.dtype, maxshape=(None, *row.shape), chunks=(1, *row.shape))
        for i, axis in enumerate(("epoch", *axes)):
            f[name].dims[i].attach_scale(f[axis])
    d = f[name]
    e = len(f["epoch"])  # rows beyond it are from an interrupted epoch
    d.resize(e + 1, 0)
    d[e] = row


def log(f, epoch, layers, loss):
    for k, t in enumerate(layers, start=1):
        grow(f, f"layers/{k}/activation", t.detach().numpy(), "sample", f"layers/{k}/unit")
    grow(f, "metrics/train/loss", np.array(loss))
    e = len(f["epoch"])
    f.flush()  # the epoch is complete in the file before it is counted
    f["epoch"].resize(e + 1, 0)
    f["epoch"][e] = epoch
    f.flush()


epochs = [0, 1, 2, 5, 10, 20, 50]
with h5py.File(sys.argv[1], "w") as f:
    f.attrs["format_version"] = 1
    f.attrs["status"] = "running"
    f.attrs["experiment"] = "majority"
    f.attrs["seed"] = SEED
    f["config"] = "network:\n  activation: tanh\ntraining:\n  learning_rate: 0.01\n"  # differing keys distinguish runs
    f.create_dataset("epoch", (0,), "i8", maxshape=(None,), chunks=(1024,))
    f["epoch"].make_scale("epoch")
    f["data/x_id"] = np.arange(len(x), dtype="u4")  # every input is its own X
    f["data/y"] = y.numpy().astype("i4")
    scale(f, "sample", np.arange(len(x), dtype="u4"))
    for k, name in enumerate(["fc1", "fc2", "output"], start=1):
        scale(f, f"layers/{k}/unit", np.arange(widths[k], dtype="u4"))
        f[f"layers/{k}"].attrs["name"] = name
    try:
        for epoch in range(epochs[-1] + 1):
            layers, z = forward(x)
            loss = torch.nn.functional.cross_entropy(z, y)
            if epoch in epochs:  # the state after `epoch` epochs, before the updates of the next
                log(f, epoch, layers, loss.item())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        f.attrs["status"] = "done"
    except KeyboardInterrupt:  # the status stays "running": infoplane estimate --partial uses the complete epochs
        print(f"interrupted after {len(f['epoch'])} logged epochs", file=sys.stderr)
