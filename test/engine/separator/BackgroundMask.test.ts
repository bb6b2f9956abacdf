import { describe, expect, it } from 'vitest';
import { withBackgroundModel } from '../../../engine/model/backgroundModel.ts';
import { type SpeakerSet, sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { packSpeakerSet } from '../../../engine/separator/packSpeakerSet.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import { randomPreset, syntheticVoice } from '../syntheticVoice.ts';

const sampleRateHertz = 16_000;
const plan = planStft({ sampleRateHertz });
const presets = ['low', 'high', 'background'].map((name, index) => randomPreset(name, 6, index + 1));
const FIRST_BIN = 2000 / (sampleRateHertz / plan.windowSamples);
/** The known voices have most of their sound above 2 kHz, the background has all of it below, as the signal. */
const divided = ({ speakers, ...others }: SpeakerSet): SpeakerSet => ({
  ...others,
  speakers: speakers.map(({ values, name, ...speaker }) => {
    const isInside = (bin: number) => (name === 'background' ? bin < FIRST_BIN : bin >= FIRST_BIN);
    const outside = name === 'background' ? 0 : 0.3;
    return {
      ...speaker,
      name,
      values: values.map((value, n) => (isInside(n % others.bins) ? value : outside * value)),
    };
  }),
});
const known = divided(sampleSpeakerSet(presets.slice(0, 2), plan));
const withBackground = withBackgroundModel(known, divided(sampleSpeakerSet(presets, plan)));
const signal = Float32Array.from(syntheticVoice(1, 120, 1, 3, sampleRateHertz));

function separated(separator: Separator, firstSample = 0): Float32Array[] {
  const outputs = [0, 1, 2].map(() => new Float32Array(signal.length));
  const [low, high, rest] = outputs;
  separator.process(signal, { speakers: [low!, high!], rest: rest! }, signal.length - firstSample, firstSample);
  return outputs;
}

const create = (speakerSet: SpeakerSet, rest = 1) => new Separator(speakerSet, { parameters: { rest } });

describe('a separator with a model of the background', () => {
  it('has outputs that sum to the delayed input, whatever part of the rest is requested', () => {
    for (const rest of [1, 0.3]) {
      const separator = create(withBackground, rest);
      const outputs = separated(separator);
      let worst = 0;
      for (let n = separator.latencySamples; n < signal.length; n++) {
        const sum = outputs.reduce((total, output) => total + output[n]!, 0);
        worst = Math.max(worst, Math.abs(sum - signal[n - separator.latencySamples]!));
      }
      expect(worst).toBeLessThan(1e-5);
    }
  });

  it('starts as the separator of the known voices, and differs once the background is active', () => {
    const own = separated(create(withBackground));
    const plain = separated(create(known));
    const settled = 4 * plan.hopSamples;
    for (const [index, output] of own.entries())
      expect(output.subarray(0, settled)).toEqual(plain[index]!.subarray(0, settled));
    // How far: `Background.test.ts`, with voices.
    expect(own[2]!).not.toEqual(plain[2]!);
  });

  it('without a rest is the separator of the known voices', () => {
    expect(separated(create(withBackground, 0))).toEqual(separated(create(known, 0)));
  });

  it('is swapped in packed, and continues from a saved state bit by bit', () => {
    const separator = create(known);
    separator.swapTemplates(packSpeakerSet(withBackground));
    separated(separator);
    expect(separator.isSwapping).toBe(false);
    const restored = create(known);
    restored.restoreState(structuredClone(separator.saveState()));
    const [before, after] = [separated(separator), separated(restored)];
    expect(after).toEqual(before);
    expect(before).not.toEqual(separated(create(known)));
  });

  it('refuses speaker sets that do not fit together', () => {
    expect(() => withBackgroundModel(known, known)).toThrow('background must have 3 speakers, got 2');
    const other = sampleSpeakerSet(presets, planStft({ sampleRateHertz, latency: 'call' }));
    expect(() => withBackgroundModel(known, other)).toThrow('hopSamples of background must be 128, got 256');
  });
});
