#!/usr/bin/env python3
"""From a transformer of two layers to its information plane.

usage: log_transformer.py DIR        writes DIR/transformer.h5 and DIR/transformer.svg

The toy task: of five tokens 0 ... 3, is the first among the others? All 1024 sequences are the samples. T is the mean of a
block's output over the positions.
"""
import sys

import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.token, self.place = nn.Embedding(4, width), nn.Parameter(torch.randn(5, width) / 4)
        layer = nn.TransformerEncoderLayer(width, 2, 32, dropout=0.0, batch_first=True)
        self.blocks, self.head = nn.TransformerEncoder(layer, 2), nn.Linear(width, 2)

    def forward(self, x):
        return self.head(self.blocks(self.token(x) + self.place).mean(1))


x = torch.cartesian_prod(*[torch.arange(4)] * 5)
y = (x[:, 1:] == x[:, :1]).any(1).long()
torch.manual_seed(1)
model = Classifier()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)


def train_one_epoch():
    for batch in torch.randperm(len(x)).split(128):
        loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss


# --- from model to plane
import infoplane as ip

path = f"{sys.argv[1]}/transformer.h5"
with ip.torch.Recorder(path, model, x, y, layers=["token", "blocks.layers.*", "head"], pool="mean", output="softmax",
                       seed=1) as rec:
    rec.log(0)
    for epoch in range(1, 13):
        loss = train_one_epoch()
        rec.log(epoch, train_loss=loss)
run = ip.estimate_run(path, ["kde_upper"])
run.plane().save(f"{sys.argv[1]}/transformer.svg")
