"""Trains the activity network; can be stopped at any time and resumed.

    nice -n 19 env OMP_NUM_THREADS=1 python3 train.py CACHE CHECKPOINT --minutes 60 [--resume] [--dumps FOLDER]

CACHE is the folder that ../maskNetwork/voices.py wrote. CHECKPOINT (.pt) is written every five minutes, with a line of validation in the
.jsonl file beside it.
"""

import argparse
import json
import pathlib
import time

import torch

from activityNetwork import ActivityNetwork, band_of_bin, corrected, features_of
from problems import ProblemMaker
from validation import EngineProblems, Validation
from voices import Voices

RATE = 2e-3
WARM_UP_STEPS = 60
BATCH = 8
# Each problem is used so often, and so many wait.
USES = 5
WAITING = 30
# Share of the batches that the engine itself computed.
ENGINE_SHARE = 0.25
BIN_HERTZ, HOP_SECONDS = 25.0, 0.008
FLOOR = 10**-3.2
SOLO_WEIGHT, OVERLAP_WEIGHT, ACTIVITY_WEIGHT = 1.0, 5.0, 3.0
AVERAGED_STEPS = 150
FEATURE_NOISE = 0.1


class Problems:
    """Every problem comes back some steps later: the models are most of the work."""

    def __init__(self, maker, engine):
        self.maker, self.engine, self.waiting = maker, engine, []

    def next(self):
        if self.engine is not None and self.maker.random.random() < ENGINE_SHARE:
            return self.engine.problem(BATCH)
        if len(self.waiting) < WAITING:
            problem = self.maker.problem(BATCH)
            self.waiting.append([problem, USES - 1])
            return problem
        random = self.maker.random
        index = int(random.integers(len(self.waiting)))
        entry = self.waiting[index]
        entry[1] -= 1
        if entry[1] == 0:
            self.waiting[index] = [self.maker.problem(BATCH), USES]
        return entry[0]


def ratios(error, energy, frames):
    """Mean over the scenes of 10 log10(error / energy) in the chosen frames [batch, frames]; scenes with fewer than 30 do not count."""
    chosen = frames.float()
    ratio = 10 * torch.log10((error * chosen).sum(1) / ((energy * chosen).sum(1) + 1e-12) + FLOOR)
    counts = (chosen.sum(1) > 30).float()
    return (ratio * counts).sum() / counts.sum().clamp(min=1)


def losses_of(problem, network, noise=0.0):
    """Leak in solo, error in overlap (dB, of power and of its square root), cross entropy of the activity."""
    powers = problem.powers.float()
    before, after = problem.before.float(), problem.after.float()
    features = features_of(powers, before.exp(), after.exp(), BIN_HERTZ, HOP_SECONDS)
    if noise > 0:
        features = features + noise * torch.randn_like(features)
    corrections, logits = network(features)
    shares = corrected(after, corrections, band_of_bin(powers.shape[-1], BIN_HERTZ))
    deviation = (shares - problem.truth.float()) ** 2
    active = problem.active > 0.5
    count = active.sum(2)
    error = (powers[:, :, None] * deviation).sum(-1)
    soft = powers.sqrt()
    soft_error = (soft[:, :, None] * deviation).sum(-1)
    energy, soft_energy = powers.sum(-1), soft.sum(-1)
    solo = count == 1
    solo_losses = [ratios(error.amax(2), energy, solo), ratios(soft_error.amax(2), soft_energy, solo)]
    own = (powers[:, :, None] * problem.truth.float() ** 2).sum(-1)
    overlap_losses = []
    for s in range(active.shape[2]):
        both = (count > 1) & active[:, :, s]
        overlap_losses.append(ratios(error[:, :, s], own[:, :, s], both))
        overlap_losses.append(ratios(soft_error[:, :, s], soft_energy, both))
    activity = torch.nn.functional.binary_cross_entropy_with_logits(logits, problem.active)
    return sum(solo_losses) / 2, sum(overlap_losses) / len(overlap_losses), activity


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('cache', type=pathlib.Path)
    parser.add_argument('checkpoint', type=pathlib.Path)
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--steps', type=int, default=6000, help='planned steps; the rate falls over the second half')
    parser.add_argument('--resume', action='store_true')
    parser.add_argument('--dumps', type=pathlib.Path, help='conversations of adapted speakers that the engine computed, to train and to validate on')
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    network, average = ActivityNetwork(), ActivityNetwork()
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=0.01, betas=(0.9, 0.99))
    step, hours = 0, 0.0
    if options.resume:
        state = torch.load(options.checkpoint)
        network.load_state_dict(state['network'])
        average.load_state_dict(state['average'])
        optimiser.load_state_dict(state['optimiser'])
        step, hours = state['step'], state['hours']
    maker = ProblemMaker(Voices(options.cache), seed=[2, step])
    problems = Problems(maker, EngineProblems(options.dumps, maker.random) if options.dumps else None)
    validation = Validation(options.dumps) if options.dumps else None
    curve = options.checkpoint.with_suffix('.jsonl')
    started = saved = time.monotonic()
    sums, counted = [0.0, 0.0, 0.0], 0

    def save():
        torch.save(
            {
                'network': network.state_dict(),
                'average': average.state_dict(),
                'optimiser': optimiser.state_dict(),
                'step': step,
                'hours': hours,
            },
            options.checkpoint,
        )
        line = {'step': step, 'audioHours': round(hours, 2), 'train': [round(value / max(1, counted), 3) for value in sums]}
        if validation is not None:
            line |= validation.summary(average)
        with curve.open('a') as file:
            file.write(json.dumps(line) + '\n')
        print(f'{time.monotonic() - started:.0f} s', json.dumps(line), flush=True)

    while time.monotonic() - started < options.minutes * 60 and step < options.steps:
        rate = RATE * min(1, (step + 1) / WARM_UP_STEPS) * min(1, max(0.02, 2 * (1 - step / options.steps)))
        for group in optimiser.param_groups:
            group['lr'] = rate
        problem = problems.next()
        solo, overlap, activity = losses_of(problem, network, FEATURE_NOISE)
        loss = SOLO_WEIGHT * solo + OVERLAP_WEIGHT * overlap + ACTIVITY_WEIGHT * activity
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(network.parameters(), 5)
        if torch.isfinite(norm):
            optimiser.step()
        step += 1
        hours += problem.powers.shape[0] * problem.powers.shape[1] * HOP_SECONDS / 3600
        keep = min(1 - 1 / AVERAGED_STEPS, step / (step + 10))
        with torch.no_grad():
            for averaged, weights in zip(average.parameters(), network.parameters()):
                averaged.lerp_(weights, 1 - keep)
        for index, value in enumerate((solo, overlap, activity)):
            sums[index] += float(value.detach())
        counted += 1
        if time.monotonic() - saved > 300:
            save()
            saved = time.monotonic()
            sums, counted = [0.0, 0.0, 0.0], 0
    save()


if __name__ == '__main__':
    main()
