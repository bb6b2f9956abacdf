"""Seeded scenes: batches of short conversations with everything the network has to cope with."""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.signal import fftconvolve, lfilter

from geometry import SAMPLE_RATE_HERTZ
from nmf import normalized, scaled_in_frequency, with_copies

REFERENCE_RMS = 0.05
# Kinds of scenes: who is known. `pair`: both; `background`: one, the other through the background's templates; `trio`: three voices,
# all known; `rest`: one, the other is what no template explains.
KINDS = {'pair': 0.5, 'background': 0.24, 'trio': 0.14, 'rest': 0.12}
MODE_SHARES = {'monitor': 0.75, 'call': 0.15, 'ear': 0.1}
SECONDS = {'monitor': 4.0, 'call': 4.0, 'ear': 2.0}
ITERATIONS = (8, 14)
NARROW_BAND_SHARE = 0.06
NARROW_BAND_HERTZ = 4000


@dataclass
class Scenes:
    """A batch: signals [batch, samples] and templates [batch, K, bins]; mixture = own + others + noise."""

    mode: str
    rest: bool
    iterations: int
    is_narrow: bool
    own: torch.Tensor
    others: torch.Tensor
    noise: torch.Tensor
    # 1 where the speaker and another talk, 0 elsewhere
    overlap: torch.Tensor
    own_templates: torch.Tensor
    # one tensor per other voice
    other_templates: list

    @property
    def mixture(self):
        return self.own + self.others + self.noise


class SceneMaker:
    """Draws batches of scenes from the voices' training cuts."""

    def __init__(self, voices, seed):
        self.voices = voices
        self.random = np.random.default_rng(seed)

    def batch(self, size):
        random = self.random
        mode = pick(random, MODE_SHARES)
        kind = pick(random, KINDS)
        samples = int(SECONDS[mode] * SAMPLE_RATE_HERTZ)
        scenes = [self.scene(kind, samples) for _ in range(size)]
        signals = {key: torch.tensor(np.stack([scene[key] for scene in scenes])) for key in ('own', 'others', 'noise', 'overlap')}
        templates = [torch.stack(parts) for parts in zip(*(scene['templates'] for scene in scenes))]
        own, *others = [with_copies(part) for part in templates]
        return Scenes(
            mode=mode,
            rest=kind == 'rest',
            iterations=int(random.integers(*ITERATIONS, endpoint=True)),
            is_narrow=random.random() < NARROW_BAND_SHARE,
            own_templates=own,
            other_templates=others,
            **signals,
        )

    def scene(self, kind, samples):
        random = self.random
        count = 3 if kind == 'trio' else 2
        cuts = random.choice(self.voices.training, count, replace=False)
        while len({self.voices.names[cut] for cut in cuts}) < count:
            cuts = random.choice(self.voices.training, count, replace=False)
        activity = draw_activity(random, count, samples)
        reverberation = random.uniform(0.15, 0.6) if random.random() < 0.3 else 0
        signals, templates = [], []
        for cut, active in zip(cuts, activity):
            signal, rows = self.voice(cut, samples)
            signal = signal * active
            if reverberation > 0:
                signal = reverberated(random, signal, reverberation)
            energy = (signal**2).sum() / max(1, active.sum())
            level = REFERENCE_RMS * 10 ** (random.uniform(-3, 3) / 20)
            signals.append(signal * (level / np.sqrt(energy)) if energy > 1e-9 else signal * 0)
            templates.append(rows)
        if kind == 'background':
            templates[1] = self.equalized(self.voices.background)
            if random.random() < 0.5:
                signals, templates, activity = signals[::-1], templates[::-1], activity[::-1]
        if kind == 'rest':
            templates = templates[:1]
        loudness = 10 ** (random.uniform(-15, 5) / 20)
        others_active = np.max(activity[1:], 0)
        return {
            'own': (signals[0] * loudness).astype(np.float32),
            'others': (sum(signals[1:]) * loudness).astype(np.float32),
            'noise': (drawn_noise(random, samples) * loudness).astype(np.float32),
            'overlap': (activity[0] * others_active).astype(np.float32),
            'templates': templates,
        }

    def voice(self, cut, samples):
        """Speech of a cut and its templates, both scaled in frequency in most cases: more voices than there are speakers."""
        random = self.random
        scale = random.uniform(0.87, 1.15) if random.random() < 0.7 else 1.0
        first, end = self.voices.speech[cut]
        needed = int(samples * scale) + 2
        start = first + random.integers(end - first)
        speech = self.voices.samples[start : min(end, start + needed)]
        while len(speech) < needed:
            speech = np.concatenate([speech, self.voices.samples[first : min(end, first + needed - len(speech))]])
        speech = speech.astype(np.float32) / 32768
        if scale != 1:
            speech = np.interp(np.arange(samples) * scale, np.arange(needed), speech).astype(np.float32)
        # A voice whose frequencies are multiplied by `scale` has its templates read at 1 / scale times each frequency.
        templates = scaled_in_frequency(self.voices.templates[cut], 1 / scale)
        return speech[:samples], self.equalized(templates)

    def equalized(self, templates):
        """In half of the cases another microphone at enrolment: up to 6 dB of tilt and a smooth ripple, on the templates alone."""
        random = self.random
        if random.random() < 0.5:
            return normalized(templates)
        bins = templates.shape[-1]
        octaves = np.log2(np.maximum(1, np.arange(bins)) / (bins / 16))
        ripple = random.uniform(0, 3) * np.sin(2 * np.pi * (random.uniform(0.1, 0.5) * octaves + random.uniform()))
        decibels = random.uniform(-1.5, 1.5) * octaves + ripple
        # Templates model |X|^0.5: 40 dB per decade instead of 20.
        return normalized(templates * torch.tensor(10 ** (decibels / 40), dtype=torch.float32))


def pick(random, shares):
    return str(random.choice(list(shares), p=np.array(list(shares.values())) / sum(shares.values())))


def draw_activity(random, count, samples):
    """[count][samples] 1 where a voice has the floor: all at once, one alone with the others silent, or turns with overlaps and pauses."""
    activity = [np.zeros(samples, np.float32) for _ in range(count)]
    layout = random.random()
    if layout < 0.4:
        for active in activity:
            active[:] = 1
        return activity
    if layout < 0.52:
        activity[random.integers(count)][:] = 1
        return activity
    position, speaker = -int(random.uniform(0, 1.5) * SAMPLE_RATE_HERTZ), int(random.integers(count))
    while position < samples:
        turn = int(random.uniform(0.6, 2.5) * SAMPLE_RATE_HERTZ)
        activity[speaker][max(0, position) : max(0, position + turn)] = 1
        overlap = int(random.uniform(0.3, 1.2) * SAMPLE_RATE_HERTZ)
        pause = int(random.uniform(0.05, 0.6) * SAMPLE_RATE_HERTZ)
        position += turn - min(overlap, turn // 2) if random.random() < 0.55 else turn + pause
        speaker = (speaker + 1 + int(random.integers(max(1, count - 1)))) % count
    return activity


def reverberated(random, signal, seconds):
    """Direct sound and an exponentially decaying tail of noise, 0 to 9 dB below it; as host/lab/conversation/room.ts."""
    length = int(seconds * SAMPLE_RATE_HERTZ)
    tail = random.standard_normal(length) * np.exp(-np.log(1e6) / (2 * length) * np.arange(length))
    tail[: int(0.005 * SAMPLE_RATE_HERTZ)] = 0
    tail *= 10 ** (-random.uniform(0, 9) / 20) / np.sqrt((tail**2).sum())
    return signal + fftconvolve(signal, tail.astype(np.float32))[: len(signal)]


def drawn_noise(random, samples):
    """Coloured noise 8 to 35 dB below a voice in a third of the scenes, else almost nothing."""
    decibels = -random.uniform(8, 35) if random.random() < 0.35 else -70
    noise = random.standard_normal(samples).astype(np.float32)
    noise = lfilter([1], [1, -random.uniform(0, 0.98)], noise)
    return noise * (REFERENCE_RMS * 10 ** (decibels / 20) / np.sqrt((noise**2).mean()))
