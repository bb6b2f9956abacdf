"""Scales the embedding's directions by how much they differ within voices, so that its scalar products compare voices best."""

import numpy as np
import torch

from embeddingNetwork import DIMENSIONS
from frontEnd import SAMPLE_RATE_HERTZ, features_of
from stretches import equalized
from validation import padded

SECONDS, STRETCHES = 1.5, 6
# Share of the mean variance within voices that is added to that of each direction.
REGULARIZATION = 0.1


def whiten(network, speakers):
    """
    Folds into the head: minus the mean over voices, times the inverse square root of the covariance within voices.
    @param speakers: those that the network was trained on
    """
    with torch.no_grad():
        voices = np.stack([stretches_of(network, speakers, index) for index in range(len(speakers.names))])
        means = voices.mean(1, keepdims=True)
        deviations = (voices - means).reshape(-1, DIMENSIONS)
        variances, directions = np.linalg.eigh(deviations.T @ deviations / len(deviations))
        scales = 1 / np.sqrt(variances + REGULARIZATION * variances.mean())
        matrix = torch.tensor(directions * scales @ directions.T, dtype=torch.float32)
        head = network.head
        head.weight[:DIMENSIONS] = matrix @ head.weight[:DIMENSIONS]
        head.bias[:DIMENSIONS] = matrix @ (head.bias[:DIMENSIONS] - torch.tensor(means.mean((0, 1)), dtype=torch.float32))


def stretches_of(network, speakers, index):
    """[STRETCHES, DIMENSIONS] of one speaker, each through a microphone of its own; not of unit length"""
    random = np.random.default_rng(index)
    first, end = speakers.spans[index]
    samples = int(SECONDS * SAMPLE_RATE_HERTZ)
    starts = np.linspace(first, max(first, end - samples), STRETCHES).astype(int)
    signals = [equalized(random, padded(speakers.samples[start : start + samples], samples)) for start in starts]
    units, outputs = network.frames(features_of(torch.tensor(np.stack(signals))))
    return network.head(network.statistics(units, torch.sigmoid(outputs[:, 3])))[:, :DIMENSIONS].numpy()
