"""Exports a network for the engine: python3 exportNetwork.py NETWORK.pt

Writes engine/embedding/targetActivityWeights.ts, and test/engine/embedding/targetActivityGolden.json: what the network finds in a seeded
recording with the weights as exported.
"""

import base64
import json
import pathlib
import sys

import numpy as np
import torch

from targetNetwork import DIMENSIONS, EMBEDDING_UNITS, TargetNetwork, evaluate, folded_layers

ROOT = pathlib.Path(__file__).resolve().parents[4]
LARGEST_STEP = 127
GOLDEN_BLOCKS = 30


def quantized(layers):
    """(layers with weights rounded to int8, bytes to store): inputs of a convolution's first block first."""
    rounded, parts = [], []
    for weights, biases in layers:
        scales = (weights.flatten(1).abs().amax(1) / LARGEST_STEP).clamp(min=1e-9)
        shape = (-1,) + (1,) * (weights.dim() - 1)
        steps = (weights / scales.reshape(shape)).round().clamp(-LARGEST_STEP, LARGEST_STEP)
        rounded.append((steps * scales.reshape(shape), biases))
        ordered = steps.permute(2, 1, 0) if weights.dim() == 3 else steps.T
        parts += [scales.numpy().astype('<f4').tobytes(), biases.numpy().astype('<f4').tobytes()]
        parts.append(ordered.contiguous().numpy().astype(np.int8).tobytes())
    return rounded, b''.join(parts)


def wave(count, step):
    """[count] values from 0 to 1 that any language computes alike"""
    return torch.tensor(0.5 + 0.5 * np.sin(step * np.arange(1, count + 1)), dtype=torch.float32)


def golden(layers):
    """As `goldenRecording` in test/engine/embedding/TargetActivityInference.test.ts."""
    units = 2 * wave(GOLDEN_BLOCKS * EMBEDDING_UNITS, 0.7).reshape(GOLDEN_BLOCKS, EMBEDDING_UNITS)
    found = wave(GOLDEN_BLOCKS * 4, 0.3).reshape(GOLDEN_BLOCKS, 4) * torch.tensor([1.0, 1.0, 1.0, 10.0])
    vectors = wave(GOLDEN_BLOCKS * 2 * DIMENSIONS, 1.3).reshape(GOLDEN_BLOCKS, 2, DIMENSIONS) - 0.5
    surroundings = torch.nn.functional.normalize(vectors, dim=2).flatten(1)
    own, others = (torch.nn.functional.normalize(wave(DIMENSIONS, step) - 0.5, dim=0) for step in (1.1, 1.7))
    chances = torch.sigmoid(evaluate(layers, units, found, surroundings, own, others))
    return {'own': rounded_list(chances[0]), 'others': rounded_list(chances[1])}


def rounded_list(values):
    return [round(float(value), 5) for value in values]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    network = TargetNetwork()
    network.load_state_dict(torch.load(sys.argv[1], map_location='cpu'))
    network.eval()
    layers, stored = quantized(folded_layers(network))
    (ROOT / 'engine/embedding/targetActivityWeights.ts').write_text(
        '/** Weights of the network, by test/experiments/quality/targetActivity/exportNetwork.py. See `targetActivityWeights`. */\n'
        f"export const targetActivityWeightsBase64 =\n  '{base64.b64encode(stored).decode()}';\n"
    )
    (ROOT / 'test/engine/embedding/targetActivityGolden.json').write_text(json.dumps(golden(layers)) + '\n')
    print(f'{len(stored)} bytes')


if __name__ == '__main__':
    main()
