"""Trains the embedding network; can be stopped at any time and resumed.

    nice -n 19 env OMP_NUM_THREADS=1 python3 train.py CACHE CHECKPOINT --minutes 60 [--resume]

CACHE is the folder that ../maskNetwork/voices.py wrote. CHECKPOINT (.pt) is written every three minutes, with a line of validation in
the .jsonl file beside it.
"""

import argparse
import json
import pathlib
import time

import torch
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from embeddingNetwork import EmbeddingNetwork, PairLoss
from frontEnd import features_of
from stretches import Speakers, StretchMaker
from validation import Validation

RATE = 2e-3
WARM_UP_STEPS = 200
BATCH = 64
FRAME_WEIGHT, REVERBERATION_WEIGHT = 1.5, 0.3
SAVE_SECONDS = 180
# Each batch is used so often, through other microphones: making it is more work than learning from it.
USES = 2
WAITING = 20
# Bands that are masked at most.
LARGEST_MASK = 12
# Standard deviation of the loudness of a recording relative to the stretch, in the features' unit of 20 dB.
LEVEL_DEVIATION = 0.15


class Batches(IterableDataset):
    def __init__(self, speakers, seed):
        self.speakers, self.seed = speakers, seed

    def __iter__(self):
        worker = get_worker_info()
        maker = StretchMaker(self.speakers, [*self.seed, worker.id if worker else 0])
        while True:
            yield maker.batch(BATCH)


def reused(batches, random):
    """Each batch USES times, with others between."""
    waiting = []
    for batch in batches:
        waiting.append([batch, USES])
        while len(waiting) >= WAITING:
            index = int(torch.randint(len(waiting), (1,), generator=random))
            waiting[index][1] -= 1
            yield waiting[index][0]
            if waiting[index][1] == 0:
                del waiting[index]


def varied(features):
    """Other loudness, tilt and a mask over some bands."""
    size, _, bands = features.shape
    tilt = 0.1 * torch.randn(size, 1, 1) * torch.linspace(-1, 1, bands)
    start, width = torch.randint(bands, (size, 1)), torch.randint(LARGEST_MASK, (size, 1))
    position = torch.arange(bands)
    is_masked = (position >= start) & (position < start + width)
    values = features + LEVEL_DEVIATION * torch.randn(size, 1, 1) + tilt
    return torch.where(is_masked[:, None], values.mean((1, 2), keepdim=True), values)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('cache', type=pathlib.Path)
    parser.add_argument('checkpoint', type=pathlib.Path)
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--steps', type=int, default=8000, help='planned steps; the rate falls to 0 along a cosine')
    parser.add_argument('--workers', type=int, default=1, help='processes that make batches')
    parser.add_argument('--resume', action='store_true')
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    speakers = Speakers(options.cache, is_validation=False)
    validation = Validation(Speakers(options.cache, is_validation=True))
    step, state = 0, None
    if options.resume:
        state = torch.load(options.checkpoint)
        step = state['step']
    loader = DataLoader(Batches(speakers, [3, step]), batch_size=None, num_workers=options.workers, prefetch_factor=4)
    batches = reused(loader, torch.Generator().manual_seed(step))
    network, pair_loss = EmbeddingNetwork(), PairLoss()
    parameters = [*network.parameters(), *pair_loss.parameters()]
    optimiser = torch.optim.AdamW(parameters, RATE, weight_decay=0.01)
    if state is not None:
        network.load_state_dict(state['network'])
        pair_loss.load_state_dict(state['pairLoss'])
        optimiser.load_state_dict(state['optimiser'])
    curve = options.checkpoint.with_suffix('.jsonl')
    started = saved = time.monotonic()
    sums, counted = [0.0] * 5, 0

    def save():
        states = {'network': network.state_dict(), 'pairLoss': pair_loss.state_dict(), 'optimiser': optimiser.state_dict(), 'step': step}
        torch.save(states, options.checkpoint)
        line = {'step': step, 'train': [round(value / max(1, counted), 3) for value in sums], **validation.summary(network)}
        with curve.open('a') as file:
            file.write(json.dumps(line) + '\n')
        print(f'{time.monotonic() - started:.0f} s', json.dumps(line), flush=True)

    while time.monotonic() - started < options.minutes * 60 and step < options.steps:
        progress = torch.tensor(step / options.steps)
        rate = RATE * min(1, (step + 1) / WARM_UP_STEPS) * float(0.5 + 0.5 * torch.cos(torch.pi * progress))
        for group in optimiser.param_groups:
            group['lr'] = rate
        signals, reverberant, labels = next(batches)
        embeddings, reverberation, frames = network(varied(features_of(signals)))
        identity = pair_loss(embeddings)
        reverberation_loss = functional.binary_cross_entropy_with_logits(reverberation, reverberant)
        frame_losses = functional.binary_cross_entropy_with_logits(frames, labels, reduction='none').mean((0, 2))
        loss = identity + REVERBERATION_WEIGHT * reverberation_loss + FRAME_WEIGHT * frame_losses.sum()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 5)
        optimiser.step()
        step += 1
        for index, value in enumerate((identity, reverberation_loss, *frame_losses)):
            sums[index] += float(value.detach())
        counted += 1
        if time.monotonic() - saved > SAVE_SECONDS:
            save()
            saved = time.monotonic()
            sums, counted = [0.0] * 5, 0
    save()


if __name__ == '__main__':
    main()
