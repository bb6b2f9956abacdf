import { expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import {
  bandEdgesHertz,
  decodeTelemetryFrame,
  levelByte,
  levelDecibels,
  SPECTRUM_BANDS,
  type TelemetryFrame,
} from '../../../engine/realtime/telemetryFrame.ts';
import { encodeTelemetryFrame } from './encodeTelemetryFrame.ts';

const random = new Random(3);
const randomBytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(random.uniform() * 256));
const level = () => ({
  peakDecibels: levelDecibels(randomBytes(1)[0]!),
  rmsDecibels: levelDecibels(randomBytes(1)[0]!),
});

function frameOf(speakers: number, templates: number): TelemetryFrame {
  return {
    seconds: 12.5,
    sampleRateHertz: 48_000,
    input: level(),
    output: level(),
    rest: level(),
    spectrum: randomBytes(SPECTRUM_BANDS),
    restSpectrum: randomBytes(SPECTRUM_BANDS),
    speakers: Array.from({ length: speakers }, (_, speaker) => ({
      ...level(),
      activity: (17 * speaker) / 255,
      spectrum: randomBytes(SPECTRUM_BANDS),
      activations: randomBytes(templates),
    })),
  };
}

it.each([0, 1, 2, 8])('decodes an encoded frame of %i speakers unchanged', (speakers) => {
  const frame = frameOf(speakers, 64);
  expect(decodeTelemetryFrame(encodeTelemetryFrame(frame))).toEqual(frame);
});

it('60 frames per second of eight speakers with 64 templates stay under 1 Mbit/s', () => {
  expect(encodeTelemetryFrame(frameOf(8, 64)).length * 8 * 60).toBeLessThan(1e6);
});

it('rejects bytes that are not a frame', () => {
  const good = encodeTelemetryFrame(frameOf(2, 64));
  for (let length = 0; length < good.length; length++)
    expect(decodeTelemetryFrame(good.subarray(0, length))).toBeNull();
  const otherVersion = good.slice();
  otherVersion[0] = 99;
  expect(decodeTelemetryFrame(otherVersion)).toBeNull();
  for (let trial = 0; trial < 2000; trial++) {
    const noise = randomBytes(Math.floor(random.uniform() * 900));
    expect(() => decodeTelemetryFrame(noise)).not.toThrow();
  }
});

it('decodes each of 10,000 corrupted frames to null or to a frame with values in their ranges', () => {
  const good = encodeTelemetryFrame(frameOf(2, 4));
  let decoded = 0;
  for (let trial = 0; trial < 10_000; trial++) {
    const bytes = good.slice();
    // Most faults hit the header, which holds the lengths.
    for (let edit = 0; edit < 2; edit++) {
      const position = Math.floor(random.uniform() * (trial % 4 === 0 ? bytes.length : 20));
      bytes[position] = Math.floor(random.uniform() * 256);
    }
    const frame = decodeTelemetryFrame(bytes);
    if (frame === null) continue;
    decoded++;
    expect(frame.seconds).toBeGreaterThanOrEqual(0);
    expect(frame.sampleRateHertz).toBeGreaterThan(0);
    expect(Number.isFinite(frame.seconds + frame.sampleRateHertz)).toBe(true);
    expect(frame.spectrum).toHaveLength(SPECTRUM_BANDS);
    for (const each of [frame.input, frame.output, frame.rest, ...frame.speakers])
      expect(each.peakDecibels).toBeGreaterThanOrEqual(-120);
  }
  expect(decoded).toBeGreaterThan(1000);
  expect(decoded).toBeLessThan(9000);
});

it('rejects a frame of more speakers than there can be', () => {
  expect(decodeTelemetryFrame(encodeTelemetryFrame(frameOf(9, 1)))).toBeNull();
});

it('levels are encoded to within half a decibel over 120 dB, and silence to silence', () => {
  for (let decibels = -119; decibels <= 7; decibels += 0.3)
    expect(Math.abs(levelDecibels(levelByte(decibels)) - decibels)).toBeLessThanOrEqual(0.251);
  expect(levelByte(Number.NEGATIVE_INFINITY)).toBe(0);
  expect(levelByte(Number.NaN)).toBe(0);
});

it('bands cover the spectrum from 0 Hz to half the rate without a gap', () => {
  const edges = bandEdgesHertz(48_000);
  expect(edges[0]).toBe(0);
  expect(edges[SPECTRUM_BANDS]).toBeCloseTo(24_000, 6);
  for (let band = 0; band < SPECTRUM_BANDS; band++) expect(edges[band + 1]!).toBeGreaterThan(edges[band]!);
});
