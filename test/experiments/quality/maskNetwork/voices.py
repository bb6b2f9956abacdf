"""Recordings to train on: decoded once into a cache, each speaker cut into enrolment and speech for mixtures, with templates.

Run it once before training:  python3 voices.py VOICES BACKGROUND CACHE [PROCESSES]
"""

import json
import multiprocessing
import pathlib
import sys

import numpy as np
import soundfile
import torch

from geometry import SAMPLE_RATE_HERTZ, geometry
from nmf import learn_templates

TEMPLATES = 64
UPDATES = 20
ENROLMENT_SECONDS = (8, 60)
# Shorter speakers give too little to mix after enrolment.
SHORTEST_SECONDS = 9
# Of each speaker of the background.
BACKGROUND_SECONDS = 4
VALIDATION_SPEAKERS = pathlib.Path(__file__).with_name('validationSpeakers.txt')


def decoded(path):
    """Mono int16 samples at 16 kHz without pauses."""
    samples, rate = soundfile.read(path, dtype='float32')
    if rate != SAMPLE_RATE_HERTZ or samples.ndim != 1:
        raise ValueError(f'{path}: must be mono at {SAMPLE_RATE_HERTZ} Hz, got {rate} Hz')
    return (without_pauses(samples) * 32767).clip(-32768, 32767).astype(np.int16)


def without_pauses(samples):
    """Keeps frames within 35 dB of the loud ones and 100 ms around them; as `trimPauses` in engine/trainer/speech.ts."""
    frame = SAMPLE_RATE_HERTZ // 50
    count = len(samples) // frame
    energies = (samples[: count * frame].reshape(count, frame) ** 2).sum(1)
    loud = np.sort(energies)[int(0.95 * count)]
    is_speech = energies > max(loud * 10**-3.5, frame * 3e-5**2)
    kept = np.convolve(is_speech, np.ones(11), 'same') > 0
    return samples[: count * frame].reshape(count, frame)[kept].ravel()


def spans(samples, random):
    """Two ways to cut a speaker: ((enrolment), (speech to mix)) in samples, enrolment at the start or at the end."""
    least, most = (seconds * SAMPLE_RATE_HERTZ for seconds in ENROLMENT_SECONDS)

    def enrolment():
        return int(min(most, random.uniform(least, 0.7 * samples) if 0.7 * samples > least else 0.55 * samples))

    first, last = enrolment(), samples - enrolment()
    return ((0, first), (first, samples)), ((last, samples), (0, last))


def templates_of(samples, seed):
    """[TEMPLATES, bins] float16 templates of int16 speech in the Monitor mode's geometry, at a hop of half a window."""
    plan = geometry('monitor')
    frames = torch.tensor(samples.astype(np.float32) / 32768).unfold(0, plan.window_samples, plan.window_samples // 2)
    magnitudes = plan.magnitudes(torch.fft.rfft(frames * plan.analysis))
    return learn_templates(magnitudes, TEMPLATES, UPDATES, torch.Generator().manual_seed(seed)).half().numpy()


def build(voices, background, cache, jobs):
    """Writes samples.npy (int16), templates.npy (float16), background.npy and index.json to the folder `cache`."""
    cache.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    validation = set(VALIDATION_SPEAKERS.read_text().split())
    files = sorted(voices.glob('*/*.opus'))
    parts, enrolments, index, position = [], [], [], 0
    with multiprocessing.Pool(jobs, torch.set_num_threads, (1,)) as pool:
        for number, (path, samples) in enumerate(zip(files, pool.imap(decoded, files))):
            if len(samples) < SHORTEST_SECONDS * SAMPLE_RATE_HERTZ:
                continue
            name = f'{path.parent.name}/{path.stem}'
            is_validation = name in validation
            cuts = spans(len(samples), random)
            for cut, (enrolment, speech) in enumerate(cuts[:1] if is_validation else cuts):
                bounds = [position + bound for bound in speech]
                index.append({'name': name, 'isValidation': is_validation, 'speech': bounds})
                enrolments.append((samples[slice(*enrolment)], 2 * number + cut))
            parts.append(samples)
            position += len(samples)
        print(f'{len(parts)} speakers decoded; learning templates', flush=True)
        templates = pool.starmap(templates_of, enrolments, chunksize=8)
    np.save(cache / 'samples.npy', np.concatenate(parts))
    np.save(cache / 'templates.npy', np.stack(templates))
    utterances = [levelled(decoded(path)[: BACKGROUND_SECONDS * SAMPLE_RATE_HERTZ]) for path in sorted(background.glob('*.flac'))]
    np.save(cache / 'background.npy', templates_of(np.concatenate(utterances), 3))
    (cache / 'index.json').write_text(json.dumps(index))
    print(f'{len(index)} cuts of {len(parts)} speakers, {position / SAMPLE_RATE_HERTZ / 3600:.2f} h of speech')


def levelled(samples):
    """int16 samples at an RMS of -26 dBFS."""
    gain = 0.05 * 32768 / np.sqrt((samples.astype(np.float64) ** 2).mean())
    return (samples * gain).clip(-32768, 32767).astype(np.int16)


class Voices:
    """The cache, read."""

    def __init__(self, cache):
        cache = pathlib.Path(cache)
        self.samples = np.load(cache / 'samples.npy', mmap_mode='r')
        self.templates = torch.tensor(np.load(cache / 'templates.npy')).float()
        self.background = torch.tensor(np.load(cache / 'background.npy')).float()
        index = json.loads((cache / 'index.json').read_text())
        self.names = [entry['name'] for entry in index]
        self.speech = [tuple(entry['speech']) for entry in index]
        self.training = [n for n, entry in enumerate(index) if not entry['isValidation']]
        self.validation = [n for n, entry in enumerate(index) if entry['isValidation']]


if __name__ == '__main__':
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    build(*(pathlib.Path(argument) for argument in sys.argv[1:4]), int(sys.argv[4]) if len(sys.argv) == 5 else 1)
