import { expect, it } from 'vitest';
import { sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { shapeOf } from '../../../engine/model/SpeakerSetShape.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import { randomPreset, syntheticVoice } from '../syntheticVoice.ts';

const presets = [randomPreset('one', 8, 1), randomPreset('two', 8, 2)];
const speakerSet = sampleSpeakerSet(presets, planStft({ sampleRateHertz: 16_000 }));
const voice = syntheticVoice(1, 120, 0.9, 1, 16_000);
const mixture = voice.map((sample, n) => sample + syntheticVoice(2, 210, 1.1, 1, 16_000)[n]!);

function run(change: (separator: Separator, block: number) => void) {
  const separator = new Separator(speakerSet);
  const blockSamples = 160;
  const outputs = {
    speakers: [0, 1].map(() => new Float32Array(mixture.length)),
    dry: new Float32Array(mixture.length),
  };
  for (let start = 0, block = 0; start < mixture.length; start += blockSamples, block++) {
    change(separator, block);
    const part = (whole: Float32Array) => whole.subarray(start, start + blockSamples);
    separator.process(part(mixture), { speakers: outputs.speakers.map(part), dry: part(outputs.dry) });
  }
  return { separator, ...outputs };
}

it('low-complexity mode keeps the sum of the outputs and switches without a jump', () => {
  const full = run(() => {});
  const { speakers, dry } = run((separator, block) => separator.setLowComplexity(block >= 30 && block < 60));
  const largestStep = (signal: Float32Array) =>
    signal.reduce((largest, value, n) => (n === 0 ? 0 : Math.max(largest, Math.abs(value - signal[n - 1]!))), 0);
  for (let n = 0; n < mixture.length; n++) expect(speakers[0]![n]! + speakers[1]![n]!).toBeCloseTo(dry[n]!, 5);
  expect(speakers[0]).not.toEqual(full.speakers[0]);
  // 3 dB more than the signal itself has.
  for (const s of [0, 1]) expect(largestStep(speakers[s]!)).toBeLessThan(1.41 * largestStep(dry));
});

it('suspension keeps the dry signal and silences all else; after resuming and settling the outputs are complete', () => {
  const full = run(() => {});
  const { separator, speakers, dry } = run((each, block) => each.setSuspended(block >= 30 && block < 60));
  expect(dry).toEqual(full.dry);
  for (const output of speakers) expect(output.subarray(31 * 160, 60 * 160).every((value) => value === 0)).toBe(true);
  const whole = 60 * 160 + separator.settlingSamples;
  for (let n = whole; n < mixture.length; n++) expect(speakers[0]![n]! + speakers[1]![n]!).toBeCloseTo(dry[n]!, 5);
  expect(speakers[0]!.subarray(whole).some((value) => value !== 0)).toBe(true);
});

it('the view contains the latest frame, with masks that sum to 1', () => {
  const { separator } = run(() => {});
  const { view } = separator;
  expect(view.speakerSet).toEqual(shapeOf(speakerSet));
  const bins = speakerSet.plan.windowSamples / 2 + 1;
  expect(view.spectrum.length).toBe(2 * bins);
  for (let bin = 0; bin < bins; bin++) expect(view.gains[0]![bin]! + view.gains[1]![bin]!).toBeCloseTo(1, 5);
  expect([...view.firstTemplates]).toEqual([0, 24]);
});
