import { join } from 'node:path';
import { expect, it } from 'vitest';
import { amountHints, SpeechMeter } from '../../../engine/realtime/SpeechMeter.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { resample } from '../../../host/audio/resample.ts';
import { packageRoot } from '../../../host/files/packageRoot.ts';

const RATE = 16_000;

async function meterOf(name: string, rateHertz = RATE, gain = 1): Promise<SpeechMeter> {
  const { samples, sampleRateHertz } = await readRecording(join(packageRoot(), 'presets', 'demo', `${name}.flac`));
  const meter = new SpeechMeter(rateHertz);
  const louder = samples.map((sample) => Math.max(-1, Math.min(1, sample * gain)));
  const heard = sampleRateHertz === rateHertz ? louder : await resample(louder, sampleRateHertz, rateHertz);
  // In pieces, as it comes from a microphone.
  for (let start = 0; start < heard.length; start += 777) meter.add(heard.subarray(start, start + 777));
  return meter;
}

it.each(['synthetic-female', 'synthetic-male'])('%s alone yields only the hint that it is short', async (name) => {
  const { hints, recordedSeconds, speechSeconds } = await meterOf(name);
  expect(hints).toEqual(['more speech is better: 20 to 60 s']);
  expect(recordedSeconds).toBeCloseTo(10, 0);
  expect(speechSeconds).toBeGreaterThan(5);
});

it.each([16_000, 44_100, 48_000])('detects the second voice of a mixture at %i Hz', async (rateHertz) => {
  expect((await meterOf('mixture', rateHertz)).soundHints.join()).toContain('second voice');
  expect((await meterOf('synthetic-female', rateHertz)).soundHints).toEqual([]);
});

it('reports recordings that are too quiet, clipped or silent', async () => {
  expect((await meterOf('synthetic-male', RATE, 0.01)).soundHints.join()).toContain('too quiet');
  expect((await meterOf('synthetic-male', RATE, 100)).soundHints.join()).toContain('clipped');
  const silence = new SpeechMeter(RATE);
  silence.add(new Float32Array(5 * RATE));
  expect(silence.speechSeconds).toBe(0);
  expect(silence.hints.join()).toContain('too quiet');
});

it('asks for more speech until there is enough', () => {
  expect(amountHints(2)).toHaveLength(1);
  expect(amountHints(10)).toHaveLength(1);
  expect(amountHints(20)).toEqual([]);
});
