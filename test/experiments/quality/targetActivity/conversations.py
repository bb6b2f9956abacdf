"""Seeded parts of conversations, with what each voice says and other speech of the same people."""

import pathlib
import sys
from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfilt

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / 'speakerEmbedding'))

from frontEnd import SAMPLE_RATE_HERTZ  # noqa: E402
from stretches import REFERENCE_RMS, SCALES, SCALE_JITTER, drawn_music, drawn_noise, equalized, reverberated  # noqa: E402

SECONDS, PROFILE_SECONDS = 8, 5
SAMPLES = SECONDS * SAMPLE_RATE_HERTZ
MOST_VOICES = 4
VOICE_SHARES = (0.12, 0.5, 0.25, 0.13)
REVERBERANT_SHARE, DISTURBED_SHARE, NARROW_SHARE, UNEQUAL_SHARE = 0.2, 0.15, 0.05, 0.15
FRAME_SAMPLES = 160
# As the references of diarization.mjs: -20 dB, 50 ms before and after, pauses up to 0.3 s belong to a turn.
ACTIVE_SHARE, WIDENED_FRAMES, BRIDGED_FRAMES = 0.01, 5, 30


@dataclass
class Conversation:
    mixture: np.ndarray
    # [voices + 1, frames] whether each voice speaks; the last one is absent
    active: np.ndarray
    # [voices + 1] other speech of each, in the same room through the same microphone
    profiles: list


class ConversationMaker:
    def __init__(self, speakers, seed):
        self.speakers = speakers
        self.random = np.random.default_rng(seed)

    def draw(self):
        random, speakers = self.random, self.speakers
        count = int(random.choice(MOST_VOICES, p=VOICE_SHARES)) + 1
        people = random.choice(len(speakers.names), count + 1, replace=False)
        scales = random.choice(SCALES, count + 1) * (1 + random.uniform(-SCALE_JITTER, SCALE_JITTER, count + 1))
        turns = self.turns(count)
        spread = (-5, 5) if random.random() > UNEQUAL_SHARE else (-12, 3)
        levels = 10 ** (random.uniform(*spread, count) / 20)
        voices = [self.speech(people[n], SAMPLES, scales[n]) * turns[n] for n in range(count)]
        active = np.stack([activity_of(voice) for voice in voices] + [np.zeros(SAMPLES // FRAME_SAMPLES, bool)])
        room = self.room()
        heard = [room(voice * level) for voice, level in zip(voices, levels)]
        noise = random.standard_normal(SAMPLES) * REFERENCE_RMS * 10 ** (random.uniform(-45, -25) / 20)
        microphone = self.microphone()
        profiles = [microphone(room(self.speech(people[n], PROFILE_SECONDS * SAMPLE_RATE_HERTZ, scales[n]))) for n in range(count + 1)]
        return Conversation(microphone(sum(heard) + noise + self.disturbance()), active, profiles)

    def speech(self, person, samples, scale):
        signal = self.speakers.speech(person, samples, self.random, scale)
        return signal * (REFERENCE_RMS / np.sqrt((signal**2).mean() + 1e-9))

    def turns(self, count):
        """[count, SAMPLES] 1 where each voice has its turn: turns follow each other with pauses or overlaps"""
        random = self.random
        gains = np.zeros((count, SAMPLES), np.float32)
        overlapping = random.uniform(0, 0.7)
        time, last = -random.uniform(0, 3), -1
        while time < SECONDS:
            voice = int(random.integers(count))
            if voice == last and count > 1 and random.random() < 0.8:
                voice = (voice + 1) % count
            duration = float(np.exp(random.normal(np.log(1.8), 0.6)))
            gains[voice, int(max(0, time) * SAMPLE_RATE_HERTZ) : int(max(0, time + duration) * SAMPLE_RATE_HERTZ)] = 1
            last = voice
            time += duration
            time += -random.uniform(0, min(duration, 2)) if random.random() < overlapping else random.exponential(0.3)
        return gains

    def room(self):
        random = self.random
        if random.random() >= REVERBERANT_SHARE:
            return lambda signal: signal
        seconds = random.uniform(0.15, 0.6)
        return lambda signal: reverberated(random, signal, seconds)

    def microphone(self):
        random = self.random
        seed = int(random.integers(2**31))
        is_narrow = random.random() < NARROW_SHARE
        limit = butter(8, random.uniform(3300, 5500), fs=SAMPLE_RATE_HERTZ, output='sos')

        def through(signal):
            heard = equalized(np.random.default_rng(seed), signal)
            return (sosfilt(limit, heard) if is_narrow else heard).astype(np.float32)

        return through

    def disturbance(self):
        random = self.random
        if random.random() >= DISTURBED_SHARE:
            return 0
        sound = (drawn_music if random.random() < 0.5 else drawn_noise)(random, SAMPLES)
        first, length = random.integers(SAMPLES, size=2)
        where = np.zeros(SAMPLES)
        where[first : first + length] = 1
        return sound * where * 10 ** (random.uniform(-20, -5) / 20)


def activity_of(voice):
    """[frames] whether the voice speaks"""
    powers = (voice.reshape(-1, FRAME_SAMPLES) ** 2).mean(1)
    active = np.convolve(powers > ACTIVE_SHARE * REFERENCE_RMS**2, np.ones(2 * WIDENED_FRAMES + 1), 'same') > 0
    where = np.flatnonzero(active)
    for start, end in zip(where[:-1], where[1:]):
        if end - start <= BRIDGED_FRAMES:
            active[start:end] = True
    return active
