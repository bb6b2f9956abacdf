import { expect, test } from 'vitest';
import { Rprop } from '../../../../host/lab/paper/Rprop.ts';

test('steps grow while the sign persists, and halve without an update when it changes', () => {
  const parameters = Float32Array.from([0]);
  const rprop = new Rprop(parameters, 0.1);
  const after = (gradient: number) => {
    rprop.advance(Float32Array.from([gradient]));
    return parameters[0]!;
  };
  expect(after(3)).toBeCloseTo(-0.1, 6);
  expect(after(0.001)).toBeCloseTo(-0.22, 6);
  expect(after(-5)).toBeCloseTo(-0.22, 6);
  expect(after(-5)).toBeCloseTo(-0.16, 6);
  expect(after(0)).toBeCloseTo(-0.16, 6);
});

test('converges to the minimum of a narrow valley', () => {
  const parameters = Float32Array.from([3, -2]);
  const rprop = new Rprop(parameters, 1e-3);
  for (let step = 0; step < 200; step++) {
    rprop.advance(Float32Array.from([1000 * (parameters[0]! - 1), 1e-3 * (parameters[1]! - 5)]));
  }
  expect([...parameters]).toEqual([expect.closeTo(1, 2), expect.closeTo(5, 2)]);
});
