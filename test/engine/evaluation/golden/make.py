"""Writes metrics.json next to this file: python3 make.py (numpy 2.4, scipy 1.17, mir_eval 0.8.2).

BSS_EVAL is computed by mir_eval, resampling by scipy, STOI directly from the formulas of the papers.
The signals are the same as in goldenSignals.ts, sample for sample.
"""

import json
import os

import numpy as np
from mir_eval.separation import bss_eval_sources
from scipy.signal import firwin, resample_poly


def noise(seed, samples):
    state, values = seed, np.empty(samples)
    for n in range(samples):
        state = (state * 1664525 + 1013904223) % 2**32
        values[n] = state / 2**31 - 1
    return values


def voice(seed, rate, samples):
    t = np.arange(samples) / rate
    phase = 2 * np.pi * ((100 + 37 * seed) * t + 2 * np.sin(2 * np.pi * 0.7 * t + seed))
    tone = sum(np.sin(h * phase) * (0.6 + 0.4 * np.sin(2 * np.pi * (0.9 + 0.3 * h) * t)) / h for h in range(1, 13))
    return tone * np.maximum(0, np.sin(2 * np.pi * 1.5 * t + seed)) + 0.003 * noise(seed, samples)


def resample(x, up, down):
    divisor = np.gcd(up, down)
    up, down = up // divisor, down // divisor
    if up == down:
        return x
    side = int(np.ceil((60 - 8) / (28.714 * 0.1 / (2 * max(up, down)))))
    window = firwin(2 * side + 1, 1 / max(up, down), window=("kaiser", 0.1102 * (60 - 8.7)), scale=True)
    return resample_poly(x, up, down, window=window)


def stoi(clean, degraded, rate, extended):
    clean, degraded = resample(clean, 10000, rate), resample(degraded, 10000, rate)
    window = np.hanning(258)[1:-1]
    starts = np.arange(0, len(clean) - 256, 128)
    energies = np.array([np.sum((window * clean[s : s + 256]) ** 2) for s in starts])
    starts = starts[10 * np.log10(energies / energies.max()) > -40]
    centres = 150 * 2 ** (np.arange(15) / 3)
    low, high = (np.round(centres * 2**edge * 512 / 10000).astype(int) for edge in (-1 / 6, 1 / 6))

    def bands(x):
        joined = np.zeros(len(starts) * 128 + 128)
        for frame, start in enumerate(starts):
            joined[frame * 128 : frame * 128 + 256] += window * x[start : start + 256]
        frames = range(0, len(joined) - 256, 128)
        power = np.array([np.abs(np.fft.rfft(window * joined[f : f + 256], 512)) ** 2 for f in frames])
        return np.sqrt(np.stack([power[:, a:b].sum(axis=1) for a, b in zip(low, high)]))

    def standard(x, axis):
        x = x - x.mean(axis=axis, keepdims=True)
        return x / np.linalg.norm(x, axis=axis, keepdims=True)

    x, y = bands(clean), bands(degraded)
    values = []
    for first in range(x.shape[1] - 29):
        a, b = x[:, first : first + 30], y[:, first : first + 30]
        if extended:
            values.append(np.sum(standard(standard(a, 1), 0) * standard(standard(b, 1), 0)) / 30)
        else:
            scale = np.linalg.norm(a, axis=1, keepdims=True) / np.linalg.norm(b, axis=1, keepdims=True)
            b = np.minimum(scale * b, a * (1 + 10 ** (15 / 20)))
            values.append(np.sum(standard(a, 1) * standard(b, 1)) / 15)
    return float(np.mean(values))


def main():
    resampled = []
    for up, down in [(5, 8), (100, 441), (5, 4), (10000, 9973)]:
        output = resample(voice(1, 8000, 2000), up, down)
        at = [0, 1, 2, 100, len(output) // 2, len(output) - 2, len(output) - 1]
        resampled.append({"up": up, "down": down, "length": len(output), "at": at, "values": [output[n] for n in at]})
    intelligibility = []
    for rate in [8000, 10000, 16000, 22050, 44100, 48000]:
        clean = voice(1, rate, 2 * rate)
        degraded = 0.7 * clean + 0.4 * noise(9, len(clean)) + 0.2 * voice(3, rate, len(clean))
        row = {"rate": rate, "stoi": stoi(clean, degraded, rate, False), "estoi": stoi(clean, degraded, rate, True)}
        intelligibility.append(row)
    references = [voice(seed, 8000, 6000) for seed in (1, 2, 3)]
    estimates = [
        references[j] + 0.3 * np.roll(references[j - 1], 5) + 0.05 * noise(20 + j, 6000) for j in range(3)
    ]
    estimates = [estimates[j] for j in (1, 2, 0)]
    sdr, sir, sar, order = bss_eval_sources(np.array(references), np.array(estimates))
    separation = {"sdr": list(sdr), "sir": list(sir), "sar": list(sar), "permutation": [int(j) for j in order]}
    golden = {"resampled": resampled, "stoi": intelligibility, "bssEval": separation}
    with open(os.path.join(os.path.dirname(__file__), "metrics.json"), "w") as file:
        json.dump(golden, file, indent=1)
        file.write("\n")


main()
