"""Fixed conversations of voices that are never trained on, and the two figures that decide: overlap and leak."""

import numpy as np
import torch

from features import corrected_logits, dynamic_features, mask_logits, models_of, static_features
from geometry import SAMPLE_RATE_HERTZ, geometry
from measures import si_sdr
from nmf import normalized, with_copies
from scenes import REFERENCE_RMS

SEED = 7
SECONDS = 12
PAIRS = 14
BACKGROUND_PAIRS = 6
ITERATIONS = 12
MARGIN_SECONDS = 0.05
SPEECH_SHARE = 0.01


class Conversation:
    """One conversation of two voices with both views of its features, computed once."""

    def __init__(self, voices, cuts, is_background, random, device):
        self.is_background = is_background
        self.plan = geometry('monitor', device)
        references = [turns(voices, cut, speaker, random) for speaker, cut in enumerate(cuts)]
        self.references = torch.tensor(np.stack(references), dtype=torch.float32, device=device)
        self.is_active = torch.stack([activity(reference) for reference in self.references])
        self.spectra = self.plan.stft(self.references.sum(0)[None])
        magnitudes = self.plan.magnitudes(self.spectra)
        first = voices.templates[cuts[0]]
        second = voices.background if is_background else voices.templates[cuts[1]]
        templates = [with_copies(normalized(rows))[None].to(device) for rows in (first, second)]
        own, others = models_of(self.plan, magnitudes, templates, False, ITERATIONS)
        self.logits = mask_logits(own, others)
        dynamic = [dynamic_features(self.plan, magnitudes, *models) for models in ((own, others), (others, own))]
        static = [static_features(self.plan, *pair) for pair in (templates, templates[::-1])]
        self.dynamic, self.static = torch.cat(dynamic, 2), torch.cat(static, 1)

    def tracks(self, network):
        """[2, samples] separated; without a network by the NMF mask alone."""
        logits = torch.cat([self.logits, -self.logits])
        if network is not None:
            logits = corrected_logits(self.plan, logits, network(self.dynamic, self.static, self.plan.hop_seconds))
        shares = torch.sigmoid(logits)
        return self.plan.istft(self.spectra * (shares / shares.sum(0)))

    def scores(self, network):
        """(SI-SDR in overlap, leak in solo), dB; means over the known voices."""
        tracks = self.tracks(network)
        length = tracks.shape[1]
        references, active = self.references[:, :length], self.is_active[:, :length]
        both = active[0] & active[1]
        speakers = range(1 if self.is_background else 2)
        overlap = [float(si_sdr(references[s][both], tracks[s][both])) for s in speakers]
        leaks = []
        for s in speakers:
            solo = active[1 - s] & ~active[s]
            leaks.append(float(10 * torch.log10((tracks[s][solo] ** 2).sum() / (references[1 - s][solo] ** 2).sum() + 1e-8)))
        return np.mean(overlap), np.mean(leaks)


def turns(voices, cut, speaker, random):
    """A voice that talks in turns of 1.5 to 4 s; turns of both voices overlap at random, about a quarter of the time."""
    first, end = voices.speech[cut]
    speech = np.resize(voices.samples[first:end].astype(np.float64) / 32768, SECONDS * SAMPLE_RATE_HERTZ)
    signal = np.zeros_like(speech)
    position = int((0.2 + 2.2 * speaker + random.uniform(0, 0.5)) * SAMPLE_RATE_HERTZ)
    while position < len(signal):
        turn = int(random.uniform(1.5, 4) * SAMPLE_RATE_HERTZ)
        signal[position : position + turn] = speech[position : position + turn]
        position += turn + int(random.uniform(1, 2.5) * SAMPLE_RATE_HERTZ)
    return signal * (REFERENCE_RMS * 10 ** (random.uniform(-3, 3) / 20) / np.sqrt((signal[signal != 0] ** 2).mean()))


def activity(reference):
    """[samples] bool, as host/lab/conversation/speechActivity.ts: frames of 10 ms above -20 dB, widened by 50 ms."""
    frame = SAMPLE_RATE_HERTZ // 100
    powers = (reference.view(-1, frame) ** 2).mean(1)
    is_speech = (powers > SPEECH_SHARE * powers[powers > 0].mean()).float()[None, None]
    reach = int(MARGIN_SECONDS * 100)
    widened = torch.nn.functional.max_pool1d(is_speech, 2 * reach + 1, 1, reach)[0, 0] > 0
    return widened.repeat_interleave(frame)


class Validation:
    """All conversations, with the figures of the NMF mask alone."""

    def __init__(self, voices, device='cpu'):
        random = np.random.default_rng(SEED)
        self.conversations = []
        for number in range(PAIRS + BACKGROUND_PAIRS):
            cuts = random.choice(voices.validation, 2, replace=False)
            self.conversations.append(Conversation(voices, cuts, number >= PAIRS, random, device))
        self.without = self.measure(None)

    @staticmethod
    def cached(voices, path, device):
        """Reads the conversations from a file, or prepares and writes them: a minute on one core."""
        if path.exists():
            return torch.load(path, map_location=device)
        validation = Validation(voices, device)
        torch.save(validation, path)
        return validation

    @torch.no_grad()
    def measure(self, network):
        """[conversations, 2] SI-SDR in overlap and leak in solo."""
        return np.array([conversation.scores(network) for conversation in self.conversations])

    def summary(self, network):
        """Means over the conversations, and the gain over the NMF mask with its standard error."""
        scores = self.measure(network)
        known = slice(0, PAIRS)
        unknown = slice(PAIRS, None)
        gain = scores - self.without
        error = gain[known].std(0, ddof=1) / PAIRS**0.5
        rounded = lambda values: [round(float(value), 2) for value in values]
        return {
            'overlapSiSdr': rounded([self.without[known, 0].mean(), scores[known, 0].mean(), gain[known, 0].mean(), error[0]]),
            'soloLeak': rounded([self.without[known, 1].mean(), scores[known, 1].mean(), gain[known, 1].mean(), error[1]]),
            'unknownOverlapSiSdr': rounded([self.without[unknown, 0].mean(), scores[unknown, 0].mean()]),
            'unknownSoloLeak': rounded([self.without[unknown, 1].mean(), scores[unknown, 1].mean()]),
        }
