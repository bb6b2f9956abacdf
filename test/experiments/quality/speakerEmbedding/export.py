"""Exports a checkpoint for the engine: python3 export.py CACHE CHECKPOINT

Writes engine/embedding/embeddingWeights.ts, and test/engine/embedding/embeddingGolden.json: a short signal's features, units and outputs
by the network with the weights as exported.
"""

import base64
import json
import pathlib
import sys

import numpy as np
import torch

from embeddingNetwork import EmbeddingNetwork
from frontEnd import SAMPLE_RATE_HERTZ, features_of
from stretches import Speakers
from validation import Validation
from whitening import whiten

ROOT = pathlib.Path(__file__).resolve().parents[4]
LARGEST_STEP = 127
GOLDEN_SECONDS = 0.5


def fold_norms(network):
    """Moves each batch normalisation into the convolution before it; the network then computes the same without them."""
    with torch.no_grad():
        for layer, norm in zip([*network.convolutions, network.widen], network.norms):
            scale = norm.weight / (norm.running_var + norm.eps).sqrt()
            layer.weight.mul_(scale[:, None, None])
            layer.bias.copy_((layer.bias - norm.running_mean) * scale + norm.bias)
            norm.reset_running_stats()
            norm.weight.fill_(float(np.sqrt(1 + norm.eps)))
            norm.bias.zero_()


def layers_of(network):
    """(weights [outputs, ...], biases [outputs]) in the order of EMBEDDING_LAYERS in engine/embedding/EmbeddingNetwork.ts."""
    return [(layer.weight, layer.bias) for layer in [*network.convolutions, network.widen, network.frame_head, network.head]]


def quantized(network):
    """Rounds the network's weights to int8 in place and returns the bytes to store: inputs of a convolution's first frame first."""
    parts = []
    with torch.no_grad():
        for weights, biases in layers_of(network):
            scales = (weights.flatten(1).abs().amax(1) / LARGEST_STEP).clamp(min=1e-9)
            shape = (-1,) + (1,) * (weights.dim() - 1)
            steps = (weights / scales.reshape(shape)).round().clamp(-LARGEST_STEP, LARGEST_STEP)
            weights.copy_(steps * scales.reshape(shape))
            ordered = steps.permute(2, 1, 0) if weights.dim() == 3 else steps.T
            parts += [scales.numpy().astype('<f4').tobytes(), biases.numpy().astype('<f4').tobytes()]
            parts.append(ordered.contiguous().numpy().astype(np.int8).tobytes())
    return b''.join(parts)


def golden(network):
    """A sum of decaying tones, which any language computes alike."""
    time = np.arange(int(GOLDEN_SECONDS * SAMPLE_RATE_HERTZ)) / SAMPLE_RATE_HERTZ
    signal = sum(np.sin(2 * np.pi * 130 * k * time) * np.exp(-3 * time) / k for k in range(1, 12)) * 0.05
    features = features_of(torch.tensor(signal, dtype=torch.float32)[None])
    with torch.no_grad():
        embeddings, reverberation, frames = network(features)
    rounded = lambda values: [round(float(value), 5) for value in values.flatten()]
    return {
        'firstFeatures': rounded(features[0, 0]),
        'lastFeatures': rounded(features[0, -1]),
        'frameLogits': rounded(frames[0, :, features.shape[1] // 2]),
        'embedding': rounded(embeddings),
        'reverberationLogit': rounded(reverberation)[0],
    }


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    cache, checkpoint = map(pathlib.Path, sys.argv[1:])
    network = EmbeddingNetwork()
    network.load_state_dict(torch.load(checkpoint, map_location='cpu')['network'])
    network.eval()
    fold_norms(network)
    whiten(network, Speakers(cache, is_validation=False))
    print(json.dumps(Validation(Speakers(cache, is_validation=True)).summary(network)))
    network.eval()
    stored = base64.b64encode(quantized(network)).decode()
    (ROOT / 'engine/embedding/embeddingWeights.ts').write_text(
        '/** Weights of the embedding network, by test/experiments/quality/speakerEmbedding/export.py. See `embeddingWeights`. */\n'
        f"export const embeddingWeightsBase64 =\n  '{stored}';\n"
    )
    path = ROOT / 'test/engine/embedding/embeddingGolden.json'
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(golden(network)) + '\n')


if __name__ == '__main__':
    main()
