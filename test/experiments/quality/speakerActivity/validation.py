"""Conversations that the engine itself computed, of adapted and of plain speakers that are not trained on."""

import json

import numpy as np
import torch

from activityNetwork import band_of_bin, corrected, features_of

BIN_HERTZ, HOP_SECONDS = 25.0, 0.008
# Bins of a band share one value before the mask network in these files.
OVERLAP = 0.15


class Validation:
    def __init__(self, folder, speakers=None):
        self.conversations = []
        for path in sorted(folder.glob('*.json')):
            for entry in json.loads(path.read_text()):
                if speakers is not None and not {entry['a'], entry['b']} <= speakers or entry['overlap'] != OVERLAP:
                    continue
                self.conversations.append(Conversation(entry, folder / entry['file'].replace('.f32', '.npz')))

    @torch.no_grad()
    def measure(self, network):
        """[conversations, 5]: leak and overlap error in dB without and with the network, share of frames with the right activity."""
        return np.array([conversation.scores(network) for conversation in self.conversations])

    def summary(self, network):
        scores = self.measure(network)
        result = {}
        for kind in ('plain', 'adapted'):
            chosen = scores[[conversation.kind == kind for conversation in self.conversations]]
            median, worst = np.median(chosen, 0), chosen.max(0)
            result[kind] = {
                'leak': [round(float(value), 2) for value in (median[0], median[1], worst[0], worst[1])],
                'overlap': [round(float(value), 2) for value in (median[2], median[3], (chosen[:, 3] - chosen[:, 2]).mean())],
                'rightActivity': round(float(chosen[:, 4].mean()), 3),
            }
        return result


class Conversation:
    def __init__(self, entry, path):
        self.kind = entry['name']
        data = np.load(path)
        read = lambda key: torch.from_numpy(data[key]).float()[None]
        self.powers = read('P').exp()
        share = torch.sigmoid(read('G'))
        self.after = torch.stack([share, 1 - share], 2).clamp(min=1e-6).log()
        band = band_of_bin(self.powers.shape[-1], BIN_HERTZ)
        before = read('pre')[..., band]
        self.features = features_of(
            self.powers, torch.stack([before, 1 - before], 2), self.after.exp(), BIN_HERTZ, HOP_SECONDS
        )
        first = read('R').clamp(-1, 2)
        self.truth = torch.stack([first, 1 - first], 2)
        energies = (self.powers[:, :, None] * self.truth**2).sum(-1)[0]
        total = energies.sum(1)
        is_loud = total > total.max() * 1e-5
        least = energies.min(1).values / (total + 1e-20)
        self.solo, self.overlap = (least < 0.003) & is_loud, (least > 0.01) & is_loud
        self.active = energies > 0.01 * energies[is_loud].mean(0)

    def scores(self, network):
        corrections, logits = network(self.features)
        return [*self.errors(0 * corrections)[:1], *self.errors(corrections)[:1], self.errors(0 * corrections)[1],
                self.errors(corrections)[1], float(((logits[0] > 0) == self.active).float().mean())]

    def errors(self, corrections):
        shares = corrected(self.after, corrections, band_of_bin(self.powers.shape[-1], BIN_HERTZ))
        error = (self.powers * (shares[:, :, 0] - self.truth[:, :, 0]) ** 2).sum(-1)[0]
        energy = self.powers.sum(-1)[0]
        decibels = lambda frames: float(10 * torch.log10(error[frames].sum() / energy[frames].sum()))
        return decibels(self.solo), decibels(self.overlap)
