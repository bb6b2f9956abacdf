import { expect, test } from 'vitest';
import { sineAndCosine } from '../../../engine/trainer/sineAndCosine.ts';

test('agrees with Math to single precision', () => {
  const angles = Float32Array.from({ length: 20_001 }, (_, index) => (index - 10_000) / 100);
  const sines = new Float32Array(angles.length);
  const cosines = new Float32Array(angles.length);
  sineAndCosine(angles, sines, cosines);
  let largest = 0;
  for (let index = 0; index < angles.length; index++) {
    largest = Math.max(
      largest,
      Math.abs(sines[index]! - Math.sin(angles[index]!)),
      Math.abs(cosines[index]! - Math.cos(angles[index]!)),
    );
  }
  expect(largest).toBeLessThan(4e-7);
});
