import { expect, test } from 'vitest';
import { sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { withChannels, withVoices } from '../../../engine/model/speakerOutputs.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { type LatencyMode, planStft } from '../../../engine/stft/StftPlan.ts';
import { randomPreset, syntheticVoice } from '../syntheticVoice.ts';

const RATE_HERTZ = 8000;
const CHANNEL_LATENCY = 64;
const presets = [randomPreset('one', 4, 1), randomPreset('two', 4, 2)];
const channels = [syntheticVoice(1, 120, 0.9, 2, RATE_HERTZ), syntheticVoice(2, 210, 1.1, 2, RATE_HERTZ)];
const mixture = channels[0]!.map((sample, n) => sample + channels[1]![n]!);

/** Voices 7 and 8, which have these channels. */
function speakerSet(latency: LatencyMode, of: readonly (number | null)[], voices = [7, 8]) {
  const plan = planStft({ sampleRateHertz: RATE_HERTZ, latency });
  return withChannels(withVoices(sampleSpeakerSet(presets, plan), voices), of);
}

const outputs = () => ({
  speakers: Array.from({ length: 16 }, () => new Float32Array(mixture.length)),
  dry: new Float32Array(mixture.length),
});

/** The first 2000 samples of the outputs in use. */
function heard({ speakers, dry }: ReturnType<typeof outputs>): Float32Array[] {
  return [speakers[0]!, speakers[1]!, dry].map((samples) => samples.slice(0, 2000));
}

function expectDelayed(output: Float32Array, channel: Float32Array, delay: number, from: number, end: number): void {
  let largest = 0;
  for (let n = from; n < end; n++) largest = Math.max(largest, Math.abs(output[n]! - (channel[n - delay] ?? 0)));
  expect(largest).toBeLessThan(1e-6);
}

test('a voice with a channel has its sound, aligned with the other outputs; one without has its share of the mixture', () => {
  const separator = new Separator(speakerSet('monitor', [1, null]), { channelLatencySamples: CHANNEL_LATENCY });
  const sounds = outputs();
  separator.process(mixture, sounds, mixture.length, 0, channels);
  const masked = outputs();
  new Separator(speakerSet('monitor', [null, null])).process(mixture, masked);
  // The channels arrive 64 samples late, so that they are delayed by the rest of the latency only.
  expectDelayed(sounds.speakers[0]!, channels[1]!, separator.latencySamples - CHANNEL_LATENCY, 0, mixture.length);
  expect(sounds.speakers[1]).toEqual(masked.speakers[1]);
  expect(sounds.dry).toEqual(masked.dry);
});

test('a voice keeps its channel when the latency and the order change, in blocks of any size', () => {
  const run = (blockSamples: number) => {
    const separator = new Separator(speakerSet('monitor', [0, 1]), { channelLatencySamples: CHANNEL_LATENCY });
    const sounds = outputs();
    separator.swapTemplates(speakerSet('studio', [1, 0], [8, 7]));
    for (let n = 0; n < mixture.length; n += blockSamples)
      separator.process(mixture, sounds, Math.min(blockSamples, mixture.length - n), n, channels);
    return { sounds, separator };
  };
  const { sounds, separator } = run(mixture.length);
  expect(separator.isSwapping).toBe(false);
  const delay = separator.latencySamples - CHANNEL_LATENCY;
  for (const output of [0, 1])
    expectDelayed(sounds.speakers[output]!, channels[output]!, delay, RATE_HERTZ, mixture.length);
  expect(heard(run(37).sounds)).toEqual(heard(sounds));
});

test('a separator continues from a saved state, with its channels', () => {
  const separator = new Separator(speakerSet('call', [0, 1]), { channelLatencySamples: CHANNEL_LATENCY });
  separator.process(mixture, outputs(), 1000, 0, channels);
  const other = new Separator(speakerSet('call', [0, 1]), { channelLatencySamples: CHANNEL_LATENCY });
  other.restoreState(structuredClone(separator.saveState()));
  const [expected, restored] = [outputs(), outputs()];
  separator.process(mixture, expected, 1000, 0, channels);
  other.process(mixture, restored, 1000, 0, channels);
  expect(heard(restored)).toEqual(heard(expected));
});

test('suspended, voices with a channel are silent', () => {
  const separator = new Separator(speakerSet('monitor', [0, 1]), { channelLatencySamples: CHANNEL_LATENCY });
  separator.setSuspended(true);
  const sounds = outputs();
  separator.process(mixture, sounds, mixture.length, 0, channels);
  expect(sounds.speakers[0]!.every((sample) => sample === 0)).toBe(true);
});

test.each([[[0, 0]], [[0]], [[0, 16]], [[0, 0.5]]])('channels %j for two voices are refused', (wrong) => {
  expect(() => speakerSet('monitor', wrong)).toThrow(/channel/);
});
