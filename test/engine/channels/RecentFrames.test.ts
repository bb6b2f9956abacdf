import { expect, test } from 'vitest';
import { RecentFrames } from '../../../engine/channels/RecentFrames.ts';

const BINS = 8;
const BIN_HERTZ = 100;

/** Spectra of two channels, whose values identify the frame. */
function frame(first: number, second: number): Float32Array[] {
  return [first, second].map((level) => new Float32Array(2 * BINS + 4).fill(level));
}

function frames(): RecentFrames {
  const recent = new RecentFrames(2, [0, 1], BINS, BIN_HERTZ);
  // The noise floor.
  recent.add(frame(0.01, 0.01));
  return recent;
}

function levels(recent: RecentFrames): number[] {
  return Array.from({ length: recent.frames }, (_, index) => recent.frame(index)[0]!);
}

test('both voices must have spoken for a second, or somebody for half a minute', () => {
  const recent = frames();
  for (let n = 0; n < 100; n++) recent.add(frame(1, 0.3));
  expect(recent.isSufficient).toBe(false);
  for (let n = 0; n < 16; n++) recent.add(frame(0.3, 1));
  expect(recent.isSufficient).toBe(true);
  const monologue = frames();
  for (let n = 0; n < 470; n++) monologue.add(frame(1, 0.3));
  expect(monologue.isSufficient).toBe(true);
});

test('whoever listens for minutes is not forgotten, and of whoever speaks the latest frames are kept', () => {
  const recent = frames();
  for (let n = 0; n < 20; n++) recent.add(frame(0.25, 1));
  for (let n = 0; n < 1000; n++) recent.add(frame(2 + n / 1000, 0.5));
  const kept = levels(recent);
  expect(kept.filter((level) => level === 0.25)).toHaveLength(20);
  expect(kept).toHaveLength(20 + 150);
  expect(Math.min(...kept.filter((level) => level >= 2))).toBeCloseTo(2.85, 5);
});

test('noise, pauses and invalid frames are left out, also when they last', () => {
  const recent = frames();
  for (let n = 0; n < 20; n++) recent.add(frame(1, 0.3));
  for (let n = 0; n < 2000; n++) recent.add(frame(0.01, 0.01));
  recent.add(frame(Number.NaN, 1));
  expect(recent.frames).toBe(20);
});

test('the channel of nobody leads no frame', () => {
  const recent = new RecentFrames(2, [0], BINS, BIN_HERTZ);
  recent.add(frame(0.01, 0.01));
  for (let n = 0; n < 16; n++) recent.add(frame(0.3, 1));
  expect(recent.isSufficient).toBe(true);
});
