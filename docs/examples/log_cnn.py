#!/usr/bin/env python3
"""From a convolutional network on Fashion-MNIST to its information plane.

usage: log_cnn.py DIR        writes DIR/cnn.h5 and DIR/cnn.svg

One ReLU, which works in place, follows every layer: relu@0, relu@1 and relu@2 are its calls. The hidden layers of T are
the means over the positions of each channel. Data: Debian's package dataset-fashion-mnist.
"""
import gzip
import sys

import numpy as np
import torch
from torch import nn


def load(name, header, count):
    with gzip.open(f"/usr/share/datasets/fashion-mnist/{name}-ubyte.gz") as f:
        return np.frombuffer(f.read(header + count), np.uint8, offset=header)


def images(name, n):
    return torch.tensor(load(f"{name}-images-idx3", 16, n * 784).reshape(n, 1, 28, 28) / 255, dtype=torch.float32)


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(1, 8, 5, stride=2), nn.Conv2d(8, 16, 3, stride=2)
        self.fc, self.head = nn.Linear(16 * 5 * 5, 24), nn.Linear(24, 10)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        x = self.relu(self.c2(self.relu(self.c1(x))))
        return self.head(self.relu(self.fc(x.flatten(1))))


x_train, y_train = images("train", 4000), torch.tensor(load("train-labels-idx1", 8, 4000), dtype=torch.long)
x_test, y_test = images("t10k", 2000), torch.tensor(load("t10k-labels-idx1", 8, 2000), dtype=torch.long)
torch.manual_seed(1)
model = CNN()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)


def train_one_epoch():
    for batch in torch.randperm(len(x_train)).split(100):
        loss = nn.functional.cross_entropy(model(x_train[batch]), y_train[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss


# --- from model to plane
import infoplane as ip

path = f"{sys.argv[1]}/cnn.h5"
with ip.torch.Recorder(path, model, x_test, y_test, layers=["c?", "relu", "head"], pool="mean", output="softmax",
                       samples=1000, seed=1) as rec:
    rec.log(0)
    for epoch in range(1, 6):
        loss = train_one_epoch()
        rec.log(epoch, train_loss=loss)
# Noise in proportion to the units of each layer and epoch: with a fixed variance of 0.001, ReLU layers reach log2 n.
kernel = "kde_upper:noise_variance=0.5:noise=variance"
run = ip.estimate_run(path, [kernel, "edges"])
run.plane(kernel).save(f"{sys.argv[1]}/cnn.svg")
