"""Trains the network that finds where a known voice speaks.

    nice -n 19 env OMP_NUM_THREADS=1 python3 train.py NETWORK.pt --validation VALIDATION.npz --steps 3000 CHUNKS.npz ...

The chunks are made by makeChunks.py. A core takes 6 to 10 steps a second.
"""

import argparse
import json
import pathlib
import time

import numpy as np
import torch
from torch.nn import functional

from targetNetwork import TargetNetwork

RATE, WARM_UP_STEPS, BATCH = 2e-3, 200, 48
# Chance that a voice is looked for that is absent, and that the others are not known.
ABSENT_SHARE, UNKNOWN_SHARE = 0.35, 0.25
# Embeddings of voices that were found hold something of each other.
MIXED_SHARE, LARGEST_MIX, EMBEDDING_NOISE = 0.4, 0.35, 0.03
REPORT_STEPS = 500
NAMES = ('units', 'info', 'local', 'profiles', 'flags')


def load(paths):
    parts = [np.load(path) for path in paths]
    return {name: np.concatenate([part[name] for part in parts]) for name in NAMES}


def unit(vector):
    length = np.linalg.norm(vector)
    return vector / length if length > 0 else vector


def examples(chunks, indices, random, is_training):
    """Tensors of one voice of each chunk; for validation, of each voice and of the absent one."""
    rows, own, others, labels = [], [], [], []
    for index in indices:
        profiles = chunks['profiles'][index].astype(np.float32)
        active = chunks['flags'][index].astype(np.float32) > 0.5
        voices = [voice for voice in range(len(profiles) - 1) if np.any(profiles[voice])]
        has_absent = not is_training or random.random() < ABSENT_SHARE
        targets = [*voices, len(profiles) - 1] if has_absent else voices
        for target in [targets[random.integers(len(targets))]] if is_training else targets:
            rest = [voice for voice in voices if voice != target]
            voice, all_others = profiles[target].copy(), profiles[rest].sum(0)
            if is_training:
                voice, all_others = blurred(random, profiles, target, rest)
            rows.append(index)
            own.append(unit(voice))
            others.append(unit(all_others) if rest else 0 * voice)
            if is_training and random.random() < UNKNOWN_SHARE:
                others[-1] = 0 * voice
            labels.append(np.stack([active[target], active[rest].any(0)]))
    rows = np.array(rows)
    tensors = [chunks['units'][rows], chunks['info'][rows], chunks['local'][rows], own, others, labels]
    return [torch.tensor(np.asarray(values, np.float32)) for values in tensors]


def blurred(random, profiles, target, rest):
    voice, others = profiles[target].copy(), profiles[rest].sum(0)
    if rest and random.random() < MIXED_SHARE:
        voice += random.uniform(0, LARGEST_MIX) * profiles[rest[random.integers(len(rest))]]
    if rest and random.random() < MIXED_SHARE:
        others += random.uniform(0, LARGEST_MIX) * len(rest) * profiles[target]
    noise = lambda: random.normal(0, EMBEDDING_NOISE, voice.shape)
    return voice + noise(), others + noise()


def summary(network, chunks):
    """Shares of wrong blocks, and how well blocks are found in which the voice speaks beside another one."""
    network.eval()
    outputs, labels = [], []
    with torch.no_grad():
        for first in range(0, len(chunks['flags']), BATCH):
            indices = range(first, min(first + BATCH, len(chunks['flags'])))
            *inputs, label = examples(chunks, indices, np.random.default_rng(2), is_training=False)
            outputs.append(torch.sigmoid(network(*inputs)))
            labels.append(label)
    network.train()
    chances, truth = torch.cat(outputs).numpy(), torch.cat(labels).numpy() > 0.5
    wrong = ((chances > 0.5) != truth).mean((0, 2))
    score, is_both = chances.min(1).ravel(), truth.all(1).ravel()
    ranks = score.argsort().argsort()
    count = is_both.sum()
    area = (ranks[is_both].sum() - count * (count - 1) / 2) / (count * (len(score) - count))
    found = score > 0.5
    f1 = 2 * (found & is_both).sum() / (found.sum() + count)
    return {'wrongOwn': round(float(wrong[0]), 4), 'wrongOthers': round(float(wrong[1]), 4), 'overlapArea': round(float(area), 4), 'overlapF1': round(float(f1), 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('network', type=pathlib.Path)
    parser.add_argument('chunks', type=pathlib.Path, nargs='+')
    parser.add_argument('--validation', type=pathlib.Path, required=True)
    parser.add_argument('--steps', type=int, default=3000)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    chunks, validation = load(options.chunks), load([options.validation])
    network = TargetNetwork()
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=0.02)
    started = time.monotonic()
    for step in range(1, options.steps + 1):
        for group in optimiser.param_groups:
            group['lr'] = RATE * min(1, step / WARM_UP_STEPS) * (0.5 + 0.5 * np.cos(np.pi * step / options.steps))
        *inputs, labels = examples(chunks, random.integers(len(chunks['flags']), size=BATCH), random, is_training=True)
        loss = functional.binary_cross_entropy_with_logits(network(*inputs), labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5)
        optimiser.step()
        if step % REPORT_STEPS == 0 or step == options.steps:
            line = {'step': step, 'chunks': len(chunks['flags']), **summary(network, validation)}
            print(f'{time.monotonic() - started:.0f} s', json.dumps(line), flush=True)
            torch.save(network.state_dict(), options.network)


if __name__ == '__main__':
    main()
