import { beforeAll, describe, expect, test } from 'vitest';
import { klDivergence } from '../../../../engine/factorization/divergence.ts';
import { chooseBackend } from '../../../../engine/trainer/index.ts';
import { fixedTemplateDivergence } from '../../../../engine/trainer/TemplateChain.ts';
import { PaperNetwork, trainPaperTemplates } from '../../../../host/lab/paper/PaperNetwork.ts';
import {
  type PaperCoordinate,
  paperCoordinates,
  paperWeightCount,
  samplePaperTemplates,
} from '../../../../host/lab/paper/PaperTemplates.ts';
import { solvePaperActivations } from '../../../../host/lab/paper/paperActivations.ts';
import { paperSpectra } from '../../../../host/lab/paper/paperSpectra.ts';
import { syntheticVoice } from '../../../engine/syntheticVoice.ts';

const sampleRateHertz = 16_000;
const windowSamples = 128;
const speech = { name: 'voice', samples: syntheticVoice(1, 120, 1, 0.4, sampleRateHertz), sampleRateHertz };
const options = { sampleRateHertz, templates: 3, seed: 4 };
const spectra = paperSpectra(speech, windowSamples);

beforeAll(async () => {
  await chooseBackend();
});

test('a network has as many weights as the paper’s, about 14 thousand per template', () => {
  expect(paperWeightCount()).toBe(20 * 64 + 64 + 3 * (64 * 64 + 64) + 64 + 1);
});

test('spectra do not depend on the level, and scale with the number of voices', () => {
  const louder = { ...speech, samples: speech.samples.map((sample) => 7 * sample) };
  const sumOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0);
  expect(sumOf(paperSpectra(louder, windowSamples).values)).toBeCloseTo(sumOf(spectra.values), 3);
  expect(sumOf(paperSpectra(speech, windowSamples, 2).values) / sumOf(spectra.values)).toBeCloseTo(2 ** 0.25, 4);
});

test('gradients agree with finite differences of the divergence', () => {
  const network = new PaperNetwork(spectra, options);
  network.differentiate();
  const points = spectra.values.length;
  const weights = 3 * paperWeightCount();
  // One of each layer's weights and biases, of different templates, and activations.
  const indices = [5, 1300, 2000, 5440, paperWeightCount() + 9000, 2 * paperWeightCount() + 13_850, weights - 1];
  for (const index of [...indices, weights + 2, network.parameters.length - 1]) {
    const start = network.parameters[index]!;
    const step = 1e-2;
    const at = (offset: number) => {
      network.parameters[index] = start + offset;
      return network.divergence() * points;
    };
    const slope = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
    network.parameters[index] = start;
    const gradient = network.gradients[index]!;
    expect(Math.abs(gradient - slope), `parameter ${index}: ${gradient} against ${slope}`).toBeLessThan(
      0.02 * Math.abs(slope) + 0.02,
    );
  }
  network.dispose();
});

describe('training', () => {
  test('lowers the divergence, and is reproducible with the same seed', async () => {
    const network = new PaperNetwork(spectra, options);
    const before = network.divergence();
    for (let epoch = 0; epoch < 60; epoch++) network.advance();
    expect(network.divergence()).toBeLessThan(before / 100);
    const trained = await trainPaperTemplates(spectra, { ...options, epochs: 60 });
    expect(trained).toEqual(network.trained());
    network.dispose();
  });

  test('disposes of all tensors', async () => {
    const { memory } = await import('@tensorflow/tfjs-core');
    const before = memory().numTensors;
    const { weights } = await trainPaperTemplates(spectra, { ...options, epochs: 2 });
    solvePaperActivations(spectra, new Float32Array(3 * spectra.bins).fill(weights.length), 2, 1);
    expect(memory().numTensors).toBe(before);
  });

  test('can be cancelled between epochs', async () => {
    const cancelled = trainPaperTemplates(spectra, {
      ...options,
      afterEpoch: (fraction) => (fraction > 0.01 ? Promise.reject(new Error('enough')) : Promise.resolve()),
    });
    await expect(cancelled).rejects.toThrow('enough');
  });
});

test('sampling without tfjs agrees with the trained networks at any window', async () => {
  const trained = await trainPaperTemplates(spectra, { ...options, epochs: 80 });
  const matrix = samplePaperTemplates(trained, windowSamples, sampleRateHertz);
  const network = new PaperNetwork(spectra, options);
  for (let epoch = 0; epoch < 80; epoch++) network.advance();
  const own = network.divergence();
  network.dispose();
  expect(fixedTemplateDivergence(spectra, matrix, 200)).toBeLessThan(own);
  const longer = samplePaperTemplates(trained, 2 * windowSamples, sampleRateHertz);
  for (let bin = 0; bin < spectra.bins; bin++) {
    expect(longer.values[2 * bin]).toBeCloseTo(matrix.values[bin]!, 4);
  }
});

test.each<[PaperCoordinate, number]>([
  ['hertz', 0.25],
  ['published', 250.5 / 501 - 0.25],
])('coordinate in %s: where three quarters of the band lie', (coordinate, expected) => {
  const points = paperCoordinates(coordinate, 1000, sampleRateHertz, sampleRateHertz);
  expect(points[0]).toBe(-0.5);
  expect(points[375]).toBeCloseTo(expected, 2);
  expect(points[500]).toBeCloseTo(coordinate === 'hertz' ? 0.5 : 500 / 501 - 0.5, 12);
});

test('the offline solver comes close to the multiplicative updates', () => {
  const templates = 4;
  const frame = (index: number) => spectra.values.subarray(index * spectra.bins, (index + 1) * spectra.bins);
  const values = new Float32Array(templates * spectra.bins);
  for (let template = 0; template < templates; template++) {
    values.set(
      frame(5 + 20 * template).map((value) => value + 1e-4),
      template * spectra.bins,
    );
  }
  const activations = solvePaperActivations(spectra, values, 300, 1);
  const model = Float64Array.from(spectra.values, (_, index) => {
    const row = Math.floor(index / spectra.bins);
    let sum = 0;
    for (let k = 0; k < templates; k++) {
      sum += activations[row * templates + k]! * values[k * spectra.bins + (index % spectra.bins)]!;
    }
    return sum;
  });
  const best = fixedTemplateDivergence(spectra, { windowSamples, templates, values }, 1000);
  expect(klDivergence(spectra.values, model) / spectra.values.length).toBeLessThan(1.2 * best);
});
