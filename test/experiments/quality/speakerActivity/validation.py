"""Conversations that the engine itself computed, of adapted and of plain speakers: some to train on, others to validate."""

import json

import numpy as np
import torch

from activityNetwork import band_of_bin, corrected, features_of
from problems import Problem

BIN_HERTZ, HOP_SECONDS = 25.0, 0.008
# Share of overlap in the conversations to validate on.
OVERLAP = 0.15
# Speakers of data/speechocean and data/librispeech that are only validated on; all are of the half to tune on.
VALIDATION_SPEAKERS = {'0036', '0594', '1998', '0482', '0739', '2414'}
FRAMES = 1250


def entries_of(folder):
    """(description, path) of each conversation."""
    for path in sorted(folder.glob('*.json')):
        for entry in json.loads(path.read_text()):
            yield entry, folder / entry['file'].replace('.f32', '.npz')


class EngineProblems:
    """Batches of conversations of adapted and plain speakers, none of whom is validated on."""

    def __init__(self, folder, random):
        self.random = random
        self.conversations = [
            Conversation(entry, path) for entry, path in entries_of(folder) if not VALIDATION_SPEAKERS & {entry['a'], entry['b']}
        ]

    def problem(self, size):
        chosen = [self.conversations[int(index)] for index in self.random.integers(len(self.conversations), size=size)]
        starts = [int(self.random.integers(each.powers.shape[1] - FRAMES)) for each in chosen]
        cut = lambda name: torch.cat([getattr(each, name)[:, start : start + FRAMES] for each, start in zip(chosen, starts)])
        return Problem(*(cut(name) for name in ('powers', 'before', 'after', 'truth', 'active')))


class Validation:
    def __init__(self, folder):
        self.conversations = [
            Conversation(entry, path)
            for entry, path in entries_of(folder)
            if {entry['a'], entry['b']} <= VALIDATION_SPEAKERS and entry['overlap'] == OVERLAP
        ]

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
    """Tensors as those of a `Problem`, for a batch of one."""

    def __init__(self, entry, path):
        self.kind = entry['name']
        data = np.load(path)
        read = lambda key: torch.from_numpy(data[key]).float()[None]
        powers = read('P').exp()
        share = torch.sigmoid(read('G'))
        first = read('R').clamp(-1, 2)
        # Bins of a band have one share before the mask network in these files.
        before = read('pre')[..., band_of_bin(powers.shape[-1], BIN_HERTZ)]
        truth = torch.stack([first, 1 - first], 2)
        energies = (powers[:, :, None] * truth**2).sum(-1)[0]
        total = energies.sum(1)
        is_loud = total > total.max() * 1e-5
        least = energies.min(1).values / (total + 1e-20)
        self.solo, self.overlap = (least < 0.003) & is_loud, (least > 0.01) & is_loud
        self.active = (energies > 0.01 * energies[is_loud].mean(0))[None].float()
        self.powers = (powers * (0.02 / powers.amax())).half()
        self.before = torch.stack([before, 1 - before], 2).clamp(min=1e-4).log().half()
        self.after = torch.stack([share, 1 - share], 2).clamp(min=1e-6).log().half()
        self.truth = truth.half()

    def scores(self, network):
        powers, after = self.powers.float(), self.after.float()
        features = features_of(powers, self.before.float().exp(), after.exp(), BIN_HERTZ, HOP_SECONDS)
        corrections, logits = network(features)
        leak, overlap = self.errors(powers, after.exp())
        leak_after, overlap_after = self.errors(powers, corrected(after, corrections, band_of_bin(powers.shape[-1], BIN_HERTZ)))
        right = float(((logits > 0) == (self.active > 0.5)).float().mean())
        return [leak, leak_after, overlap, overlap_after, right]

    def errors(self, powers, shares):
        error = (powers * (shares[:, :, 0] - self.truth[:, :, 0].float()) ** 2).sum(-1)[0]
        energy = powers.sum(-1)[0]
        decibels = lambda frames: float(10 * torch.log10(error[frames].sum() / energy[frames].sum()))
        return decibels(self.solo), decibels(self.overlap)
