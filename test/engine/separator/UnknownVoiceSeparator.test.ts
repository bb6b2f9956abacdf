import { describe, expect, it } from 'vitest';
import { sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { UnknownVoiceSeparator } from '../../../engine/separator/UnknownVoiceSeparator.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import { randomPreset, syntheticVoice } from '../syntheticVoice.ts';

const sampleRateHertz = 16_000;
const plan = planStft({ sampleRateHertz });
const presets = ['low', 'high', 'background'].map((name, index) => randomPreset(name, 6, index + 1));
const known = sampleSpeakerSet(presets.slice(0, 2), plan);
const competing = sampleSpeakerSet(presets, plan);
const signal = Float32Array.from(syntheticVoice(1, 120, 1, 3, sampleRateHertz));

function separated(separator: UnknownVoiceSeparator): Float32Array[] {
  const outputs = [0, 1, 2].map(() => new Float32Array(signal.length));
  const piece = plan.hopSamples;
  for (let start = 0; start < signal.length; start += piece) {
    const [low, high, rest] = outputs.map((output) => output.subarray(start, start + piece));
    separator.process(signal.subarray(start, start + piece), { speakers: [low!, high!], rest: rest! });
  }
  return outputs;
}

describe('UnknownVoiceSeparator', () => {
  it('has outputs that sum to the delayed input', () => {
    const separator = new UnknownVoiceSeparator(known, competing);
    const outputs = separated(separator);
    let worst = 0;
    for (let n = separator.latencySamples; n < signal.length; n++) {
      const sum = outputs.reduce((total, output) => total + output[n]!, 0);
      worst = Math.max(worst, Math.abs(sum - signal[n - separator.latencySamples]!));
    }
    expect(worst).toBeLessThan(1e-5);
  });

  it('starts as the separator of the known voices', () => {
    const own = separated(new UnknownVoiceSeparator(known, competing));
    const plain = new Separator(known, { parameters: { rest: 1 } });
    const expected = [0, 1, 2].map(() => new Float32Array(signal.length));
    plain.process(signal, { speakers: expected.slice(0, 2), rest: expected[2]! });
    const settled = 4 * plan.hopSamples;
    for (const [index, output] of own.entries())
      expect(output.subarray(0, settled)).toEqual(expected[index]!.subarray(0, settled));
  });

  it('refuses speaker sets that do not fit together', () => {
    expect(() => new UnknownVoiceSeparator(known, known)).toThrow('competing must have 3 speakers, got 2');
    const other = sampleSpeakerSet(presets, planStft({ sampleRateHertz, latency: 'call' }));
    expect(() => new UnknownVoiceSeparator(known, other)).toThrow('must have the same latency');
  });
});
