"""The activity network: who speaks now, from what the speakers' models make of each frame, with memory."""

import functools

import numpy as np
import torch
from torch import nn

import problems  # noqa: F401  its import adds the mask network's modules to the path
from network import Recurrence

UNITS = 64
BANDWIDTH_HERTZ = 8000
FEATURES = 3
SHARE_FLOOR = 0.003
LEVEL_SECONDS = 5
LEVEL_BELOW_FRAME = 0.3
POWER_FLOOR = 1e-5
# Weights near 1 give corrections of several nepers.
OUTPUT_SCALE = 4
# The slowest units remember for five seconds at first.
SLOWEST = 6.5


@functools.lru_cache(maxsize=None)
def band_of_bin(bins, bin_hertz):
    """[bins] as `outputEdges` and `bandsOfBins` in engine/network/networkBands.ts."""
    edges = [0.0]
    while edges[-1] < BANDWIDTH_HERTZ:
        edges.append(min(BANDWIDTH_HERTZ, edges[-1] + max(62.5, 0.1 * edges[-1])))
    bands, band = np.zeros(bins, np.int64), 0
    for index in range(bins):
        while band < len(edges) - 2 and index * bin_hertz >= edges[band + 1] - 1e-6:
            band += 1
        bands[index] = band
    return torch.tensor(bands)


BANDS = int(band_of_bin(321, 25.0)[-1]) + 1


def band_sums(values, band):
    """[..., bins] -> [..., bands]"""
    return values.new_zeros(*values.shape[:-1], BANDS).index_add_(-1, band, values)


def share_logits(powers, shares, band, band_powers):
    """Logits of shares per band. powers [batch, frames, bins], shares [batch, frames, speakers, bins] -> [..., speakers, bands]"""
    share = band_sums(powers[:, :, None] * shares, band) / band_powers.clamp(min=1e-20)[:, :, None]
    share = torch.where(band_powers[:, :, None] > 1e-20, share, torch.full_like(share, 1 / shares.shape[2]))
    return (share + SHARE_FLOOR).log() - (1 - share + SHARE_FLOOR).clamp(min=SHARE_FLOOR).log()


def causal_level(total, hop_seconds):
    """[batch, frames]: decays with LEVEL_SECONDS, and is never lower than LEVEL_BELOW_FRAME times the frame's power."""
    keep = float(np.exp(-hop_seconds / LEVEL_SECONDS))
    levels, level = [], torch.full_like(total[:, 0], 1e-20)
    for now in total.unbind(1):
        level = torch.maximum(LEVEL_BELOW_FRAME * now, level * keep)
        levels.append(level)
    return torch.stack(levels, 1)


def features_of(powers, before, after, bin_hertz, hop_seconds):
    """Inputs [batch, frames, speakers, FEATURES * BANDS].

    powers [batch, frames, bins]; before, after: shares [batch, frames, speakers, bins].
    """
    band = band_of_bin(powers.shape[-1], bin_hertz)
    band_powers = band_sums(powers, band)
    level = causal_level(band_powers.sum(-1), hop_seconds)
    relative = (band_powers / level[..., None] + POWER_FLOOR).log() / 4 + 1
    first = share_logits(powers, before, band, band_powers) / 3
    second = share_logits(powers, after, band, band_powers) / 3
    return torch.cat([first, second, relative[:, :, None].expand_as(first)], -1)


class ActivityNetwork(nn.Module):
    """Corrections of each speaker's log model in each band, and the logit of the probability that the speaker is active.

    The head is zero at the start: an untrained network changes nothing. Speakers see the mean of the others' units, so any number of
    them is possible, in any order.
    """

    def __init__(self, units=UNITS):
        super().__init__()
        self.input = nn.Linear(FEATURES * BANDS, units)
        self.first = Recurrence(units, units, units, SLOWEST)
        self.mixing = nn.Linear(2 * units, units)
        self.second = Recurrence(units, units, units, SLOWEST)
        self.head = nn.Linear(2 * units, BANDS + 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, features, hops=1):
        """features [batch, frames, speakers, inputs] -> corrections [batch, frames, speakers, BANDS], logits [batch, frames, speakers]"""
        batch, frames, speakers, _ = features.shape
        x = features.permute(1, 0, 2, 3)
        h = torch.tanh(self.input(x))
        h = h + self.over_time(self.first, h, hops)
        h = torch.tanh(self.mixing(torch.cat([h, mean_of_others(h)], -1)))
        h = h + self.over_time(self.second, h, hops)
        y = OUTPUT_SCALE * self.head(torch.cat([h, mean_of_others(h)], -1)).permute(1, 0, 2, 3)
        logits = y[..., BANDS]
        return y[..., :BANDS] * alone(logits)[..., None, None], logits

    @staticmethod
    def over_time(recurrence, h, hops):
        frames, batch, speakers, units = h.shape
        return recurrence(h.reshape(1, frames, batch * speakers, units), hops).view(frames, batch, speakers, -1)


def alone(logits):
    """Probability that at most one speaker is active, roughly: [batch, frames]. Where several are, corrections do more harm than good."""
    return 1 - torch.sigmoid(logits).topk(2, -1).values[..., 1]


def mean_of_others(h):
    return (h.sum(-2, keepdim=True) - h) / max(1, h.shape[-2] - 1)


def corrected(log_shares, corrections, band):
    """Shares [batch, frames, speakers, bins] after the corrections of each band."""
    return torch.softmax(log_shares + corrections[..., band], 2)
