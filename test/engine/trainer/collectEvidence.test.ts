import { expect, it } from 'vitest';
import { evidenceSpectrum, serializeEvidence } from '../../../engine/model/SpeakerEvidence.ts';
import { collectEvidence } from '../../../engine/trainer/index.ts';
import { syntheticVoice } from '../syntheticVoice.ts';

const sampleRateHertz = 16_000;
const samples = Float32Array.from(syntheticVoice(1, 120, 1, 6, sampleRateHertz));
const collect = (gain: number, seed = 1) =>
  collectEvidence('ann', [{ name: 'voice', samples: samples.map((value) => gain * value), sampleRateHertz }], 60, seed);

it('is the same for the same speech and seed, and differs for another seed', () => {
  expect(serializeEvidence(collect(1))).toBe(serializeEvidence(collect(1)));
  expect(collect(1, 2).peaks).not.toEqual(collect(1).peaks);
});

it('does not depend on the level of the recordings', () => {
  const mean = (gain: number) => {
    const evidence = collect(gain);
    let energy = 0;
    for (let frame = 0; frame < evidence.frames; frame++)
      energy += evidenceSpectrum(evidence, frame).reduce((sum, value) => sum + value * value, 0);
    return 10 * Math.log10(energy / evidence.frames);
  };
  expect(mean(0.1)).toBeCloseTo(mean(1), 1);
});
