"""What the network reads and corrects: bands defined in hertz, so that they fit every window and sample rate."""

import functools
import math

import numpy as np
import torch

from nmf import SMALLEST, activations

BANDS = 28
FINE_PER_BAND = 5
FINE_BANDS = BANDS * FINE_PER_BAND
BANDWIDTH_HERTZ = 8000
SMALLEST_WIDTH_HERTZ = 25
# Width over lower edge where that is wider: the last band ends at BANDWIDTH_HERTZ.
RELATIVE_WIDTH = 0.020967
# Per fine band and frame: level, logit of the NMF mask, unexplained residual.
DYNAMIC = 3
# Per band, once per speaker set: mean log template in each fine band and their spread, of the speaker and of the others.
STATIC = 2 * (FINE_PER_BAND + 1)
MASK_EXPONENT = 2
LEVEL_SECONDS = 0.8
# 4 Np of power: a level this far below the frame's follows at once.
LEVEL_BELOW_FRAME = 4
POWER_FLOOR = 1e-20
TEMPLATE_FLOOR = 1e-3


@functools.lru_cache(maxsize=None)
def fine_edges():
    """[FINE_BANDS + 1] edges in hertz, the first one such that the narrow bands are centred on multiples of their width."""
    edges = [-SMALLEST_WIDTH_HERTZ / 2]
    for _ in range(FINE_BANDS):
        edges.append(edges[-1] + max(SMALLEST_WIDTH_HERTZ, RELATIVE_WIDTH * edges[-1]))
    return np.array(edges)


@functools.lru_cache(maxsize=None)
def band_matrices(bins, bin_hertz, device='cpu'):
    """Averaging [bins, fine] and spreading [fine, bins], both by the overlap of bins (one spacing wide) with fine bands.

    Columns of either sum to 1, except that fine bands above the spectrum average to 0. Bins above the last band get its value.
    """
    edges = fine_edges()
    centres = np.arange(bins)[:, None] * bin_hertz
    low = np.maximum(centres - bin_hertz / 2, edges[:-1])
    high = np.minimum(centres + bin_hertz / 2, edges[1:])
    overlap = np.maximum(0, high - low)
    overlap[(centres[:, 0] - bin_hertz / 2) >= edges[-1], -1] = 1
    averaging = overlap / np.maximum(overlap.sum(0, keepdims=True), 1e-9)
    spreading = (overlap / overlap.sum(1, keepdims=True)).T
    return tuple(torch.tensor(matrix.astype(np.float32), device=device) for matrix in (averaging, spreading))


def smoothed_level(level, hop_seconds):
    """Causal level [batch, frames] of log powers: decays with LEVEL_SECONDS, rises at once to LEVEL_BELOW_FRAME under the frame."""
    step = 1 - math.exp(-hop_seconds / LEVEL_SECONDS)
    smoothed = torch.empty_like(level)
    state = level[:, 0]
    for frame in range(level.shape[1]):
        now = level[:, frame]
        state = torch.maximum(torch.lerp(state, now, step), now - LEVEL_BELOW_FRAME)
        smoothed[:, frame] = state
    return smoothed


def models_of(geometry, magnitudes, templates, rest, iterations):
    """Models of V: the speaker's and the others' together, each [batch, frames, bins].

    templates: list of [batch, K, bins], the speaker first. rest: whether what no template explains counts as another voice.
    """
    h = activations(magnitudes, torch.cat(templates, 1), geometry.solver_bands, iterations)
    parts = [
        part @ rows + SMALLEST
        for part, rows in zip(h.split([rows.shape[1] for rows in templates], 2), templates)
    ]
    powers = [part**MASK_EXPONENT for part in parts[1:]]
    if rest:
        powers.append((magnitudes - sum(parts)).clamp(min=SMALLEST) ** MASK_EXPONENT)
    return parts[0], sum(powers) ** (1 / MASK_EXPONENT)


def dynamic_features(geometry, magnitudes, own, others):
    """[BANDS, frames, batch, FINE_PER_BAND * DYNAMIC] from V and both models, each [batch, frames, bins]."""
    averaging, _ = band_matrices(geometry.bins, geometry.bin_hertz, magnitudes.device.type)
    powers = magnitudes**4 @ averaging
    widths = torch.tensor(np.diff(fine_edges()) / BANDWIDTH_HERTZ, dtype=torch.float32, device=powers.device)
    level = smoothed_level((powers @ widths + POWER_FLOOR).log(), geometry.hop_seconds)
    own_powers, other_powers = own**2 @ averaging + POWER_FLOOR, others**2 @ averaging + POWER_FLOOR
    explained = (own + others) ** 2 @ averaging + POWER_FLOOR
    observed = magnitudes**2 @ averaging + POWER_FLOOR
    features = torch.stack(
        [
            (((powers + POWER_FLOOR).log() - level[..., None]) / 6 + 1).clamp(-2.5, 2.5),
            ((own_powers / other_powers).log() / 4).clamp(-2.5, 2.5),
            ((explained / observed).log() / 2).clamp(-1.5, 1.5),
        ],
        -1,
    )
    batch, frames = magnitudes.shape[:2]
    return features.view(batch, frames, BANDS, -1).permute(2, 1, 0, 3).contiguous()


def static_features(geometry, own, others):
    """[BANDS, batch, STATIC] from templates [batch, K, bins] of the speaker and of all others (empty if there is only the rest)."""
    averaging, _ = band_matrices(geometry.bins, geometry.bin_hertz, own.device.type)
    parts = []
    for templates in (own, others):
        batch = own.shape[0]
        if templates.shape[1] == 0:
            parts.append(torch.zeros(batch, BANDS, FINE_PER_BAND + 1, device=own.device))
            continue
        logs = (templates @ averaging + TEMPLATE_FLOOR).log().view(batch, templates.shape[1], BANDS, FINE_PER_BAND)
        parts.append(torch.cat([logs.mean(1), logs.mean(3).std(1, unbiased=False)[..., None]], -1) / 2)
    return torch.cat(parts, -1).transpose(0, 1).contiguous()


def mask_logits(own, others):
    """Logits of the engine's Wiener mask, the speaker against all others: [batch, frames, bins]."""
    return MASK_EXPONENT * (own / others).log()


def corrected_logits(geometry, logits, corrections):
    """Adds corrections [BANDS, frames, batch, FINE_PER_BAND] to logits [batch, frames, bins]."""
    _, spreading = band_matrices(geometry.bins, geometry.bin_hertz, logits.device.type)
    return logits + corrections.permute(2, 1, 0, 3).flatten(2) @ spreading
