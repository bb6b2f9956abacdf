import { expect, test } from 'vitest';
import { FirstSpeech } from '../../../engine/channels/FirstSpeech.ts';
import { Random } from '../../../engine/core/Random.ts';
import { syntheticVoice } from '../syntheticVoice.ts';

const RATE_HERTZ = 16_000;
const voice = syntheticVoice(1, 120, 0.9, 8, RATE_HERTZ);
const random = new Random(5);
const noise = (seconds: number, level: number) =>
  Float32Array.from({ length: seconds * RATE_HERTZ }, () => random.between(-level, level));
const silence = (seconds: number) => new Float32Array(seconds * RATE_HERTZ);

function joined(...parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** @returns what is found, and after how many seconds */
function listen(channels: readonly Float32Array[]) {
  const speech = new FirstSpeech(channels.length, RATE_HERTZ);
  const { frameSamples } = speech;
  for (let end = frameSamples; end <= channels[0]!.length; end += frameSamples) {
    const finding = speech.add(channels.map((samples) => samples.subarray(end - frameSamples, end)));
    if (finding !== null) return { finding, seconds: end / RATE_HERTZ };
  }
  return null;
}

test('the channels are compared once there have been three seconds of speech', () => {
  const found = listen([voice, silence(8)])!;
  expect(found.finding).toMatchObject({ relation: 'single', sounding: [0] });
  expect(found.seconds).toBeGreaterThan(3);
  expect(found.seconds).toBeLessThan(8);
});

test('noise and silence before the first word decide nothing', () => {
  // Noise sounds on the second channel only; alone, it would be the louder one.
  const hiss = noise(20, 0.02);
  expect(listen([noise(20, 0.002), hiss])).toBeNull();
  expect(listen([silence(20), silence(20)])).toBeNull();
  const loudVoice = voice.map((sample) => 6 * sample);
  const first = joined(silence(5), noise(7, 0.001), loudVoice);
  const found = listen([first, hiss.subarray(0, first.length)])!;
  expect(found.finding).toMatchObject({ relation: 'single', sounding: [0] });
  expect(found.seconds).toBeGreaterThan(12 + 2);
});

test('a constant offset is not taken for speech, and invalid samples are ignored', () => {
  expect(listen([silence(10).fill(0.3), silence(10)])).toBeNull();
  expect(listen([silence(10).fill(Number.NaN), silence(10)])).toBeNull();
});
