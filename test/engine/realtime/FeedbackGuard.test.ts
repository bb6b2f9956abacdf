import { expect, it } from 'vitest';
import { decibelsToAmplitude } from '../../../engine/core/units.ts';
import { FeedbackGuard } from '../../../engine/realtime/FeedbackGuard.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { demoMixturePath } from '../../../host/files/demoFiles.ts';

const BLOCK = 192;
const CHANNELS = 2;

/** Plays a signal through a guard. @returns when feedback was found, in seconds, or null, and the output of the first channel */
function play(rate: number, samples: number, at: (n: number) => number) {
  const guard = new FeedbackGuard(rate, CHANNELS);
  const output = new Float32Array(samples);
  const block = new Float32Array(BLOCK * CHANNELS);
  let foundSeconds: number | null = null;
  for (let start = 0; start + BLOCK <= samples; start += BLOCK) {
    for (let n = 0; n < BLOCK; n++) block.fill(at(start + n), n * CHANNELS, (n + 1) * CHANNELS);
    if (guard.process(block, BLOCK)) foundSeconds ??= (start + BLOCK) / rate;
    for (let n = 0; n < BLOCK; n++) output[start + n] = block[n * CHANNELS]!;
  }
  return { guard, foundSeconds, output };
}

/**
 * A microphone that hears its own loudspeaker: a delay and a resonance of the room around the guard.
 * @param loopDecibels gain of one round at the resonance
 */
function loop(rate: number, loopDecibels: number, hertz: number, delaySeconds: number) {
  const guard = new FeedbackGuard(rate, CHANNELS);
  const delay = new Float32Array(Math.round(delaySeconds * rate));
  const radius = 0.98;
  const cosine = 2 * radius * Math.cos((2 * Math.PI * hertz) / rate);
  // Gain of the resonator at its peak, so that one round has `loopDecibels`.
  const peak = (1 - radius) * Math.hypot(...resonance(radius, hertz, rate));
  const gain = decibelsToAmplitude(loopDecibels) * peak;
  let [one, two, seed] = [0, 0, 1];
  let [audibleSeconds, foundSeconds]: (number | null)[] = [null, null];
  let silentSeconds: number | null = null;
  const block = new Float32Array(BLOCK * CHANNELS);
  for (let start = 0; start < 2 * rate; start += BLOCK) {
    for (let n = 0; n < BLOCK; n++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      const noise = 0.001 * (seed / 1_073_741_824 - 1);
      const heard = noise + gain * delay[(start + n) % delay.length]!;
      const resonant = heard + cosine * one - radius * radius * two;
      [two, one] = [one, resonant];
      block.fill(Math.max(-1, Math.min(1, resonant)), n * CHANNELS, (n + 1) * CHANNELS);
    }
    const level = block.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    if (level > 0.1) audibleSeconds ??= start / rate;
    if (guard.process(block, BLOCK)) foundSeconds ??= start / rate;
    const played = block.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    if (foundSeconds !== null && played < 1e-4) silentSeconds ??= start / rate;
    for (let n = 0; n < BLOCK; n++) delay[(start + n) % delay.length] = block[n * CHANNELS]!;
  }
  return { audibleSeconds, foundSeconds, silentSeconds };
}

/** Real and imaginary part of the inverse of the resonator's peak gain, without its factor 1 - radius. */
function resonance(radius: number, hertz: number, rate: number): [number, number] {
  const angle = (4 * Math.PI * hertz) / rate;
  return [1 - radius * Math.cos(angle), radius * Math.sin(angle)];
}

it.each([
  [48_000, 1.5, 1000, 0.03],
  [48_000, 6, 2500, 0.05],
  [48_000, 12, 400, 0.02],
  [16_000, 3, 900, 0.04],
])(
  'at %i Hz a loop of %f dB above unity at %i Hz is silent within a second after it can be heard',
  (rate, decibels, hertz, delay) => {
    const { audibleSeconds, foundSeconds, silentSeconds } = loop(rate, decibels, hertz, delay);
    expect(audibleSeconds).not.toBeNull();
    expect(foundSeconds).toBeLessThan(audibleSeconds! + 1);
    expect(silentSeconds).toBeLessThan(foundSeconds! + 0.1);
  },
);

it('a loop below unity is left alone', () => {
  expect(loop(48_000, -3, 1000, 0.03).foundSeconds).toBeNull();
});

it.each([
  ['steady', () => 1],
  ['that begins and ends', (seconds: number) => (seconds % 1 < 0.6 ? 1 : 0)],
  ['that dies away', (seconds: number) => Math.exp(-3 * (seconds % 1.2))],
])('a tone %s is no feedback', (_, envelope) => {
  const rate = 48_000;
  const tone = (n: number) => 0.3 * envelope(n / rate) * Math.sin((2 * Math.PI * 1000 * n) / rate);
  expect(play(rate, 3 * rate, tone).foundSeconds).toBeNull();
});

it('speech is no feedback, and passes unchanged', async () => {
  const { samples, sampleRateHertz } = await readRecording(demoMixturePath(), 10);
  const { foundSeconds, output } = play(sampleRateHertz, samples.length, (n) => samples[n]!);
  expect(foundSeconds).toBeNull();
  const whole = samples.length - (samples.length % BLOCK);
  expect(
    Buffer.from(output.buffer, 0, 4 * whole).equals(Buffer.from(samples.buffer, samples.byteOffset, 4 * whole)),
  ).toBe(true);
});

it('a swelling chord is no feedback', () => {
  const rate = 48_000;
  const chord = (n: number) =>
    [220, 277.2, 329.6].reduce((sum, hertz) => sum + Math.sin((2 * Math.PI * hertz * n) / rate), 0);
  const swell = (n: number) => 0.1 * Math.min(1, n / rate) ** 2 * chord(n);
  expect(play(rate, 2 * rate, swell).foundSeconds).toBeNull();
});

it('after a release the output is heard again', () => {
  const rate = 16_000;
  const growing = (n: number) => Math.min(0.8, 1e-3 * 2 ** ((8 * n) / rate)) * Math.sin((2 * Math.PI * 700 * n) / rate);
  const { guard, foundSeconds } = play(rate, 2 * rate, growing);
  expect(foundSeconds).not.toBeNull();
  const block = new Float32Array(BLOCK * CHANNELS).fill(0.5);
  guard.process(block, BLOCK);
  expect(block[0]).toBe(0);
  guard.release();
  for (let n = 0; n < 10; n++) guard.process(block.fill(0.5), BLOCK);
  expect(block.at(-1)).toBe(0.5);
});
