"""Seeded conversations with the speakers' models of them: what the activity network is trained on."""

import pathlib
import sys
from dataclasses import dataclass

import numpy as np
import torch

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / 'maskNetwork'))

from geometry import SAMPLE_RATE_HERTZ, geometry  # noqa: E402
from nmf import SMALLEST, activations, with_copies  # noqa: E402
from scenes import REFERENCE_RMS, SceneMaker, drawn_noise, pick, reverberated  # noqa: E402

SECONDS = 10
# Speakers of a scene. `background`: one is known, the other is modelled by the background's templates. `company`: two are known, a third
# one, modelled by the background's templates, speaks in some of the scenes.
KINDS = {'pair': 0.5, 'background': 0.14, 'trio': 0.14, 'company': 0.22}
COMPANY_SPEAKS = 0.35
# How the voices take turns.
LAYOUTS = {'turns': 0.72, 'together': 0.16, 'alone': 0.12}
OVERLAPPING_SHARE = 0.5
TURN_SECONDS = (1.0, 4.0)
# Models of adapted speakers assign more to the right one than those of plain templates: so much of the truth is mixed in.
ADAPTED_SHARE = 0.4
LARGEST_SHARPENING = (0.25, 0.3)
TRUTH_RANGE = (0.03, 0.97)
# A frame is active that has more than this share of the mean power of the speaker's frames.
ACTIVE_SHARE = 0.01


@dataclass
class Problem:
    """A batch of scenes; all tensors are half precision but `active`."""

    # [batch, frames, bins] |X|^2
    powers: torch.Tensor
    # [batch, frames, speakers, bins] logarithms of the speakers' shares before and after the mask network, and true shares, -1 to 2
    before: torch.Tensor
    after: torch.Tensor
    truth: torch.Tensor
    # [batch, frames, speakers]
    active: torch.Tensor


class ProblemMaker(SceneMaker):
    """Draws conversations of two or three voices in the Monitor mode and solves for the models of each."""

    def problem(self, size):
        random = self.random
        kind = pick(random, KINDS)
        scenes = [self.conversation(kind) for _ in range(size)]
        voices = [torch.tensor(np.stack(parts)) for parts in zip(*(scene['voices'] for scene in scenes))]
        noise = torch.tensor(np.stack([scene['noise'] for scene in scenes]))
        templates = [with_copies(torch.stack(parts)) for parts in zip(*(scene['templates'] for scene in scenes))]
        return solved(voices, noise, templates, random)

    def conversation(self, kind):
        random = self.random
        count = 3 if kind in ('trio', 'company') else 2
        cuts = random.choice(self.voices.training, count, replace=False)
        while len({self.voices.names[cut] for cut in cuts}) < count:
            cuts = random.choice(self.voices.training, count, replace=False)
        samples = SECONDS * SAMPLE_RATE_HERTZ
        reverberation = random.uniform(0.15, 0.6) if random.random() < 0.25 else 0
        loudness = 10 ** (random.uniform(-15, 5) / 20)
        voices, templates = [], []
        turns = draw_turns(random, count, samples)
        if kind == 'company' and random.random() > COMPANY_SPEAKS:
            turns = [*draw_turns(random, 2, samples), np.zeros(samples, np.float32)]
        for cut, active in zip(cuts, turns):
            signal, rows = self.voice(cut, samples)
            signal = signal * active
            if reverberation > 0:
                signal = reverberated(random, signal, reverberation)
            energy = (signal**2).sum() / max(1, active.sum())
            level = loudness * REFERENCE_RMS * 10 ** (random.uniform(-3.5, 3.5) / 20)
            voices.append((signal * (level / np.sqrt(energy)) if energy > 1e-9 else signal * 0).astype(np.float32))
            templates.append(rows)
        if kind in ('background', 'company'):
            templates[-1] = self.equalized(self.voices.background)
        noise = (drawn_noise(random, samples) * loudness).astype(np.float32)
        return {'voices': voices, 'templates': templates, 'noise': noise}


def draw_turns(random, count, samples):
    """[count][samples] 1 where a voice has the floor, with ramps of 10 ms."""
    activity = [np.zeros(samples, np.float32) for _ in range(count)]
    layout = pick(random, LAYOUTS)
    if layout == 'together':
        for active in activity:
            active[:] = 1
    elif layout == 'alone':
        activity[random.integers(count)][:] = 1
    else:
        position, speaker = -int(random.uniform(0, 2) * SAMPLE_RATE_HERTZ), int(random.integers(count))
        while position < samples:
            turn = int(random.uniform(*TURN_SECONDS) * SAMPLE_RATE_HERTZ)
            activity[speaker][max(0, position) : max(0, position + turn)] = 1
            overlap = int(random.uniform(0.3, 1.4) * SAMPLE_RATE_HERTZ)
            pause = int(random.uniform(0.02, 0.6) * SAMPLE_RATE_HERTZ)
            position += turn - min(overlap, turn // 2) if random.random() < OVERLAPPING_SHARE else turn + pause
            speaker = (speaker + 1 + int(random.integers(max(1, count - 1)))) % count
    ramp = np.ones(160, np.float32) / 160
    return [np.convolve(active, ramp, 'same') for active in activity]


@torch.no_grad()
def solved(voices, noise, templates, random):
    plan = geometry('monitor')
    spectra = [plan.stft(voice) for voice in voices]
    mixture = sum(spectra) + plan.stft(noise)
    magnitudes = plan.magnitudes(mixture)
    h = activations(magnitudes, torch.cat(templates, 1), plan.solver_bands, 11)
    parts = h.split([rows.shape[1] for rows in templates], 2)
    models = torch.stack([part @ rows + SMALLEST for part, rows in zip(parts, templates)], 2)
    plain = torch.log_softmax(2 * models.log(), 2)
    truth = torch.stack([(mixture.conj() * spectrum).real for spectrum in spectra], 2)
    truth = (truth / (mixture.abs() ** 2 + 1e-12)[:, :, None]).clamp(-1, 2)
    right = torch.stack([spectrum.abs() ** 2 + 1e-12 for spectrum in spectra], 2)
    right = torch.log_softmax((right / right.sum(2, keepdim=True)).clamp(*TRUTH_RANGE).log(), 2)
    batch = len(noise)
    is_adapted = torch.tensor(random.random((batch, 1, 1, 1)) < ADAPTED_SHARE).float()
    first = is_adapted * torch.tensor(random.uniform(0, LARGEST_SHARPENING[0], (batch, 1, 1, 1))).float()
    second = first + is_adapted * torch.tensor(random.uniform(0, LARGEST_SHARPENING[1], (batch, 1, 1, 1))).float()
    energy = torch.stack([(spectrum.abs() ** 2).sum(-1) for spectrum in spectra], 2)
    is_loud = energy > energy.amax(1, keepdim=True) * 1e-3
    mean = (energy * is_loud).sum(1, keepdim=True) / is_loud.sum(1, keepdim=True).clamp(min=1)
    # A voice that never speaks is inactive throughout.
    active = ((energy > ACTIVE_SHARE * mean) & (energy > 1e-9)).float()
    return Problem(
        powers=(mixture.abs() * plan.scale).square().mul(1e6).half(),
        before=torch.log_softmax(torch.lerp(plain, right, first), 2).half(),
        after=torch.log_softmax(torch.lerp(plain, right, second), 2).half(),
        truth=truth.half(),
        active=active,
    )
