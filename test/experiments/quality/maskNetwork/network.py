"""The network: one set of weights for all voices, windows, hops and sample rates."""

import torch
from torch import nn

from features import BANDS, DYNAMIC, FINE_PER_BAND, STATIC

CHANNELS = 24
MEMORY = 32
MIXED = 40
HIDDEN = 48
BLOCKS = 3
FULL_BAND = 128
SQUEEZED = 4
# Hop at which the decays are those of the weights; at another hop they are raised to hop / REFERENCE_HOP_SECONDS.
REFERENCE_HOP_SECONDS = 0.008


class GatedScan(torch.autograd.Function):
    """c[t] = f[t] c[t-1] + (1 - f[t]) u[t] over dimension 1, output c sigmoid(r), with f = sigmoid(z)^hops."""

    @staticmethod
    def forward(context, update, forget, output, hops):
        sigmoid = torch.sigmoid(forget)
        decay = sigmoid if hops == 1 else sigmoid**hops
        gate = torch.sigmoid(output)
        state = update - decay * update
        for frame in range(1, update.shape[1]):
            state[:, frame].addcmul_(decay[:, frame], state[:, frame - 1])
        context.save_for_backward(update, sigmoid, decay, gate, state)
        context.hops = hops
        return state * gate

    @staticmethod
    def backward(context, gradient):
        update, sigmoid, decay, gate, state = context.saved_tensors
        carried = gradient * gate
        output_gradient = gradient.mul(state).mul_(gate).mul_(1 - gate)
        for frame in range(update.shape[1] - 2, -1, -1):
            carried[:, frame].addcmul_(decay[:, frame + 1], carried[:, frame + 1])
        difference = -update
        difference[:, 1:] += state[:, :-1]
        forget_gradient = difference.mul_(carried).mul_(decay).mul_((1 - sigmoid).mul_(context.hops))
        return carried.sub_(carried * decay), forget_gradient, output_gradient, None


class Recurrence(nn.Module):
    """Gated linear recurrence over time, without a matrix on the state (as SRU): [..., frames, batch, inputs] -> [..., outputs]."""

    def __init__(self, inputs, memory, outputs, slowest):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(3, inputs, memory) / inputs**0.5)
        biases = torch.zeros(3, memory)
        biases[1] = torch.linspace(0, slowest, memory)
        self.biases = nn.Parameter(biases)
        self.output = nn.Linear(memory, outputs)

    def forward(self, x, hops):
        groups, frames, batch, inputs = x.shape
        gates = torch.baddbmm(self.biases[:, None], x.reshape(1, -1, inputs).expand(3, -1, -1), self.weights)
        return self.output(GatedScan.apply(*gates.view(3, groups, frames, batch, -1).unbind(0), hops))


class PerBand(nn.Module):
    """Linear layer with weights of its own for each of `groups` bands: [groups, ..., inputs] -> [groups, ..., outputs]."""

    def __init__(self, groups, inputs, outputs):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(groups, inputs, outputs) / inputs**0.5)
        self.biases = nn.Parameter(torch.zeros(groups, 1, outputs))

    def forward(self, x):
        if self.weights.shape[0] == 1:
            return (x.reshape(-1, x.shape[-1]) @ self.weights[0] + self.biases[0, 0]).view(*x.shape[:-1], -1)
        return torch.baddbmm(self.biases, x.flatten(1, -2), self.weights).view(*x.shape[:-1], -1)


class Block(nn.Module):
    """Residual recurrence over time, mixing across bands, and mixing across channels."""

    def __init__(self, channel_groups):
        super().__init__()
        self.recurrence = Recurrence(CHANNELS, MEMORY, CHANNELS, slowest=4.5)
        self.mix_in = nn.Linear(BANDS, MIXED)
        self.mix_out = nn.Linear(MIXED, BANDS)
        self.channel_in = PerBand(channel_groups, CHANNELS, HIDDEN)
        self.channel_out = PerBand(channel_groups, HIDDEN, CHANNELS)
        self.scales = nn.Parameter(torch.full((3,), 0.3))

    def forward(self, x, hops):
        x = x + self.scales[0] * self.recurrence(normalized(x), hops)
        bands = normalized(x).flatten(1)
        mixed = torch.relu(torch.addmm(self.mix_in.bias[:, None], self.mix_in.weight, bands))
        x = x + self.scales[1] * torch.addmm(self.mix_out.bias[:, None], self.mix_out.weight, mixed).view_as(x)
        return x + self.scales[2] * self.channel_out(torch.relu(self.channel_in(normalized(x))))


class MaskNetwork(nn.Module):
    """Corrections of one speaker's mask logits. The head is zero at the start: an untrained network changes nothing."""

    def __init__(self):
        super().__init__()
        self.dynamic = PerBand(BANDS, FINE_PER_BAND * DYNAMIC, CHANNELS)
        self.static = PerBand(BANDS, STATIC, CHANNELS)
        self.blocks = nn.ModuleList(Block(BANDS if block == 1 else 1) for block in range(BLOCKS))
        self.squeeze = nn.Linear(CHANNELS, SQUEEZED)
        self.full_band = Recurrence(BANDS * SQUEEZED, FULL_BAND, BANDS * SQUEEZED, slowest=6.5)
        self.expand = nn.Linear(SQUEEZED, CHANNELS)
        self.head = PerBand(BANDS, CHANNELS, FINE_PER_BAND)
        nn.init.zeros_(self.head.weights)

    def forward(self, dynamic, static, hop_seconds):
        """dynamic [BANDS, frames, batch, 15], static [BANDS, batch, 12] -> corrections [BANDS, frames, batch, FINE_PER_BAND]."""
        hops = hop_seconds / REFERENCE_HOP_SECONDS
        x = self.dynamic(dynamic) + self.static(static)[:, None]
        for number, block in enumerate(self.blocks):
            x = block(x, hops)
            if number == 1:
                x = x + self.across(x, hops)
        return self.head(normalized(x))

    def across(self, x, hops):
        """One recurrence over all bands together: who is speaking, over seconds."""
        bands, frames, batch, _ = x.shape
        squeezed = self.squeeze(x).permute(1, 2, 0, 3).reshape(1, frames, batch, BANDS * SQUEEZED)
        across = self.full_band(squeezed, hops)
        return self.expand(across.view(frames, batch, bands, SQUEEZED).permute(2, 0, 1, 3))


def normalized(x):
    """Each vector of channels with mean 0 and variance 1."""
    return nn.functional.layer_norm(x, x.shape[-1:])
