"""Exports a checkpoint for the engine: python3 export.py CHECKPOINT NETWORK.json GOLDEN.json

NETWORK.json: int8 weights with one scale per output unit, base64. GOLDEN.json: inputs and outputs of a few frames at two hops, computed
with the weights as exported, for the test of another implementation.
"""

import base64
import json
import pathlib
import sys

import numpy as np
import torch

import checkpoint
from features import BANDS, DYNAMIC, FINE_PER_BAND, STATIC, fine_edges
from geometry import geometry
from network import REFERENCE_HOP_SECONDS, MaskNetwork

LARGEST_STEP = 127
GOLDEN_FRAMES = 6
GOLDEN_HOPS = ('monitor', 'call')


def rows_of(name, weights):
    """[rows, inputs]: each row the weights of one output unit. Layers of `Recurrence` and `PerBand` are stored as inputs x outputs."""
    matrix = weights.detach().float().numpy()
    if matrix.ndim == 3 and name.endswith('weights'):
        matrix = matrix.transpose(0, 2, 1)
    return matrix.reshape(-1, matrix.shape[-1]) if matrix.ndim > 1 else matrix


def quantised(network):
    """Replaces the matrices of a network by their int8 values; returns the layers as plain data."""
    layers = {}
    with torch.no_grad():
        for name, weights in network.named_parameters():
            is_matrix = weights.ndim > 1 and not name.endswith('biases')
            if not is_matrix:
                layers[name] = {'values': [float(f'{value:.7g}') for value in weights.flatten().tolist()]}
                continue
            matrix = rows_of(name, weights)
            scales = (np.abs(matrix).max(1) / LARGEST_STEP).clip(1e-12).astype(np.float32)
            steps = np.rint(matrix / scales[:, None]).astype(np.int8)
            layers[name] = {
                'inputs': matrix.shape[1],
                'scales': base64.b64encode(scales.astype('<f4').tobytes()).decode(),
                'steps': base64.b64encode(steps.tobytes()).decode(),
            }
            restored = steps * scales[:, None]
            if weights.ndim == 3:
                restored = restored.reshape(weights.shape[0], weights.shape[2], weights.shape[1]).transpose(0, 2, 1)
            weights.copy_(torch.tensor(np.ascontiguousarray(restored)).view_as(weights))
    return layers


def golden(network):
    """Random inputs [frames][BANDS][15], static inputs [BANDS][12] and the corrections [frames][BANDS][FINE_PER_BAND] at each hop."""
    generator = torch.Generator().manual_seed(5)
    cases = []
    for mode in GOLDEN_HOPS:
        hop_seconds = geometry(mode).hop_seconds
        dynamic = torch.randn(BANDS, GOLDEN_FRAMES, 1, FINE_PER_BAND * DYNAMIC, generator=generator)
        static = torch.randn(BANDS, 1, STATIC, generator=generator)
        dynamic, static = (dynamic * 1000).round() / 1000, (static * 1000).round() / 1000
        with torch.no_grad():
            corrections = network(dynamic, static, hop_seconds)
        rounded = lambda values, digits: [round(value, digits) for value in values.flatten().tolist()]
        cases.append(
            {
                'hopSeconds': hop_seconds,
                'dynamic': rounded(dynamic[:, :, 0].transpose(0, 1), 3),
                'static': rounded(static[:, 0], 3),
                'corrections': rounded(corrections[:, :, 0].transpose(0, 1), 6),
            }
        )
    return cases


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    source, network_file, golden_file = (pathlib.Path(argument) for argument in sys.argv[1:])
    network, average = MaskNetwork(), MaskNetwork()
    progress = checkpoint.load(source, network, average)
    layers = quantised(average)
    content = {
        'format': 'unmingle-universal-mask-network',
        'version': 1,
        'audioHours': round(progress['audioHours'], 2),
        'referenceHopSeconds': REFERENCE_HOP_SECONDS,
        'fineEdgesHertz': [round(float(edge), 3) for edge in fine_edges()],
        'layers': layers,
    }
    network_file.write_text(json.dumps(content, indent=1) + '\n')
    golden_file.write_text(json.dumps(golden(average)) + '\n')
    print(f'{network_file}: {network_file.stat().st_size} bytes, {progress["audioHours"]:.1f} h of audio')


if __name__ == '__main__':
    main()
