import { expect, it } from 'vitest';
import { Pickup } from '../../ui/midi/Pickup.ts';

it('a knob takes its fader only when it has met it, from either side', () => {
  const pickup = new Pickup();
  expect([0, 0.2, 0.4].map((position) => pickup.take(position, 0.7, 0))).toEqual([false, false, false]);
  // One quick turn goes past it.
  expect(pickup.take(0.9, 0.7, 1)).toBe(true);
  const other = new Pickup();
  expect(other.take(1, 0.7, 0)).toBe(false);
  expect(other.take(0.71, 0.7, 0)).toBe(true);
});

it('follows on while the host has not yet told of its moves', () => {
  const pickup = new Pickup();
  expect(pickup.take(0.5, 0.5, 0)).toBe(true);
  expect([0.6, 0.7, 0.8, 0.9].map((position, n) => pickup.take(position, 0.5, 0.1 * (n + 1)))).toEqual([
    ...[true, true, true, true],
  ]);
  expect(pickup.take(0.8, 0.9, 5)).toBe(true);
});

it('lets go when something else has moved the fader, until they meet again', () => {
  const pickup = new Pickup();
  pickup.take(0.5, 0.5, 0);
  expect(pickup.take(0.52, 0.1, 2)).toBe(false);
  expect(pickup.take(0.3, 0.1, 2.1)).toBe(false);
  expect(pickup.take(0.05, 0.1, 2.2)).toBe(true);
});
