"""Compares STFT, templates' copies, activations and mask of these scripts with the engine's: python3 checkFrontEnd.py OUT_OF_frontEnd.mjs"""

import json
import sys

import numpy as np
import torch

from features import mask_logits, models_of
from geometry import geometry
from nmf import with_copies


def main():
    with open(sys.argv[1], 'rb') as file:
        header = json.loads(file.readline())
        values = np.frombuffer(file.read(), np.float32)
    arrays = dict(zip(header['lengths'], np.split(values, np.cumsum(list(header['lengths'].values()))[:-1])))
    bins, frames = header['bins'], header['frames']
    plan = geometry('monitor')
    assert (plan.window_samples, plan.hop_samples) == (header['windowSamples'], header['hopSamples'])
    matrix = lambda name: torch.tensor(arrays[name].reshape(-1, bins))
    magnitudes = plan.magnitudes(plan.stft(torch.tensor(arrays['samples'])[None]))[0, :frames]
    print(f'V: largest difference {float((magnitudes - matrix("magnitudes")).abs().max()):.1e}')
    templates = [matrix('firstTemplates'), matrix('secondTemplates')]
    core = templates[0][: len(templates[0]) // 3]
    copies = with_copies(core)
    print(f'copies: mean difference {float((copies - templates[0]).abs().mean()):.3f} (rows have mean 1; those here are interpolated)')
    powers = matrix('magnitudes') ** 4
    gains = matrix('gains')
    for iterations in (8, 12, 16, 40):
        own, others = models_of(plan, magnitudes[None], [rows[None] for rows in templates], False, iterations)
        mask = torch.sigmoid(mask_logits(own, others))[0]
        difference = ((mask - gains) ** 2 * powers).sum() / powers.sum()
        spread = ((gains - (gains * powers).sum() / powers.sum()) ** 2 * powers).sum() / powers.sum()
        print(f'mask after {iterations} updates: RMS difference {float(difference) ** 0.5:.3f}, spread of the mask {float(spread) ** 0.5:.3f}')


if __name__ == '__main__':
    main()
