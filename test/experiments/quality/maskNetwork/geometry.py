"""STFT geometry of the engine: windows, hops, transforms, and the bands of its solver.

Mirrors engine/stft (StftPlan, window, Stft, InverseStft, magnitudes) and engine/separator/FrequencyBands. `checkFrontEnd.py` compares
both numerically.
"""

import functools
import math

import numpy as np
import torch

SAMPLE_RATE_HERTZ = 16_000
MAGNITUDE_EXPONENT = 0.5
# (window, hop) in samples at 16 kHz of the engine's latency modes with the default window of 40 ms.
MODES = {'ear': (640, 64), 'monitor': (640, 128), 'call': (640, 256)}


def asymmetric_windows(window_samples, synthesis_samples):
    """Analysis window [window] and synthesis window [synthesis], float64; as `asymmetricPair` in engine/stft/window.ts."""
    fall = synthesis_samples // 2
    rise = window_samples - fall
    analysis = np.zeros(window_samples)
    analysis[:rise] = np.sin(np.pi / 2 * (np.arange(rise) + 0.5) / rise)
    angle = np.pi / 2 * (np.arange(fall) + 0.5) / fall
    analysis[rise:] = np.cos(angle)
    synthesis = np.zeros(synthesis_samples)
    synthesis[fall:] = np.cos(angle)
    synthesis[:fall] = np.sin(angle) ** 2 / analysis[rise - fall : rise]
    return analysis, synthesis


class Geometry:
    """One latency mode: transforms of whole signals, and the solver's merged bands."""

    def __init__(self, window_samples, hop_samples, device='cpu'):
        self.window_samples, self.hop_samples = window_samples, hop_samples
        self.bins = window_samples // 2 + 1
        self.bin_hertz = SAMPLE_RATE_HERTZ / window_samples
        self.hop_seconds = hop_samples / SAMPLE_RATE_HERTZ
        analysis, synthesis = asymmetric_windows(window_samples, 2 * hop_samples)
        self.analysis = torch.tensor(analysis, dtype=torch.float32, device=device)
        self.synthesis = torch.tensor(synthesis, dtype=torch.float32, device=device)
        self.scale = 1 / math.sqrt(float((analysis**2).sum()) * SAMPLE_RATE_HERTZ)
        self.solver_bands = torch.tensor(solver_bands(self.bins, self.bin_hertz), device=device)

    def stft(self, samples):
        """[batch, n] -> complex [batch, frames, bins]; the first frame ends one hop after the start, preceded by silence."""
        padded = torch.nn.functional.pad(samples, (self.window_samples - self.hop_samples, 0))
        return torch.fft.rfft(padded.unfold(-1, self.window_samples, self.hop_samples) * self.analysis)

    def istft(self, spectra):
        """Complex [batch, frames, bins] -> [batch, frames * hop], aligned with the input of `stft` (the last hop is incomplete)."""
        hop = self.hop_samples
        frames = torch.fft.irfft(spectra, n=self.window_samples)[..., -2 * hop :] * self.synthesis
        first, second = frames[..., :hop], frames[..., hop:]
        overlapped = second + torch.nn.functional.pad(first[:, 1:], (0, 0, 0, 1))
        return overlapped.flatten(1)

    def magnitudes(self, spectra):
        """V = (|X| scale)^0.5; the summand keeps gradients finite and is far below any sound."""
        return (spectra.abs() * self.scale + 1e-10) ** MAGNITUDE_EXPONENT


@functools.lru_cache(maxsize=None)
def geometry(mode, device='cpu'):
    """The geometry of a latency mode, built once."""
    return Geometry(*MODES[mode], device=device)


def solver_bands(bins, bin_hertz, relative=0.02, exponent=0.3, flat_below_hertz=125):
    """[bins, bands] weighted sums of bins; as `mergeBins` in engine/separator/FrequencyBands.ts."""
    edges = [0]
    while edges[-1] < bins:
        edges.append(min(bins, edges[-1] + max(1, math.floor(relative * edges[-1]))))
    matrix = np.zeros((bins, len(edges) - 1), np.float32)
    for band, (first, end) in enumerate(zip(edges, edges[1:])):
        matrix[first:end, band] = (1 + first * bin_hertz / flat_below_hertz) ** -exponent
    return matrix
