import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mixAtSnr, siSdr } from '../../../../engine/evaluation/index.ts';
import { symmetricPair } from '../../../../engine/stft/window.ts';
import { paper } from '../../../../host/lab/evaluation/methods/paper.ts';
import type { MethodSettings, TrainedSpeaker } from '../../../../host/lab/evaluation/methods/SeparationMethod.ts';
import { QUICK_METHODS } from '../../../../host/lab/evaluation/methods/separationMethods.ts';
import { syntheticVoice } from '../../../engine/syntheticVoice.ts';

const sampleRateHertz = 8000;
const windowSamples = 800;
const voice = (seed: number, pitchHertz: number, tract: number, seconds: number) =>
  Float32Array.from(syntheticVoice(seed, pitchHertz, tract, seconds, sampleRateHertz));
const plan = { sampleRateHertz, windowSamples, hopSamples: 400, windows: symmetricPair(windowSamples) };
const settings: MethodSettings = { plan, templates: 20, seed: 1, paper: { epochs: 4, coordinate: 'hertz' } };
const low = { name: 'low', samples: voice(1, 100, 0.85, 4), sampleRateHertz };

const folder = mkdtempSync(join(tmpdir(), 'unmingle-paper-'));
const cache = process.env.UNMINGLE_CACHE;
beforeAll(() => {
  process.env.UNMINGLE_CACHE = folder;
});
afterAll(() => {
  if (cache === undefined) delete process.env.UNMINGLE_CACHE;
  else process.env.UNMINGLE_CACHE = cache;
  rmSync(folder, { recursive: true });
});

const storedFile = () => join(folder, 'paper', readdirSync(join(folder, 'paper'))[0]!);
const weightsOf = (speaker: TrainedSpeaker) => (speaker.kind === 'paper' ? speaker.training.templates.weights : null);

test('paper is not among the default methods, since it trains for minutes', () => {
  expect(QUICK_METHODS.map(({ name }) => name)).toEqual(['innmf', 'nmf', 'interpolated', 'oracle', 'mixture']);
});

test('stores trained networks, and trains again if the file is damaged or has other settings', async () => {
  const trained = await paper.train('low', [low], settings);
  const text = readFileSync(storedFile(), 'utf8');
  expect(await paper.train('low', [low], settings)).toEqual(trained);

  const stored = JSON.parse(text) as { epochs: number; templates: { weights: string; sampleRateHertz: number } };
  const short = { ...stored, templates: { ...stored.templates, weights: stored.templates.weights.slice(0, 400) } };
  const otherRate = { ...stored, templates: { ...stored.templates, sampleRateHertz: 16_000 } };
  const nan = Buffer.from(new Float32Array(20 * 13_889).fill(Number.NaN).buffer).toString('base64');
  const notFinite = { ...stored, templates: { ...stored.templates, weights: nan } };
  const broken = [
    '',
    '{}',
    'null',
    text.slice(0, 1000),
    ...[short, otherRate, notFinite].map((it) => JSON.stringify(it)),
  ];
  for (const content of broken) {
    writeFileSync(storedFile(), content);
    expect(weightsOf(await paper.train('low', [low], settings))).toEqual(weightsOf(trained));
    expect(JSON.parse(readFileSync(storedFile(), 'utf8')).templates).toEqual(stored.templates);
  }
}, 60_000);

test('returns estimates aligned with the mixture and of its length, at a window other than that of training', async () => {
  const high = { name: 'high', samples: voice(2, 210, 1.15, 4), sampleRateHertz };
  const { target, interferer, mixture } = mixAtSnr(voice(3, 100, 0.85, 2.05), voice(4, 210, 1.15, 2.05), 0);
  const references = [Float32Array.from(target), Float32Array.from(interferer)] as const;
  const own = { ...settings, paper: { epochs: 8, coordinate: 'hertz' } } as const;
  const speakers = [await paper.train('low', [low], own), await paper.train('high', [high], own)] as const;
  const mixed = { sampleRateHertz, mixture: Float32Array.from(mixture), references };
  const estimates = await paper.separate(mixed, [structuredClone(speakers[0]), structuredClone(speakers[1])], own);
  expect(estimates.map(({ length }) => length)).toEqual([mixture.length, mixture.length]);
  expect(estimates.every((estimate) => estimate.every(Number.isFinite))).toBe(true);
  // Masks to the power 2 sum to between 1/2 and 1, so the sum is nearly the mixture if the windows overlap correctly.
  const sum = estimates[0]!.map((sample, index) => sample + estimates[1]![index]!);
  expect(siSdr(mixed.mixture, sum)).toBeGreaterThan(10);
}, 60_000);
