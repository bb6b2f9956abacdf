import { describe, expect, it } from 'vitest';
import { TargetFill } from '../../../engine/realtime/TargetFill.ts';

const RATE = 48_000;
const BLOCK = 192;
const LEAST = 2 * BLOCK;
const milliseconds = (samples: number) => (1000 * samples) / RATE;

/** Blocks for some time, with so much left of the queue. @returns what was to be left out, in ms, and when, in s */
function watched(reserve: TargetFill, seconds: number, leftSamples: number, isStruggling = false) {
  const cuts: { readonly second: number; readonly milliseconds: number }[] = [];
  const duration = BLOCK / RATE;
  let left = leftSamples;
  for (let second = duration; second <= seconds; second += duration) {
    const excess = reserve.watch(duration, BLOCK, left, isStruggling);
    left -= excess;
    if (excess > 0) cuts.push({ second, milliseconds: milliseconds(excess) });
  }
  return cuts;
}

describe('TargetFill', () => {
  it('cuts nothing at the target, nor up to two blocks above it', () => {
    expect(watched(new TargetFill(LEAST, RATE), 20, LEAST)).toEqual([]);
    expect(watched(new TargetFill(LEAST, RATE), 20, LEAST + 2 * BLOCK)).toEqual([]);
  });

  it('cuts a large surplus within 0.1 s, down to the target', () => {
    const cuts = watched(new TargetFill(LEAST, RATE), 5, LEAST + 0.05 * RATE);
    expect(cuts).toHaveLength(1);
    expect(cuts[0]!.second).toBeLessThan(0.11);
    expect(cuts[0]!.milliseconds).toBeCloseTo(50, 5);
  });

  it('cuts what lost output leaves within 25 ms, and no more', () => {
    const reserve = new TargetFill(LEAST, RATE);
    watched(reserve, 1, LEAST);
    reserve.addLoss(0.01 * RATE);
    const cuts = watched(reserve, 1, LEAST + 0.018 * RATE);
    expect(cuts).toHaveLength(1);
    expect(cuts[0]!.second).toBeLessThan(0.025);
    expect(cuts[0]!.milliseconds).toBeCloseTo(milliseconds(0.01 * RATE + BLOCK), 5);
    reserve.addLoss(0.01 * RATE);
    expect(watched(reserve, 1, LEAST)).toEqual([]);
  });

  it('cuts a small surplus after a few seconds', () => {
    const cuts = watched(new TargetFill(LEAST, RATE), 10, LEAST + 0.012 * RATE);
    expect(cuts).toHaveLength(1);
    expect(cuts[0]!.second).toBeGreaterThan(3.9);
    expect(cuts[0]!.milliseconds).toBeCloseTo(12, 5);
  });

  it('keeps a surplus that is used from time to time', () => {
    const reserve = new TargetFill(LEAST, RATE);
    for (let tenth = 0; tenth < 100; tenth++) {
      expect(watched(reserve, 0.09, LEAST + 0.015 * RATE)).toEqual([]);
      expect(watched(reserve, 0.02, LEAST)).toEqual([]);
    }
  });

  it('grows with gaps up to a limit, and shrinks again', () => {
    const reserve = new TargetFill(LEAST, RATE);
    reserve.grow();
    expect(milliseconds(reserve.samples)).toBeCloseTo(12, 5);
    for (let gap = 0; gap < 10; gap++) reserve.grow();
    const largest = reserve.samples;
    expect(reserve.couldBridge(largest)).toBe(true);
    expect(reserve.couldBridge(largest + 1)).toBe(false);
    watched(reserve, 120, largest);
    expect(reserve.samples).toBe(LEAST);
  });

  it('is smallest, and cuts strictly, while the engine is overloaded', () => {
    const reserve = new TargetFill(LEAST, RATE);
    reserve.grow();
    const cuts = watched(reserve, 0.3, LEAST + 1.5 * BLOCK, true);
    expect(reserve.samples).toBe(LEAST);
    expect(cuts).toHaveLength(1);
    expect(cuts[0]!.second).toBeLessThan(0.11);
  });

  it('keeps half of its reserve on top of an input block, and no less than the reserve', () => {
    const reserve = new TargetFill(LEAST, RATE);
    reserve.allowFor(LEAST / 2);
    expect(reserve.samples).toBe(LEAST);
    reserve.allowFor(5 * LEAST);
    expect(reserve.samples).toBe(5.5 * LEAST);
    // A gap never lowers it.
    reserve.grow();
    expect(reserve.samples).toBe(5.5 * LEAST);
    reserve.allowFor(LEAST / 2);
    watched(reserve, 120, LEAST);
    expect(reserve.samples).toBe(LEAST);
  });
});
