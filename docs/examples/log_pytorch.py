#!/usr/bin/env python3
"""Train a small network in PyTorch and write its layers as a run file of infoplane (docs/run-file.md).

usage: log_pytorch.py OUT.h5        then: infoplane estimate OUT.h5 --estimator edges
"""
import sys

import h5py
import numpy as np
import torch

torch.manual_seed(1)
# The task: all 12-bit inputs, labelled by the majority of their first five bits.
x = torch.tensor([[i >> b & 1 for b in range(12)] for i in range(4096)], dtype=torch.float32) * 2 - 1
y = (x[:, :5].sum(1) > 0).long()
widths = [12, 8, 4, 2]
linear = [torch.nn.Linear(a, b) for a, b in zip(widths, widths[1:])]
optimizer = torch.optim.Adam([p for layer in linear for p in layer.parameters()], lr=0.01)


def forward(t):
    """The activations of every layer; the last one before its softmax too, for the loss."""
    layers = []
    for layer in linear[:-1]:
        t = torch.tanh(layer(t))
        layers.append(t)
    z = linear[-1](t)
    return layers + [torch.softmax(z, 1)], z


epochs = [0, 1, 2, 5, 10, 20, 50]
with h5py.File(sys.argv[1], "w") as f:
    f.attrs["format_version"] = 1
    f["epoch"] = np.array(epochs, dtype="i8")
    f["data/x_id"] = np.arange(len(x), dtype="u4")  # every input is its own X
    f["data/y"] = y.numpy().astype("i4")
    for k, width in enumerate(widths[1:], start=1):
        shape = (len(epochs), len(x), width)
        f.create_dataset(f"layers/{k}/activation", shape, "f4", chunks=(1, len(x), width))
    loss_series = f.create_dataset("metrics/train/loss", len(epochs), "f8")
    for epoch in range(epochs[-1] + 1):
        layers, z = forward(x)
        loss = torch.nn.functional.cross_entropy(z, y)
        if epoch in epochs:  # the state after `epoch` epochs, before the updates of the next
            e = epochs.index(epoch)
            loss_series[e] = loss.item()
            for k, t in enumerate(layers, start=1):
                f[f"layers/{k}/activation"][e] = t.detach().numpy()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
