"""Trains the mask network; can be stopped at any time and resumed.

    nice -n 19 env OMP_NUM_THREADS=1 python3 train.py CACHE CHECKPOINT --minutes 80 [--resume]

CACHE is the folder that voices.py wrote. CHECKPOINT (.npz) is written every five minutes; every ten a line of validation is appended to
the .jsonl file beside it. With --resume training continues from CHECKPOINT. Runs on the GPU if there is one.
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


def loss_of(scenes, network, device):
    """Mean loss of a batch and the mean SI-SDR in its overlaps."""
    plan = geometry(scenes.mode, device)
    mixture = scenes.mixture.to(device)
    own_signal, other_signal, overlap = (part.to(device) for part in (scenes.own, scenes.others, scenes.overlap))
    templates = [part.to(device) for part in (scenes.own_templates, *scenes.other_templates)]
    spectra = plan.stft(mixture)
    if scenes.is_narrow:
        first = int(NARROW_BAND_HERTZ / plan.bin_hertz) + 1
        spectra[..., first:] = 0
        templates = [torch.cat([part[..., :first], torch.zeros_like(part[..., first:])], -1) for part in templates]
    with torch.no_grad():
        magnitudes = plan.magnitudes(spectra)
        own, others = models_of(plan, magnitudes, templates, scenes.rest, scenes.iterations)
        logits = mask_logits(own, others)
        dynamic = dynamic_features(plan, magnitudes, own, others)
        other_templates = torch.cat(templates[1:], 1) if len(templates) > 1 else templates[0][:, :0]
        static = static_features(plan, templates[0], other_templates)
    mask = torch.sigmoid(corrected_logits(plan, logits, network(dynamic, static, plan.hop_seconds)))
    estimates = (spectra * mask, spectra * (1 - mask))
    references = (own_signal, other_signal)
    target_spectra = tuple(plan.stft(reference) for reference in references)
    error = magnitude_error(plan, target_spectra, estimates)
    # The last hop is incomplete.
    length = estimates[0].shape[1] * plan.hop_samples - plan.hop_samples
    weights = overlap[:, :length]
    ratios = torch.stack(
        [si_sdr(reference[:, :length] * weights, plan.istft(estimate)[:, :length] * weights) for reference, estimate in zip(references, estimates)]
    )
    has_overlap = (weights.sum(1) > SHORTEST_OVERLAP_SECONDS * SAMPLE_RATE_HERTZ).float()
    overlapping = has_overlap.sum().clamp(min=1)
    ratio = (ratios.clamp(max=LARGEST_DECIBELS).mean(0) * has_overlap).sum() / overlapping
    weight = has_overlap.mean()
    return MAGNITUDE_WEIGHT * error.mean() - weight * ratio, float(ratio.detach()), float(error.mean().detach())


class Training:
    """Network, optimiser and running average."""

    def __init__(self, device, planned_hours):
        torch.manual_seed(1)
        self.device = device
        self.planned_hours = planned_hours
        self.network = MaskNetwork().to(device)
        self.average = copy.deepcopy(self.network)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), RATE, weight_decay=WEIGHT_DECAY, betas=(0.9, 0.99))
        self.progress = {'step': 0, 'audioHours': 0.0, 'wallHours': 0.0}

    def step(self, scenes):
        share = self.progress['audioHours'] / self.planned_hours
        rate = RATE * min(1, (self.progress['step'] + 1) / WARM_UP_STEPS) * min(1, max(0.02, 2 * (1 - share)))
        for group in self.optimiser.param_groups:
            group['lr'] = rate
        loss, ratio, error = loss_of(scenes, self.network, self.device)
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
        self.progress['audioHours'] += scenes.own.numel() / SAMPLE_RATE_HERTZ / 3600
        return ratio, error


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('cache', type=pathlib.Path)
    parser.add_argument('checkpoint', type=pathlib.Path)
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--resume', action='store_true')
    parser.add_argument('--batch', type=int, default=8)
    parser.add_argument('--hours', type=float, default=150, help='planned hours of audio; the learning rate falls over the second half')
    parser.add_argument('--every', type=float, default=5, help='minutes between checkpoints; every second one is validated')
    options = parser.parse_args()
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    torch.set_num_threads(1 if device == 'cpu' else 4)
    voices = Voices(options.cache)
    training = Training(device, options.hours)
    if options.resume:
        training.progress = checkpoint.load(options.checkpoint, training.network, training.average, training.optimiser)
    # Another seed after each resumption: the same scenes do not come back.
    maker = SceneMaker(voices, seed=[1, int(training.progress['step'])])
    validation = Validation(voices, device)
    print(f'{len(voices.training)} cuts to train, {len(voices.validation)} voices to validate, on {device}', flush=True)
    curve = options.checkpoint.with_suffix('.jsonl')
    is_stopped = []
    signal.signal(signal.SIGTERM, lambda *_: is_stopped.append(True))
    started = saved = time.monotonic()
    checkpoints = 0
    before = training.progress['wallHours']
    ratios, errors = [], []

    def save():
        checkpoint.save(options.checkpoint, training.network, training.average, training.optimiser, training.progress)

    def report():
        line = {**training.progress, 'trainOverlapSiSdr': mean(ratios), 'trainMagnitudeError': mean(errors), **validation.summary(training.average)}
        line = {key: round(value, 3) if isinstance(value, float) else value for key, value in line.items()}
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
        ratio, error = training.step(maker.batch(options.batch))
        ratios.append(ratio)
        errors.append(error)
        training.progress['wallHours'] = before + (time.monotonic() - started) / 3600
        if time.monotonic() - saved > options.every * 60:
            checkpoints += 1
            (report if checkpoints % 2 == 0 else save)()
            saved = time.monotonic()
    report()


def mean(values):
    return round(sum(values) / max(1, len(values)), 3)


if __name__ == '__main__':
    main()
