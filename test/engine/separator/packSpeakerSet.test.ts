import { expect, it } from 'vitest';
import { sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { packSpeakerSet } from '../../../engine/separator/packSpeakerSet.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { type LatencyMode, planStft } from '../../../engine/stft/StftPlan.ts';
import { randomPreset, syntheticVoice } from '../syntheticVoice.ts';

const sampleRateHertz = 16_000;
const presets = [1, 2, 3].map((seed) => randomPreset(`voice ${seed}`, 8, seed));
const speakerSet = (first: number, latency: LatencyMode) =>
  sampleSpeakerSet(presets.slice(first, first + 2), planStft({ sampleRateHertz, latency }));
const voice = syntheticVoice(1, 120, 0.9, 2, sampleRateHertz);

function separate(separator: Separator, blockSamples: number) {
  const whole = () => new Float32Array(voice.length);
  const outputs = { speakers: [whole(), whole()], rest: whole(), dry: whole() };
  for (let start = 0; start < voice.length; start += blockSamples) {
    const part = (samples: Float32Array) => samples.subarray(start, start + blockSamples);
    separator.process(part(voice), {
      speakers: outputs.speakers.map(part),
      rest: part(outputs.rest),
      dry: part(outputs.dry),
    });
  }
  return outputs;
}

it('a separator plays a packed speaker set as it plays the speaker set', () => {
  const packed = structuredClone(packSpeakerSet(speakerSet(0, 'monitor')));
  expect(separate(new Separator(packed), 160)).toEqual(separate(new Separator(speakerSet(0, 'monitor')), 160));
});

it('a swap to a packed speaker set gives the same samples at any block size', () => {
  const [one, other] = [128, 1000].map((blockSamples) => {
    const separator = new Separator(speakerSet(0, 'monitor'));
    separator.swapTemplates(packSpeakerSet(speakerSet(1, 'ear')));
    expect(separator.isLoading).toBe(true);
    const outputs = separate(separator, blockSamples);
    expect([separator.isLoading, separator.isSwapping]).toEqual([false, false]);
    return outputs;
  });
  expect(one).toEqual(other);
});

it('the outputs sum to the delayed input throughout a swap, also while the chains take turns', () => {
  const separator = new Separator(speakerSet(0, 'monitor'));
  separate(separator, 128);
  separator.swapTemplates(packSpeakerSet(speakerSet(1, 'monitor')));
  const { speakers, rest, dry } = separate(separator, 128);
  expect(separator.isSwapping).toBe(false);
  const error = dry.map((sample, n) => Math.abs(speakers.reduce((sum, output) => sum + output[n]!, rest[n]!) - sample));
  expect(Math.max(...error)).toBeLessThan(1e-5);
});
