"""Losses and measures."""

import torch

LARGEST_DECIBELS = 25


def si_sdr(reference, estimate):
    """Scale-invariant signal-to-distortion ratio in dB over the last dimension."""
    target = ((estimate * reference).sum(-1, keepdim=True) / ((reference**2).sum(-1, keepdim=True) + 1e-8)) * reference
    return 10 * torch.log10(((target**2).sum(-1) + 1e-8) / (((estimate - target) ** 2).sum(-1) + 1e-8))


def magnitude_error(geometry, spectra, estimates):
    """Squared error of |X|^0.5, relative to the sum of |X| of the mixture: counts leaks far below the other voice, too.

    spectra, estimates: pairs (speaker, others) of complex [batch, frames, bins] -> [batch]
    """
    error, total = 0, 0
    for spectrum, estimate in zip(spectra, estimates):
        magnitudes = geometry.magnitudes(spectrum)
        error = error + ((magnitudes - geometry.magnitudes(estimate)) ** 2).sum((1, 2))
        total = total + (magnitudes**2).sum((1, 2))
    return error / (total + 1e-6)


def decibels(ratio):
    return 10 * torch.log10(ratio + 1e-8)
