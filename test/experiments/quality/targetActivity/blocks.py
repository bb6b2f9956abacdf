"""Blocks of 0.1 s as the engine makes them (engine/embedding/SpeechBlocks.ts), by the embedding network as exported."""

import pathlib
import sys

import numpy as np
import torch
from torch.nn import functional

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / 'speakerEmbedding'))

from embeddingNetwork import DIMENSIONS, EmbeddingNetwork  # noqa: E402
from export import fold_norms, quantized  # noqa: E402
from frontEnd import AVERAGES, FLOOR, HOP_SAMPLES, WINDOW, WINDOW_SAMPLES  # noqa: E402
from whitening import whiten  # noqa: E402

LEAD_SAMPLES = (WINDOW_SAMPLES - HOP_SAMPLES) // 2
BLOCK_FRAMES, CHUNK_FRAMES, CONTEXT_FRAMES = 10, 200, 50
QUIETEST_STRETCH = 0.01
# Blocks before and after each one that its surroundings have.
REACHES = (7, 2)


def exported_network(speakers):
    """The network of engine/embedding/embeddingWeights.ts, from its checkpoint. @param speakers: those that it was trained on"""
    network = EmbeddingNetwork()
    path = pathlib.Path(__file__).resolve().parent.parent / 'speakerEmbedding/embedding.pt'
    network.load_state_dict(torch.load(path, map_location='cpu')['network'])
    network.eval()
    fold_norms(network)
    whiten(network, speakers)
    network.eval()
    quantized(network)
    return network


def frames_of(network, signals):
    """(units [batch, frames, 192], outputs [batch, frames, 4]) of signals [batch, samples], in stretches that are levelled each on its own."""
    padded = functional.pad(torch.as_tensor(signals), (LEAD_SAMPLES, LEAD_SAMPLES))
    spectra = torch.fft.rfft(padded.unfold(-1, WINDOW_SAMPLES, HOP_SAMPLES) * WINDOW)
    bands = (spectra.real**2 + spectra.imag**2) @ AVERAGES
    units, outputs = [], []
    loudest = torch.zeros(len(bands), 1, 1)
    for first in range(0, bands.shape[1], CHUNK_FRAMES):
        start, end = max(0, first - CONTEXT_FRAMES), min(bands.shape[1], first + CHUNK_FRAMES)
        stretch = bands[:, start : end + CONTEXT_FRAMES]
        mean = stretch.mean((1, 2), keepdim=True)
        loudest = torch.maximum(loudest, mean)
        level = torch.maximum(mean, QUIETEST_STRETCH * loudest)
        with torch.no_grad():
            parts = network.frames(0.5 * torch.log10(stretch / (level + 1e-12) + FLOOR))
        for values, part in zip((units, outputs), parts):
            values.append(part[:, :, first - start : end - start].transpose(1, 2))
    return torch.cat(units, 1), torch.cat(outputs, 1)


def blocks_of(units, outputs):
    """(mean units [batch, blocks, 192], speech, overlap, disturbance and weight [batch, blocks, 4], sums of squares of the units)"""
    batch, frames, count = units.shape
    blocks = frames // BLOCK_FRAMES
    units = units[:, : BLOCK_FRAMES * blocks].reshape(batch, blocks, BLOCK_FRAMES, count)
    chances = torch.sigmoid(outputs[:, : BLOCK_FRAMES * blocks]).reshape(batch, blocks, BLOCK_FRAMES, -1)
    weights = chances[..., 3:]
    weight = weights.sum(2)
    found = torch.cat([chances[..., :3].mean(2), weight], 2)
    return (units * weights).sum(2) / (weight + 1e-6), found, (units**2 * weights).sum(2)


def surroundings_of(network, means, found, squares):
    """[batch, blocks, 2 DIMENSIONS] embeddings of the longer and of the shorter surroundings of each block"""
    weights = found[..., 3:]

    def sums(values, reach):
        length = 2 * reach + 1
        return functional.avg_pool1d(values.transpose(1, 2), length, 1, reach).transpose(1, 2) * length

    vectors = []
    for reach in REACHES:
        weight = sums(weights, reach)
        mean = sums(means * weights, reach) / (weight + 1e-6)
        variance = (sums(squares, reach) / (weight + 1e-6) - mean**2).clamp(min=0)
        with torch.no_grad():
            output = network.head(torch.cat([mean, (variance + 1e-4).sqrt()], 2))
        vectors.append(functional.normalize(output[..., :DIMENSIONS], dim=2))
    return torch.cat(vectors, 2)


def embedding_of(network, units, outputs):
    """[batch, DIMENSIONS] embedding of all frames"""
    statistics = network.statistics(units.transpose(1, 2), torch.sigmoid(outputs[..., 3]))
    with torch.no_grad():
        return functional.normalize(network.head(statistics)[:, :DIMENSIONS], dim=1)
