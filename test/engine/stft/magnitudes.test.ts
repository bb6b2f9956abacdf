import { expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { writeMagnitudes, writePowers } from '../../../engine/stft/magnitudes.ts';

it.each([0.5, 0.7, 1, 2])('powers of magnitudes with exponent %s are the squared spectrum', (exponent) => {
  const random = new Random(2);
  const spectrum = Float32Array.from({ length: 2 * 50 }, () => random.between(-1, 1) * 10 ** random.between(-4, 2));
  spectrum.fill(0, 0, 2);
  const [magnitudes, powers] = [new Float32Array(50), new Float32Array(50)];
  writeMagnitudes(spectrum, 0.3, exponent, magnitudes);
  writePowers(magnitudes, exponent, powers);
  expect(powers[0]).toBe(0);
  for (let bin = 1; bin < 50; bin++) {
    const power = 0.09 * (spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2);
    expect(powers[bin]! / power).toBeCloseTo(1, 5);
  }
});
