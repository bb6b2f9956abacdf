import { beforeAll, describe, expect, it } from 'vitest';
import { AdaptationFit } from '../../../engine/adaptation/AdaptationFit.ts';
import { mixAtSnr, siSdr } from '../../../engine/evaluation/index.ts';
import { adaptSpeakerSet, type JointAdaptation } from '../../../engine/model/JointAdaptation.ts';
import { type SpeakerSet, sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { planStft, type StftPlanOptions } from '../../../engine/stft/StftPlan.ts';
import { collectEvidence } from '../../../engine/trainer/index.ts';
import { randomPreset, syntheticVoice } from '../syntheticVoice.ts';

const sampleRateHertz = 16_000;
const voice = (seed: number, pitchHertz: number, tract: number, seconds: number) =>
  Float32Array.from(syntheticVoice(seed, pitchHertz, tract, seconds, sampleRateHertz));
const presets = [randomPreset('low', 6, 1), randomPreset('high', 6, 2)];
const evidence = [
  collectEvidence('low', [{ name: 'low', samples: voice(1, 100, 0.85, 8), sampleRateHertz }], 60, 1),
  collectEvidence('high', [{ name: 'high', samples: voice(2, 210, 1.15, 8), sampleRateHertz }], 60, 1),
];
const { target, interferer, mixture } = mixAtSnr(voice(3, 100, 0.85, 4), voice(4, 210, 1.15, 4), 0);
let adaptation: JointAdaptation;
const losses: number[] = [];

beforeAll(() => {
  const fit = new AdaptationFit(presets, evidence);
  for (let step = 0; step < fit.steps; step++) {
    fit.advance();
    if (fit.loss !== null) losses.push(fit.loss);
  }
  adaptation = fit.adaptation();
}, 120_000);

function meanSiSdr(speakerSet: SpeakerSet): number {
  const separator = new Separator(speakerSet);
  const { latencySamples } = separator;
  const input = new Float32Array(mixture.length + latencySamples);
  input.set(mixture);
  const speakers = [new Float32Array(input.length), new Float32Array(input.length)];
  separator.process(input, { speakers });
  const [low, high] = speakers.map((output) => output.subarray(latencySamples));
  return (siSdr(target, low!) + siSdr(interferer, high!)) / 2;
}

describe('AdaptationFit', () => {
  it('improves the masks on its training mixtures', () => {
    expect(losses.length).toBeGreaterThan(50);
    expect(losses.at(-1)!).toBeLessThan(0.8 * losses[0]!);
  });

  it.each<Partial<StftPlanOptions>>([{}, { windowSeconds: 0.032 }, { latency: 'call', windowSeconds: 0.128 }])(
    'improves the separation of unseen speech with any STFT plan: %o',
    (options) => {
      const speakerSet = sampleSpeakerSet(presets, planStft({ sampleRateHertz, ...options }));
      expect(meanSiSdr(adaptSpeakerSet(speakerSet, adaptation))).toBeGreaterThan(meanSiSdr(speakerSet) + 1);
    },
  );

  it('rejects evidence that is not one per speaker', () => {
    expect(() => new AdaptationFit(presets, evidence.slice(1))).toThrow(
      'evidence must be as many as speakers, 2, got 1',
    );
  });

  it('learns the same gains from the same evidence', () => {
    const [first, second] = [1, 1].map(() => {
      const fit = new AdaptationFit(presets, evidence, 5);
      for (let step = 0; step < fit.steps && fit.loss === null; step++) fit.advance();
      return fit.adaptation().logGains;
    });
    expect(first).toEqual(second);
  });
});
