"""Exports a checkpoint for the engine: python3 export.py CHECKPOINT

Writes engine/network/activityWeights.ts, and test/engine/network/activityGolden.json: features of a few frames, and what the network
with the weights as exported makes of them, at two hops.
"""

import base64
import json
import pathlib
import sys

import numpy as np
import torch

from activityNetwork import BANDS, FEATURES, ActivityNetwork

ROOT = pathlib.Path(__file__).resolve().parents[4]
LARGEST_STEP = 127
GOLDEN_FRAMES = 5
GOLDEN_SPEAKERS = 3
# In units of the network's own hop of 8 ms.
GOLDEN_HOPS = (1, 2)


def layers_of(network):
    """(weights [inputs, outputs], biases [outputs]) in the order of ACTIVITY_LAYERS in engine/network/ActivityNetwork.ts."""

    def linear(layer):
        return layer.weight.T, layer.bias

    def gates(recurrence):
        return torch.cat(list(recurrence.weights), 1), recurrence.biases.flatten()

    return [
        linear(network.input),
        gates(network.first),
        linear(network.first.output),
        linear(network.mixing),
        gates(network.second),
        linear(network.second.output),
        linear(network.head),
    ]


def quantized(network):
    """Rounds the network's weights to int8 in place and returns the bytes to store."""
    parts = []
    with torch.no_grad():
        for weights, biases in layers_of(network):
            scales = (weights.abs().amax(0) / LARGEST_STEP).clamp(min=1e-9)
            steps = (weights / scales).round().clamp(-LARGEST_STEP, LARGEST_STEP)
            parts += [scales.numpy().astype('<f4').tobytes(), biases.numpy().astype('<f4').tobytes()]
            parts.append(steps.contiguous().numpy().astype(np.int8).tobytes())
            set_weights(network, weights, steps * scales)
    return b''.join(parts)


def set_weights(network, weights, values):
    """Views of a parameter are written through; the joined gates of a recurrence are split again."""
    for recurrence in (network.first, network.second):
        joined = torch.cat(list(recurrence.weights), 1)
        if weights.shape == joined.shape and torch.equal(weights, joined):
            recurrence.weights.copy_(torch.stack(values.chunk(3, 1)))
            return
    weights.copy_(values)


def golden(network):
    random = np.random.default_rng(5)
    features = random.normal(0, 0.7, (1, GOLDEN_FRAMES, GOLDEN_SPEAKERS, FEATURES * BANDS)).astype(np.float32).round(3)
    rounded = lambda values: [round(float(value), 5) for value in values.flatten()]
    outputs = []
    with torch.no_grad():
        for hops in GOLDEN_HOPS:
            corrections, logits = network(torch.tensor(features), hops)
            outputs.append({'hops': hops, 'corrections': rounded(corrections[0, -1]), 'logits': rounded(logits[0, -1])})
    return {'frames': GOLDEN_FRAMES, 'speakers': GOLDEN_SPEAKERS, 'features': rounded(features), 'outputs': outputs}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    network = ActivityNetwork()
    network.load_state_dict(torch.load(sys.argv[1], map_location='cpu')['average'])
    stored = base64.b64encode(quantized(network)).decode()
    (ROOT / 'engine/network/activityWeights.ts').write_text(
        '/** Weights of the activity network, by test/experiments/quality/speakerActivity/export.py. See `activityWeights`. */\n'
        f"export const activityWeightsBase64 =\n  '{stored}';\n"
    )
    (ROOT / 'test/engine/network/activityGolden.json').write_text(json.dumps(golden(network)) + '\n')


if __name__ == '__main__':
    main()
