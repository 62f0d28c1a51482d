#!/usr/bin/env python3
"""From a PyTorch network (an MLP) to its information plane.

usage: log_pytorch.py DIR        writes DIR/mlp.h5 and DIR/mlp.svg
"""
import sys

import torch
from torch import nn

# The task: all 12-bit inputs, labelled by the majority of their first five bits.
x = torch.tensor([[i >> b & 1 for b in range(12)] for i in range(4096)], dtype=torch.float32) * 2 - 1
y = (x[:, :5].sum(1) > 0).long()
torch.manual_seed(1)
model = nn.Sequential(nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, 4), nn.Tanh(), nn.Linear(4, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)


def train_one_epoch():
    loss = nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


# --- from model to plane
import infoplane as ip

path = f"{sys.argv[1]}/mlp.h5"
with ip.torch.Recorder(path, model, x, y, output="softmax", epochs="log:25:200", seed=1) as rec:
    rec.log(0)
    for epoch in range(1, 201):
        loss = train_one_epoch()
        rec.log(epoch, train_loss=loss)
run = ip.estimate_run(path, ["edges", "kde_upper"])
run.plane("edges").save(f"{sys.argv[1]}/mlp.svg")
