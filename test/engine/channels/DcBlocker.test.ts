import { expect, test } from 'vitest';
import { DcBlocker } from '../../../engine/channels/DcBlocker.ts';

const RATE_HERTZ = 16_000;
const tone = (hertz: number) =>
  Float32Array.from({ length: RATE_HERTZ }, (_, n) => 0.1 * Math.sin((2 * Math.PI * hertz * n) / RATE_HERTZ));

test('an offset is removed and a voice stays as it is', () => {
  const voice = tone(120);
  const samples = voice.map((sample) => sample + 0.3);
  new DcBlocker(RATE_HERTZ).process(samples);
  for (let n = RATE_HERTZ / 2; n < RATE_HERTZ; n++) expect(Math.abs(samples[n]! - voice[n]!)).toBeLessThan(0.004);
  // Without a click at the start.
  expect(samples.every((sample) => Math.abs(sample) < 0.12)).toBe(true);
});

test('what is removed and what remains sum to the input, in blocks of any size', () => {
  const input = tone(200).map((sample, n) => sample + (n < 8000 ? 0.2 : -0.1));
  const whole = input.slice();
  new DcBlocker(RATE_HERTZ).process(whole);
  const blocker = new DcBlocker(RATE_HERTZ);
  for (let offset = 0; offset < input.length; offset += 4000) {
    const block = input.slice(offset, offset + 4000);
    const removed = new Float32Array(block.length);
    blocker.process(block, removed);
    block.forEach((sample, n) => {
      expect(sample).toBe(whole[offset + n]);
      expect(Math.abs(sample + removed[n]! - input[offset + n]!)).toBeLessThan(1e-7);
    });
  }
});
