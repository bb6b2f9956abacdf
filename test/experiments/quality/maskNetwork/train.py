"""Trains the mask network; can be stopped at any time and resumed.

    nice -n 19 env OMP_NUM_THREADS=1 python3 train.py CACHE CHECKPOINT --minutes 80 [--resume]

CACHE is the folder that voices.py wrote. CHECKPOINT (.npz) is written every five minutes; every ten minutes of processor time a line of
validation is appended to the .jsonl file beside it. With --resume training continues from CHECKPOINT. Runs on the GPU if there is one.
"""

import argparse
import copy
import json
import pathlib
import signal
import time

import torch

import checkpoint
from features import corrected_logits, dynamic_features, mask_logits, models_of, static_features
from geometry import SAMPLE_RATE_HERTZ, geometry
from measures import LARGEST_DECIBELS, magnitude_error, si_sdr
from network import MaskNetwork
from scenes import NARROW_BAND_HERTZ, SceneMaker
from validation import Validation
from voices import Voices

RATE = 2e-3
WARM_UP_STEPS = 100
WEIGHT_DECAY = 0.01
LARGEST_GRADIENT = 5
# The average over the latest steps is what is validated and exported.
AVERAGED_STEPS = 400
MAGNITUDE_WEIGHT = 10
# Overlaps shorter than this have no SI-SDR in the loss.
SHORTEST_OVERLAP_SECONDS = 0.4
WAITING_PROBLEMS = 40


class Problem:
    """A batch of scenes with its NMF models: what costs most and is the same for both views."""

    def __init__(self, scenes, device):
        self.scenes = scenes
        self.plan = geometry(scenes.mode, device)
        self.templates = [part.to(device) for part in (scenes.own_templates, *scenes.other_templates)]
        self.references = tuple(part.to(device) for part in (scenes.own, scenes.others))
        self.mixture, self.overlap = scenes.mixture.to(device), scenes.overlap.to(device)
        if scenes.is_narrow:
            first = self.first_missing_bin
            for part in self.templates:
                part[..., first:] = 0
        magnitudes = self.plan.magnitudes(self.spectra())
        self.models = models_of(self.plan, magnitudes, self.templates, scenes.rest, scenes.iterations)

    @property
    def first_missing_bin(self):
        return int(NARROW_BAND_HERTZ / self.plan.bin_hertz) + 1

    def spectra(self):
        spectra = self.plan.stft(self.mixture)
        if self.scenes.is_narrow:
            spectra[..., self.first_missing_bin :] = 0
        return spectra

    def flip(self):
        """Makes the other voice the speaker; only with two voices that have templates."""
        if len(self.templates) == 2:
            self.templates, self.references, self.models = self.templates[::-1], self.references[::-1], self.models[::-1]


def loss_of(problem, network):
    """Mean loss of a batch, the mean SI-SDR in its overlaps, and the mean error of magnitudes."""
    plan = problem.plan
    spectra = problem.spectra()
    own, others = problem.models
    dynamic = dynamic_features(plan, plan.magnitudes(spectra), own, others)
    own_templates, *rest = problem.templates
    static = static_features(plan, own_templates, torch.cat(rest, 1) if rest else own_templates[:, :0])
    corrections = network(dynamic, static, plan.hop_seconds)
    mask = torch.sigmoid(corrected_logits(plan, mask_logits(own, others), corrections))
    estimates = (spectra * mask, spectra * (1 - mask))
    error = magnitude_error(plan, tuple(plan.stft(reference) for reference in problem.references), estimates)
    # The last hop is incomplete.
    length = (mask.shape[1] - 1) * plan.hop_samples
    weights = problem.overlap[:, :length]
    ratios = torch.stack(
        [
            si_sdr(reference[:, :length] * weights, plan.istft(estimate)[:, :length] * weights)
            for reference, estimate in zip(problem.references, estimates)
        ]
    )
    has_overlap = (weights.sum(1) > SHORTEST_OVERLAP_SECONDS * SAMPLE_RATE_HERTZ).float()
    ratio = (ratios.clamp(max=LARGEST_DECIBELS).mean(0) * has_overlap).sum() / has_overlap.sum().clamp(min=1)
    loss = MAGNITUDE_WEIGHT * error.mean() - has_overlap.mean() * ratio
    return loss, float(ratio.detach()), float(error.mean().detach())


class Problems:
    """Every problem is solved twice, the second time some steps later and from the other voice's view: NMF is 30 % of the work."""

    def __init__(self, maker, size, device):
        self.maker, self.size, self.device = maker, size, device
        self.waiting = []

    def next(self):
        if len(self.waiting) >= WAITING_PROBLEMS:
            problem = self.waiting.pop(int(self.maker.random.integers(len(self.waiting))))
            problem.flip()
            return problem
        problem = Problem(self.maker.batch(self.size), self.device)
        self.waiting.append(problem)
        return problem


class Training:
    """Network, optimiser and running average."""

    def __init__(self, device, planned_hours):
        torch.manual_seed(1)
        self.device = device
        self.planned_hours = planned_hours
        self.network = MaskNetwork().to(device)
        self.average = copy.deepcopy(self.network)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), RATE, weight_decay=WEIGHT_DECAY, betas=(0.9, 0.99))
        self.progress = {'step': 0, 'audioHours': 0.0, 'wallHours': 0.0, 'processorHours': 0.0}

    def step(self, problem):
        share = self.progress['audioHours'] / self.planned_hours
        rate = RATE * min(1, (self.progress['step'] + 1) / WARM_UP_STEPS) * min(1, max(0.02, 2 * (1 - share)))
        for group in self.optimiser.param_groups:
            group['lr'] = rate
        loss, ratio, error = loss_of(problem, self.network)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.network.parameters(), LARGEST_GRADIENT)
        if torch.isfinite(norm):
            self.optimiser.step()
        step = self.progress['step'] = self.progress['step'] + 1
        keep = min(1 - 1 / AVERAGED_STEPS, step / (step + 10))
        with torch.no_grad():
            for averaged, weights in zip(self.average.parameters(), self.network.parameters()):
                averaged.lerp_(weights, 1 - keep)
        self.progress['audioHours'] += problem.mixture.numel() / SAMPLE_RATE_HERTZ / 3600
        return ratio, error


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('cache', type=pathlib.Path)
    parser.add_argument('checkpoint', type=pathlib.Path)
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--resume', action='store_true')
    parser.add_argument('--batch', type=int, default=8)
    parser.add_argument('--hours', type=float, default=150, help='planned hours of audio; the rate falls over the second half')
    parser.add_argument('--save', type=float, default=5, help='minutes between checkpoints')
    parser.add_argument('--validate', type=float, default=10, help='minutes of processor time between validations')
    options = parser.parse_args()
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    torch.set_num_threads(1 if device == 'cpu' else 4)
    voices = Voices(options.cache)
    training = Training(device, options.hours)
    if options.resume:
        training.progress = checkpoint.load(options.checkpoint, training.network, training.average, training.optimiser)
    # Another seed after each resumption: the same scenes do not come back.
    maker = SceneMaker(voices, seed=[1, int(training.progress['step'])])
    problems = Problems(maker, options.batch, device)
    validation = Validation.cached(voices, options.cache / 'validation.pt', device)
    print(f'{len(voices.training)} cuts to train, {len(voices.validation)} voices to validate, on {device}', flush=True)
    curve = options.checkpoint.with_suffix('.jsonl')
    is_stopped = []
    signal.signal(signal.SIGTERM, lambda *_: is_stopped.append(True))
    started = saved = time.monotonic()
    validated = time.process_time()
    before = dict(training.progress)
    ratios, errors = [], []

    def save():
        checkpoint.save(options.checkpoint, training.network, training.average, training.optimiser, training.progress)

    def report():
        progress = {key: round(value, 3) for key, value in training.progress.items()}
        train = {'trainOverlapSiSdr': mean(ratios), 'trainMagnitudeError': mean(errors)}
        line = {**progress, **train, **validation.summary(training.average)}
        with curve.open('a') as file:
            file.write(json.dumps(line) + '\n')
        print(json.dumps(line), flush=True)
        ratios.clear()
        errors.clear()
        save()

    if not options.resume:
        curve.unlink(missing_ok=True)
        report()
    while not is_stopped and time.monotonic() - started < options.minutes * 60:
        ratio, error = training.step(problems.next())
        ratios.append(ratio)
        errors.append(error)
        training.progress['wallHours'] = before['wallHours'] + (time.monotonic() - started) / 3600
        training.progress['processorHours'] = before['processorHours'] + time.process_time() / 3600
        if time.process_time() - validated > options.validate * 60:
            report()
            validated = time.process_time()
        elif time.monotonic() - saved > options.save * 60:
            save()
            saved = time.monotonic()
    report()


def mean(values):
    """None, if nothing was trained since the last validation."""
    return round(sum(values) / len(values), 3) if values else None


if __name__ == '__main__':
    main()
