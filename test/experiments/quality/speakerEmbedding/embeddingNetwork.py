"""The embedding network: from the bands' levels to a vector per stretch of speech, and what else is heard in it."""

import torch
from torch import nn
from torch.nn import functional

from frontEnd import BANDS

UNITS, WIDE_UNITS, DIMENSIONS = 96, 192, 64
# (frames, dilation) of the convolutions over time.
CONVOLUTIONS = ((5, 1), (3, 2), (3, 3), (3, 4))
# Logits of each frame: speech, two voices at once, music or noise, and the frame's weight in the embedding.
FRAME_OUTPUTS = 4
# Logit of each stretch: reverberation.
STRETCH_OUTPUTS = 1


class EmbeddingNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        inputs = [BANDS] + [UNITS] * (len(CONVOLUTIONS) - 1)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(count, UNITS, frames, dilation=dilation, padding=dilation * (frames // 2))
            for count, (frames, dilation) in zip(inputs, CONVOLUTIONS)
        )
        self.widen = nn.Conv1d(UNITS, WIDE_UNITS, 1)
        self.norms = nn.ModuleList(nn.BatchNorm1d(count) for count in [UNITS] * len(CONVOLUTIONS) + [WIDE_UNITS])
        self.frame_head = nn.Conv1d(WIDE_UNITS, FRAME_OUTPUTS, 1)
        self.head = nn.Linear(2 * WIDE_UNITS, DIMENSIONS + STRETCH_OUTPUTS)

    def frames(self, features):
        """(units, outputs): [batch, WIDE_UNITS, frames] and [batch, FRAME_OUTPUTS, frames] of features [batch, frames, BANDS]."""
        values = features.transpose(1, 2)
        for layer, norm in zip([*self.convolutions, self.widen], self.norms):
            values = functional.relu(norm(layer(values)))
        return values, self.frame_head(values)

    def forward(self, features):
        """(embeddings of unit length [batch, DIMENSIONS], reverberation [batch], frame logits without the weight [batch, 3, frames])."""
        units, outputs = self.frames(features)
        values = self.head(self.statistics(units, torch.sigmoid(outputs[:, 3])))
        return functional.normalize(values[:, :DIMENSIONS], dim=1), values[:, DIMENSIONS], outputs[:, :3]

    def statistics(self, units, weights):
        """[batch, 2 WIDE_UNITS] weighted mean and standard deviation over time."""
        shares = (weights / (weights.sum(1, keepdim=True) + 1e-6))[:, None]
        mean = (units * shares).sum(2)
        variance = ((units**2 * shares).sum(2) - mean**2).clamp(min=0)
        return torch.cat([mean, (variance + 1e-4).sqrt()], 1)


class PairLoss(nn.Module):
    """Angular prototypical loss (Chung et al. 2020) of embeddings [2 voices, DIMENSIONS] whose neighbours 2k and 2k + 1 are of one voice."""

    def __init__(self):
        super().__init__()
        self.scale, self.offset = nn.Parameter(torch.tensor(10.0)), nn.Parameter(torch.tensor(-3.0))

    def forward(self, embeddings):
        first, second = embeddings[0::2], embeddings[1::2]
        logits = self.scale.clamp(min=1) * (first @ second.T) + self.offset
        labels = torch.arange(len(first))
        return (functional.cross_entropy(logits, labels) + functional.cross_entropy(logits.T, labels)) / 2
