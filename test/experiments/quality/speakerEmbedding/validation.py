"""Equal error rates on speakers that the network has not learnt from."""

import numpy as np
import torch

from frontEnd import SAMPLE_RATE_HERTZ, features_of
from stretches import equalized

SECONDS = (1, 2, 3, 5)
STRETCHES = 8


class Validation:
    """Stretches of each held-out speaker, each through a microphone of its own."""

    def __init__(self, speakers):
        self.features = {}
        count = len(speakers.names)
        for seconds in SECONDS:
            random = np.random.default_rng(seconds)
            samples = seconds * SAMPLE_RATE_HERTZ
            signals = []
            for speaker in range(count):
                first, end = speakers.spans[speaker]
                starts = np.linspace(first, max(first, end - samples), STRETCHES).astype(int)
                signals += [equalized(random, padded(speakers.samples[start : start + samples], samples)) for start in starts]
            self.features[seconds] = features_of(torch.tensor(np.stack(signals)))
        self.labels = np.repeat(np.arange(count), STRETCHES)

    def summary(self, network):
        network.eval()
        rates = {}
        with torch.no_grad():
            for seconds, features in self.features.items():
                embeddings = torch.cat([network(part)[0] for part in features.split(64)]).numpy()
                rates[f'eer{seconds}s'] = round(equal_error_rate(embeddings @ embeddings.T, self.labels), 4)
        network.train()
        return rates


def padded(speech, samples):
    signal = speech.astype(np.float32) / 32768
    return np.resize(signal, samples)


def equal_error_rate(scores, labels):
    """Rate at the threshold where as many pairs of one speaker are rejected as pairs of two are accepted."""
    one, other = np.triu_indices(len(labels), 1)
    is_same = labels[one] == labels[other]
    values = scores[one, other]
    order = np.argsort(-values)
    accepted_different = np.cumsum(~is_same[order]) / (~is_same).sum()
    rejected_same = 1 - np.cumsum(is_same[order]) / is_same.sum()
    at = int(np.argmax(accepted_different >= rejected_same))
    return float((accepted_different[at] + rejected_same[at]) / 2)
