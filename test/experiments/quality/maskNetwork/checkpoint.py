"""Checkpoints small enough to commit: weights, their running average and Adam's state, all as float16."""

import numpy as np
import torch


def save(path, network, average, optimiser, progress):
    """Writes an .npz; `progress` holds plain numbers. The second moments are stored as square roots: float16 would flush them to 0."""
    arrays = {}
    for name, weights in network.named_parameters():
        arrays[f'weights/{name}'] = weights
        state = optimiser.state.get(weights)
        if state:
            arrays[f'first/{name}'] = state['exp_avg'] * 1024
            arrays[f'second/{name}'] = state['exp_avg_sq'].sqrt() * 1024
    for name, weights in average.named_parameters():
        # The average is close to the weights: as a difference it keeps its precision.
        arrays[f'average/{name}'] = weights - dict(network.named_parameters())[name]
    packed = {key: value.detach().cpu().half().numpy() for key, value in arrays.items()}
    numbers = {f'progress/{key}': np.float64(value) for key, value in progress.items()}
    temporary = path.with_suffix('.tmp.npz')
    np.savez_compressed(temporary, **packed, **numbers)
    temporary.replace(path)


def load(path, network, average, optimiser=None):
    """Reads an .npz into the networks, and into the optimiser if there is one; returns `progress`."""
    arrays = np.load(path)
    progress = {key.split('/', 1)[1]: float(arrays[key]) for key in arrays if key.startswith('progress/')}
    averaged = dict(average.named_parameters())
    with torch.no_grad():
        for name, weights in network.named_parameters():
            read = lambda kind: torch.tensor(arrays[f'{kind}/{name}']).float().to(weights.device)
            weights.copy_(read('weights'))
            averaged[name].copy_(weights + read('average'))
            if optimiser is not None and f'first/{name}' in arrays:
                optimiser.state[weights] = {
                    'step': torch.tensor(progress['step']),
                    'exp_avg': read('first') / 1024,
                    'exp_avg_sq': (read('second') / 1024) ** 2,
                }
    return progress
