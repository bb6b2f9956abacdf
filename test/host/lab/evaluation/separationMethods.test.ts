import { beforeAll, describe, expect, test } from 'vitest';
import { mixAtSnr, siSdr } from '../../../../engine/evaluation/index.ts';
import { latencySamples, planStft } from '../../../../engine/stft/StftPlan.ts';
import { oracle } from '../../../../host/lab/evaluation/methods/oracle.ts';
import type { EvaluationMixture, SeparationMethod } from '../../../../host/lab/evaluation/methods/SeparationMethod.ts';
import { SEPARATION_METHODS, separationMethod } from '../../../../host/lab/evaluation/methods/separationMethods.ts';
import { scorePair } from '../../../../host/lab/evaluation/scores.ts';
import { syntheticVoice } from '../../../engine/syntheticVoice.ts';

const sampleRateHertz = 16_000;
const voice = (seed: number, pitchHertz: number, tract: number, seconds: number) =>
  Float32Array.from(syntheticVoice(seed, pitchHertz, tract, seconds, sampleRateHertz));
const settings = { plan: planStft({ sampleRateHertz }), templates: 8, seed: 1 };
const training = [
  { name: 'low', samples: voice(1, 100, 0.85, 5), sampleRateHertz },
  { name: 'high', samples: voice(2, 210, 1.15, 5), sampleRateHertz },
] as const;
let mixed: EvaluationMixture;

beforeAll(() => {
  const { target, interferer, mixture } = mixAtSnr(voice(3, 100, 0.85, 3), voice(4, 210, 1.15, 3), 0);
  mixed = {
    sampleRateHertz,
    mixture: Float32Array.from(mixture),
    references: [Float32Array.from(target), Float32Array.from(interferer)],
  };
});

type Trained = Awaited<ReturnType<SeparationMethod['train']>>;
/** Speakers at the default settings; methods that train alike share them. */
const trained = new Map<SeparationMethod['train'], readonly [Trained, Trained]>();

async function separate(method: SeparationMethod, plan = settings.plan): Promise<Float32Array[]> {
  const own = { ...settings, plan };
  const known = plan === settings.plan ? trained.get(method.train) : undefined;
  const low = known?.[0] ?? (await method.train('low', [training[0]], own));
  const high = known?.[1] ?? (await method.train('high', [training[1]], own));
  if (plan === settings.plan) trained.set(method.train, [low, high]);
  // Trained speakers are sent between threads.
  return method.separate(mixed, [structuredClone(low), structuredClone(high)], own);
}

const meanSiSdr = (estimates: readonly Float32Array[]) =>
  estimates.reduce((sum, estimate, index) => sum + siSdr(mixed.references[index]!, estimate), 0) / 2;

describe.each(
  SEPARATION_METHODS.filter(({ name }) => name !== 'paper').map((method) => [method.name, method] as const),
)('%s', (name, method) => {
  test('returns one finite estimate for each speaker, aligned with the mixture and of its length', async () => {
    const estimates = await separate(method);
    expect(estimates.map(({ length }) => length)).toEqual([mixed.mixture.length, mixed.mixture.length]);
    expect(estimates.every((estimate) => estimate.every(Number.isFinite))).toBe(true);
    const gain = meanSiSdr(estimates) - meanSiSdr([mixed.mixture, mixed.mixture]);
    if (name === 'mixture') expect(gain).toBe(0);
    else expect(gain).toBeGreaterThan(2);
    // Training, adaptation and separation take a minute beside another test.
  }, 180_000);
});

test('the error for an unknown method lists the known ones', () => {
  expect(() => separationMethod('magic')).toThrow(/--methods must be one or more of innmf, nmf, .*, got "magic"/);
});

describe('oracle', () => {
  test.each([
    ['ear', 0.064],
    ['monitor', 0.032],
    [0.0625, 0.0625],
  ] as const)('at latency %s the estimates sum to the mixture', async (latency, windowSeconds) => {
    const plan = planStft({ sampleRateHertz, latency, windowSeconds });
    const [low, high] = await separate(oracle, plan);
    const settled = latencySamples(plan);
    let largest = 0;
    for (let n = 0; n < mixed.mixture.length - settled; n++) {
      largest = Math.max(largest, Math.abs(low![n]! + high![n]! - mixed.mixture[n]!));
    }
    expect(largest).toBeLessThan(1e-5);
  });

  test('separates better than every trained method', async () => {
    const learnt = await separate(separationMethod('nmf'));
    expect(meanSiSdr(await separate(oracle))).toBeGreaterThan(meanSiSdr(learnt) + 3);
  });
});

test('ratios of a perfect separation are limited, so that means stay finite', () => {
  const { sdrDecibels, siSdrDecibels, stoi } = scorePair(mixed.references, mixed.references, sampleRateHertz);
  expect([sdrDecibels, siSdrDecibels]).toEqual([100, 100]);
  expect(stoi).toBeCloseTo(1, 6);
});
