"""Seeded stretches of speech to learn from: one voice, in part of them a second one or a pause, in rooms, with noise, through microphones."""

import pathlib
import sys

import numpy as np
import torch
from scipy.signal import butter, lfilter, sosfilt

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / 'maskNetwork'))

from frontEnd import HOP_SAMPLES, SAMPLE_RATE_HERTZ, WINDOW_SAMPLES  # noqa: E402
from scenes import REFERENCE_RMS, reverberated  # noqa: E402
from voices import Voices  # noqa: E402

SECONDS = (1.0, 1.5, 2.0, 3.0)
# A voice read faster or slower is another voice: each speaker counts as several.
SCALES = (0.89, 1.0, 1.12)
SCALE_JITTER = 0.012
REVERBERANT_SHARE, NARROW_SHARE, SECOND_VOICE_SHARE, PAUSE_SHARE, DISTURBED_SHARE = 0.3, 0.06, 0.3, 0.2, 0.3
# A frame is active whose power is above this share of the voice's mean power: -23 dB.
ACTIVE_SHARE = 0.005


class Speakers:
    """All speech of each speaker of the cache."""

    def __init__(self, cache, is_validation):
        voices = Voices(cache)
        self.samples = voices.samples
        spans = {}
        for cut in voices.validation if is_validation else voices.training:
            first, end = voices.speech[cut]
            known = spans.get(voices.names[cut], (first, end))
            spans[voices.names[cut]] = (min(first, known[0]), max(end, known[1]))
        self.names = list(spans)
        self.spans = list(spans.values())

    def speech(self, speaker, samples, random, scale=1.0):
        """float32 stretch from a random place; shorter speakers are repeated."""
        first, end = self.spans[speaker]
        needed = int(samples * scale) + 2
        start = first + int(random.integers(max(1, end - first - needed)))
        speech = self.samples[start : min(end, start + needed)]
        while len(speech) < needed:
            speech = np.concatenate([speech, self.samples[first : min(end, first + needed - len(speech))]])
        speech = speech.astype(np.float32) / 32768
        if scale != 1:
            speech = np.interp(np.arange(samples) * scale, np.arange(needed), speech).astype(np.float32)
        return speech[:samples]


class StretchMaker:
    def __init__(self, speakers, seed):
        self.speakers = speakers
        self.random = np.random.default_rng(seed)

    def batch(self, size):
        """
        (signals [size, samples], reverberant [size], labels of the frames [size, 3, frames]); neighbours 2k and 2k + 1 are stretches of one
        voice, all others of other speakers
        """
        random = self.random
        seconds = float(random.choice(SECONDS))
        speakers = random.choice(len(self.speakers.names), size // 2, replace=False)
        scales = random.choice(SCALES, size // 2)
        voices = np.repeat(np.stack([speakers, scales], 1), 2, 0)
        rows = [self.stretch(int(speaker), scale, int(seconds * SAMPLE_RATE_HERTZ)) for speaker, scale in voices]
        return tuple(torch.tensor(np.stack(each)) for each in zip(*rows))

    def stretch(self, speaker, scale, samples):
        random = self.random
        other = (speaker + int(random.integers(1, len(self.speakers.names)))) % len(self.speakers.names)
        voices = [self.voice(speaker, samples, scale)]
        if random.random() < PAUSE_SHARE:
            voices[0] *= part(random, samples, 0.1, 0.85, inside=0)
        if random.random() < SECOND_VOICE_SHARE:
            level = 10 ** (random.uniform(-12, 4) / 20)
            voices.append(self.voice(other, samples, random.uniform(0.87, 1.15)) * level * part(random, samples, 0.15, 0.5, inside=1))
        active = np.stack([activity_of(voice) for voice in voices]).sum(0)
        is_reverberant = random.random() < REVERBERANT_SHARE
        if is_reverberant:
            seconds = random.uniform(0.25, 0.7)
            voices = [reverberated(random, voice, seconds) for voice in voices]
        disturbance = random.standard_normal(samples) * REFERENCE_RMS * 10**-3.5
        disturbed = np.zeros_like(active)
        if random.random() < DISTURBED_SHARE:
            where = part(random, samples, 0.3, 1, inside=1)
            sound = drawn_music(random, samples) if random.random() < 0.5 else drawn_noise(random, samples)
            disturbance = disturbance + sound * where * 10 ** (random.uniform(-18, 0) / 20)
            disturbed = activity_of(where * REFERENCE_RMS)
        signal = equalized(random, sum(voices) + disturbance)
        if random.random() < NARROW_SHARE:
            signal = sosfilt(butter(8, random.uniform(3300, 5500), fs=SAMPLE_RATE_HERTZ, output='sos'), signal)
        labels = np.stack([active > 0, active > 1, disturbed > 0]).astype(np.float32)
        return signal.astype(np.float32), np.float32(is_reverberant), labels

    def voice(self, speaker, samples, scale):
        jittered = scale * (1 + self.random.uniform(-SCALE_JITTER, SCALE_JITTER))
        signal = self.speakers.speech(speaker, samples, self.random, jittered)
        return signal * (REFERENCE_RMS / np.sqrt((signal**2).mean() + 1e-9))


def part(random, samples, least, most, inside):
    """1 - inside everywhere but in one part of the given share of the samples, which has `inside`."""
    gain = np.full(samples, 1 - inside, np.float32)
    length = int(samples * random.uniform(least, most))
    start = int(random.integers(samples - length + 1))
    gain[start : start + length] = inside
    return gain


def activity_of(voice):
    """[frames] whether the voice is heard in the middle of each frame of the front end."""
    powers = np.lib.stride_tricks.sliding_window_view(voice**2, WINDOW_SAMPLES)[::HOP_SAMPLES]
    middle = powers[:, WINDOW_SAMPLES // 4 : 3 * WINDOW_SAMPLES // 4].mean(1)
    return (middle > ACTIVE_SHARE * REFERENCE_RMS**2).astype(np.float32)


def equalized(random, signal):
    """Another microphone: up to 3 dB an octave of tilt and a smooth ripple."""
    spectrum = np.fft.rfft(signal)
    octaves = np.log2(np.maximum(1, np.arange(len(spectrum))) / (len(spectrum) / 16))
    ripple = random.uniform(0, 4) * np.sin(2 * np.pi * (random.uniform(0.1, 0.6) * octaves + random.uniform()))
    decibels = random.uniform(-2, 2) * np.clip(octaves, -4, 4) + ripple
    return np.fft.irfft(spectrum * 10 ** (decibels / 20), len(signal)).astype(np.float32)


def drawn_noise(random, samples):
    """Coloured noise at the voices' level."""
    noise = lfilter([1], [1, -random.uniform(0, 0.98)], random.standard_normal(samples))
    return levelled(noise)


def drawn_music(random, samples):
    """Chords of decaying or sustained tones with a few harmonics, at the voices' level."""
    music = np.zeros(samples)
    position = 0
    root = random.uniform(80, 220)
    slope, decay = random.uniform(0.4, 2), random.choice([0.0, 2.0, 6.0])
    while position < samples:
        length = int(SAMPLE_RATE_HERTZ * random.uniform(0.15, 0.8))
        time = np.arange(min(length, samples - position)) / SAMPLE_RATE_HERTZ
        for step in random.choice([0, 2, 4, 5, 7, 9, 11, 12, 16, 19, 24], random.integers(1, 4)):
            pitch = root * 2 ** (step / 12)
            harmonics = np.arange(1, 1 + min(10, int(7000 / pitch)))
            phases = 2 * np.pi * (pitch * time[:, None] * harmonics + random.uniform(size=len(harmonics)))
            envelope = np.exp(-decay * time) * np.minimum(1, time / 0.01)
            music[position : position + len(time)] += envelope * (np.sin(phases) / harmonics**slope).sum(1)
        position += length
    return levelled(music)


def levelled(signal):
    return signal * (REFERENCE_RMS / np.sqrt((signal**2).mean() + 1e-12))
