"""Exports a checkpoint for the engine: python3 export.py CHECKPOINT NETWORK.json GOLDEN.json

NETWORK.json: layers by name, each `groups` matrices of [outputs x inputs] in int8 with one float32 scale per output, and float32 biases,
all base64. GOLDEN.json: inputs and outputs of a few frames at two hops, computed with the weights as exported, for the test of another
implementation.
"""

import base64
import json
import pathlib
import sys
import types

import numpy as np
import torch

import checkpoint
from features import (
    BANDS,
    DYNAMIC,
    FINE_BANDS,
    FINE_PER_BAND,
    STATIC,
    corrected_logits,
    dynamic_features,
    static_features,
)
from geometry import geometry
from network import REFERENCE_HOP_SECONDS, MaskNetwork, PerBand, Recurrence

LARGEST_STEP = 127
GOLDEN_FRAMES = 6
GOLDEN_HOPS = ('monitor', 'call')
# Bins, their spacing in hertz and the hop in seconds: 40 ms at 16 kHz, 64 ms at 20 kHz.
GOLDEN_SPECTRA = ((321, 25.0, 0.008), (641, 15.625, 0.016))


def fold_scales(network):
    """Multiplies the scales of the residual branches into the last layer of each branch."""
    with torch.no_grad():
        for block in network.blocks:
            recurrence, mixer, channels = block.scales.tolist()
            for layer, scale in ((block.recurrence.output, recurrence), (block.mix_out, mixer)):
                layer.weight.mul_(scale)
                layer.bias.mul_(scale)
            block.channel_out.weights.mul_(channels)
            block.channel_out.biases.mul_(channels)
            block.scales.fill_(1)


def affine_layers(network):
    """{name: (weights [groups, outputs, inputs], biases)}: views of the network's parameters."""
    layers = {}
    for name, module in network.named_modules():
        if isinstance(module, torch.nn.Linear):
            layers[name] = (module.weight[None], module.bias)
        elif isinstance(module, PerBand):
            layers[name] = (module.weights.transpose(1, 2), module.biases)
        elif isinstance(module, Recurrence):
            # The three gates are one layer: update, forget, output.
            layers[f'{name}.gates'] = (module.weights.transpose(1, 2), module.biases)
    return layers


def quantised(network):
    """Rounds the weights of a network to int8 in place; returns the layers as plain data."""
    text = lambda array: base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    exported = {}
    with torch.no_grad():
        for name, (weights, biases) in affine_layers(network).items():
            scales = (weights.abs().amax(2, keepdim=True) / LARGEST_STEP).clamp(min=1e-12)
            steps = (weights / scales).round()
            weights.copy_(steps * scales)
            groups, outputs, inputs = weights.shape
            if name.endswith('.gates'):
                groups, outputs = 1, groups * outputs
            exported[name] = {
                'groups': groups,
                'inputs': inputs,
                'outputs': outputs,
                'scales': text(scales.numpy().astype('<f4')),
                'steps': text(steps.numpy().astype(np.int8)),
                'biases': text(biases.numpy().astype('<f4')),
            }
    return exported


def rounded(values, digits=6):
    """A flat list of numbers."""
    return [float(f'{value:.{digits}g}') for value in values.flatten().tolist()]


def golden_networks(network):
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
        cases.append(
            {
                'hopSeconds': hop_seconds,
                'dynamic': rounded(dynamic[:, :, 0].transpose(0, 1)),
                'static': rounded(static[:, 0]),
                'corrections': rounded(corrections[:, :, 0].transpose(0, 1)),
            }
        )
    return cases


def golden_features():
    """Features of random magnitudes and models [frames][bins] and templates [3][bins], and corrections [FINE_BANDS] spread over bins."""
    generator = torch.Generator().manual_seed(6)
    cases = []
    for bins, bin_hertz, hop_seconds in GOLDEN_SPECTRA:
        plan = types.SimpleNamespace(bins=bins, bin_hertz=bin_hertz, hop_seconds=hop_seconds)
        draw = lambda count: torch.tensor(rounded(torch.rand(1, count, bins, generator=generator) ** 2 + 1e-4, 4)).view(1, count, bins)
        magnitudes, own, others, own_templates, other_templates = (draw(3) for _ in range(5))
        corrections = torch.linspace(-1, 1, FINE_BANDS).view(BANDS, 1, 1, FINE_PER_BAND)
        cases.append(
            {
                'bins': bins,
                'binHertz': bin_hertz,
                'hopSeconds': hop_seconds,
                'magnitudes': rounded(magnitudes),
                'own': rounded(own),
                'others': rounded(others),
                'ownTemplates': rounded(own_templates),
                'otherTemplates': rounded(other_templates),
                'dynamic': rounded(dynamic_features(plan, magnitudes, own, others)[:, :, 0].transpose(0, 1)),
                'static': rounded(static_features(plan, own_templates, other_templates)[:, 0]),
                'spread': rounded(corrected_logits(plan, torch.zeros(1, 1, bins), corrections)),
            }
        )
    return cases


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    source, network_file, golden_file = (pathlib.Path(argument) for argument in sys.argv[1:])
    network, average = MaskNetwork(), MaskNetwork()
    progress = checkpoint.load(source, network, average)
    fold_scales(average)
    layers = quantised(average)
    content = {
        'format': 'unmingle-universal-mask-network',
        'version': 1,
        'audioHours': round(progress['audioHours'], 2),
        'referenceHopSeconds': REFERENCE_HOP_SECONDS,
        'layers': layers,
    }
    network_file.write_text(json.dumps(content, indent=1) + '\n')
    golden = {'networks': golden_networks(average), 'features': golden_features()}
    golden_file.write_text(json.dumps(golden) + '\n')
    print(f'{network_file}: {network_file.stat().st_size} bytes, {progress["audioHours"]:.1f} h of audio')


if __name__ == '__main__':
    main()
