import { expect, it } from 'vitest';
import { RecentCounters } from '../../../ui/model/RecentCounters.ts';
import { simulatedStatus } from '../simulatedState.ts';

function clipped(seconds: number, clippedSamples: number) {
  const status = simulatedStatus(seconds);
  return { ...status, counters: { ...status.counters, clippedSamples } };
}

it('counts what has happened within the last minute, and forgets it afterwards', () => {
  const recent = new RecentCounters();
  expect(recent.counts()).toBeNull();
  recent.push(clipped(100, 7));
  expect(recent.counts()?.clippedSamples).toBe(0);
  recent.push(clipped(110, 12));
  expect(recent.counts()?.clippedSamples).toBe(5);
  for (let seconds = 111; seconds <= 165; seconds++) recent.push(clipped(seconds, 12));
  expect(recent.counts()?.clippedSamples).toBe(5);
  for (let seconds = 166; seconds <= 171; seconds++) recent.push(clipped(seconds, 12));
  expect(recent.counts()?.clippedSamples).toBe(0);
});

it('begins again with another session', () => {
  const recent = new RecentCounters();
  recent.push(clipped(100, 50));
  recent.push(clipped(1, 0));
  recent.push(clipped(2, 3));
  expect(recent.counts()?.clippedSamples).toBe(3);
});
