"""What the embedding network hears: levels of 60 bands every 10 ms. The same as engine/network/EmbeddingFeatures.ts."""

import numpy as np
import torch

SAMPLE_RATE_HERTZ = 16_000
WINDOW_SAMPLES = 1024
HOP_SAMPLES = 160
# 30 bands of two bins up to 1 kHz, where harmonics are resolved, and 30 of equal width in octaves above.
LOW_BANDS, HIGH_BANDS = 30, 30
LOWEST_BIN, BIN_OF_1_KHZ, HIGHEST_BIN = 4, 64, 486
BANDS = LOW_BANDS + HIGH_BANDS
# Bands this far below the mean level carry nothing: -50 dB.
FLOOR = 1e-5


def band_edges():
    """[BANDS + 1] first bins of the bands, and the end of the last."""
    low = np.arange(LOWEST_BIN, BIN_OF_1_KHZ, 2)
    high = BIN_OF_1_KHZ * (HIGHEST_BIN / BIN_OF_1_KHZ) ** (np.arange(HIGH_BANDS + 1) / HIGH_BANDS)
    return np.concatenate([low, np.round(high).astype(int)])


def band_averages():
    """[bins, BANDS] matrix that averages the bins of each band."""
    edges = band_edges()
    matrix = torch.zeros(WINDOW_SAMPLES // 2 + 1, BANDS)
    for band, (first, end) in enumerate(zip(edges[:-1], edges[1:])):
        matrix[first:end, band] = 1 / (end - first)
    return matrix


AVERAGES = band_averages()
WINDOW = torch.hann_window(WINDOW_SAMPLES)


def features_of(signals, mean_power=None):
    """
    [batch, frames, BANDS] of signals [batch, samples]: half the logarithm (base 10) of each band's mean power relative to the mean power of
    a band of the whole signal; frames lie completely within the signal.
    """
    spectra = torch.fft.rfft(signals.unfold(-1, WINDOW_SAMPLES, HOP_SAMPLES) * WINDOW)
    bands = (spectra.real**2 + spectra.imag**2) @ AVERAGES
    if mean_power is None:
        mean_power = bands.mean((1, 2), keepdim=True)
    return 0.5 * torch.log10(bands / (mean_power + 1e-12) + FLOOR)
