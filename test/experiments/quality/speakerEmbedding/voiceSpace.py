"""Exports the space in which voices are told apart: python3 voiceSpace.py VECTORS

Reads what stretchVectors.mjs has written, and writes engine/embedding/voiceSpaceValues.ts: the directions in which voices differ most,
relative to how much the stretches of one voice do (linear discriminant analysis, the two-covariance model).
"""

import base64
import json
import pathlib
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[4]
DIMENSIONS = 24
LEAST_STRETCHES = 5
# Stretches overlap by half a second each: as many of them say as much about a voice as one that stands alone.
DEPENDENT_STRETCHES = 4
LARGEST_STEP = 127


def covariances(vectors, speakers):
    """Of stretches within voices, and of the means of voices."""
    within, count, means, variances = 0, 0, [], []
    for speaker in np.unique(speakers):
        own = vectors[speakers == speaker]
        if len(own) < LEAST_STRETCHES:
            continue
        deviations = own - own.mean(0)
        within = within + deviations.T @ deviations
        count += len(own) - 1
        means.append(own.mean(0))
        variances.append(min(1, DEPENDENT_STRETCHES / len(own)))
    within = within / count
    # The mean of a few stretches differs from that of the voice.
    return within, np.cov(np.array(means).T) - within * np.mean(variances)


def main():
    rows = np.fromfile(sys.argv[1] + '.f32', np.float32).astype(float)
    names = json.load(open(sys.argv[1] + '.json'))
    rows = rows.reshape(-1, 65)
    speakers, vectors = rows[:, 0].astype(int), rows[:, 1:]
    # What a collection has in common, such as its codec, does not tell voices apart.
    sources = np.array([name.split('/')[0] for name in names])[speakers]
    for source in np.unique(sources):
        vectors[sources == source] -= vectors[sources == source].mean(0)
    within, between = covariances(vectors, speakers)
    white = np.linalg.cholesky(np.linalg.inv(within))
    variances, directions = np.linalg.eigh(white.T @ between @ white)
    order = np.argsort(-variances)[:DIMENSIONS]
    projection = white @ directions[:, order]
    scales = np.abs(projection).max(0) / LARGEST_STEP
    steps = np.round(projection / scales).astype(np.int8)
    layer = scales.astype('<f4').tobytes() + np.zeros(DIMENSIONS, '<f4').tobytes() + steps.tobytes()
    text = f"""/** The space of voices, by test/experiments/quality/speakerEmbedding/voiceSpace.py. See `voiceSpace`. */
export const voiceProjectionBase64 =
  '{base64.b64encode(layer).decode()}';

/** Variances between voices. */
export const VOICE_VARIANCES: readonly number[] = [
  {', '.join(f'{value:.3f}' for value in variances[order])},
];
"""
    (ROOT / 'engine/embedding/voiceSpaceValues.ts').write_text(text)
    print(len(np.unique(speakers)), 'speakers, variances', variances[order].round(2))


main()
