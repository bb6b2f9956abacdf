import { expect, it } from 'vitest';
import { Pickup } from '../../../ui/midi/Pickup.ts';

it('a fader follows its knob only after the knob has reached it, from either side', () => {
  const pickup = new Pickup();
  expect([0, 0.2, 0.4].map((position) => pickup.move(position, 0.7, 0))).toEqual([false, false, false]);
  // A quick turn passes the fader without a position near it.
  expect(pickup.move(0.9, 0.7, 1)).toBe(true);
  const other = new Pickup();
  expect(other.move(1, 0.7, 0)).toBe(false);
  expect(other.move(0.71, 0.7, 0)).toBe(true);
});

it('keeps following until the host reports its moves', () => {
  const pickup = new Pickup();
  expect(pickup.move(0.5, 0.5, 0)).toBe(true);
  expect([0.6, 0.7, 0.8, 0.9].map((position, n) => pickup.move(position, 0.5, 0.1 * (n + 1)))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(pickup.move(0.8, 0.9, 5)).toBe(true);
});

it('stops following when something else moves the fader, until knob and fader meet again', () => {
  const pickup = new Pickup();
  pickup.move(0.5, 0.5, 0);
  expect(pickup.move(0.52, 0.1, 2)).toBe(false);
  expect(pickup.move(0.3, 0.1, 2.1)).toBe(false);
  expect(pickup.move(0.05, 0.1, 2.2)).toBe(true);
});
