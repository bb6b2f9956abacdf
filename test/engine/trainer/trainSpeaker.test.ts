import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Preset, parsePreset, presetNetwork, serializePreset } from '../../../engine/model/Preset.ts';
import { templateFeatures } from '../../../engine/network/features.ts';
import { chooseBackend } from '../../../engine/trainer/backend.ts';
import { networkMatrix } from '../../../engine/trainer/networkMatrix.ts';
import { recordingSpectra } from '../../../engine/trainer/spectra.ts';
import { fixedTemplateDivergence } from '../../../engine/trainer/TemplateChain.ts';
import { type TrainingOptions, trainSpeaker } from '../../../engine/trainer/trainSpeaker.ts';
import { syntheticVoice } from '../syntheticVoice.ts';

const packagePath = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
const wasmPath = `${dirname(packagePath)}/dist/`;
const sampleRateHertz = 16_000;
const speech = [{ name: 'voice', samples: syntheticVoice(1, 120, 1, 8, sampleRateHertz), sampleRateHertz }];
const options: TrainingOptions = { name: 'voice', created: '2026-01-01', templates: 6, wasmPath, backend: 'wasm' };
/** Of a training whose quality does not matter. */
const FEW_STEPS = 40;
/** Enough for a good fit of six templates. */
const GOOD_STEPS = 200;

// Long timeout: other tests may occupy both cores.
describe('trainSpeaker', { timeout: 120_000 }, () => {
  const fractions: number[] = [];
  const losses: (number | null)[] = [];
  let first: Preset;

  beforeAll(async () => {
    first = await trainSpeaker(speech, {
      ...options,
      onProgress: ({ fraction, loss }) => {
        fractions.push(fraction);
        losses.push(loss);
      },
    });
  }, 120_000);

  it('reports progress, and fits the speech', () => {
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(losses.at(-1)).toBeLessThan(losses.find((loss) => loss !== null)! / 2);
    expect(first.training.fitRatio).toBeLessThan(1.15);
    expect(first.bandwidthHertz).toBe(8000);
  });

  it('produces the same bytes for the same seed, others for another seed, and disposes of all tensors', async () => {
    const before = tf.memory().numTensors;
    const train = async (seed: number) =>
      serializePreset(await trainSpeaker(speech, { ...options, steps: FEW_STEPS, seed }));
    const text = await train(1);
    expect(await train(1)).toBe(text);
    expect(tf.memory().numTensors).toBe(before);
    expect(await train(2)).not.toBe(text);
  });

  it('returns a network whose output agrees with tfjs to 1e-5', () => {
    const network = presetNetwork(first);
    const frequencies = Float64Array.from({ length: 300 }, (_, index) => index * 26.1);
    const own = network.sample(frequencies, 0.05);
    const features = templateFeatures(network.quefrencies, frequencies, new Float64Array(300).fill(0.05));
    const expected = tf.tidy(() => {
      let values: tf.Tensor = tf.tensor2d(features, [300, features.length / 300]);
      network.layers.forEach((layer, index) => {
        const weights = tf.tensor2d(layer.weights, [layer.outputs, layer.inputs]);
        values = tf.add(tf.matMul(values, weights, false, true), tf.tensor1d(layer.biases));
        if (index < network.layers.length - 1) values = tf.sin(values);
      });
      return tf.transpose(tf.exp(tf.clipByValue(values, -14, 8))).dataSync();
    });
    own.forEach((value, at) => {
      expect(Math.abs(value - expected[at]!) / expected[at]!).toBeLessThan(1e-5);
    });
  });

  it('rejects with the reason of the abort signal', async () => {
    const controller = new AbortController();
    const training = trainSpeaker(speech, {
      ...options,
      steps: FEW_STEPS,
      signal: controller.signal,
      onProgress: ({ fraction }) => {
        if (fraction > 0.5) controller.abort(new Error('enough'));
      },
    });
    await expect(training).rejects.toThrow('enough');
  });

  it('rejects options out of range before any work', async () => {
    await expect(trainSpeaker(speech, { ...options, templates: 0 })).rejects.toThrow(
      'templates must be an integer between 1 and 128, got 0',
    );
    await expect(trainSpeaker(speech, { ...options, seconds: 1 })).rejects.toThrow(
      'seconds must be a number between 3 and 600, got 1',
    );
    await expect(trainSpeaker(speech, { ...options, name: '../x' })).rejects.toThrow('preset name must be');
  });

  it.each(['cqt'] as const)('also learns from the %s transform', async (transform) => {
    const preset = await trainSpeaker(speech, { ...options, transform, steps: GOOD_STEPS });
    expect(parsePreset(serializePreset(preset)).training.transform).toBe(transform);
    expect(preset.training.fitRatio).toBeLessThan(1.2);
    // Describes the STFT of the voice much better than a flat template does.
    const spectra = recordingSpectra(speech[0]!, 1024);
    const divergenceOf = (trained: typeof preset) =>
      fixedTemplateDivergence(spectra, networkMatrix(presetNetwork(trained), 1024, sampleRateHertz), 60);
    const flat = { windowSamples: 1024, templates: 1, values: new Float32Array(513).fill(1) };
    expect(divergenceOf(preset)).toBeLessThan(0.5 * fixedTemplateDivergence(spectra, flat, 60));
  });

  it('also learns at other sample rates', async () => {
    const samples = syntheticVoice(3, 200, 1.1, 6, 8000);
    const recordings = [{ name: 'voice', samples, sampleRateHertz: 8000 }];
    const preset = await trainSpeaker(recordings, { ...options, steps: GOOD_STEPS });
    expect(preset.bandwidthHertz).toBe(4000);
    expect(preset.training.fitRatio).toBeLessThan(1.2);
  });
});

describe('chooseBackend', () => {
  it('reports the backend in use and why faster ones are unavailable', async () => {
    const chosen = await chooseBackend({ wasmPath });
    expect(['tensorflow', 'wasm']).toContain(chosen.name);
    if (chosen.name === 'wasm') expect(chosen.notes[0]).toContain('npm install @tensorflow/tfjs-node');
  });
});
