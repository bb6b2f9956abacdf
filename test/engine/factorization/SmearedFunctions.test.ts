import { expect, test } from 'vitest';
import { BasisFunctions } from '../../../engine/factorization/CoordinateBasis.ts';
import { HatBasis } from '../../../engine/factorization/HatBasis.ts';
import { durationsOver, SmearedFunctions } from '../../../engine/factorization/SmearedFunctions.ts';

const knots = Float64Array.from({ length: 401 }, (_, index) => 10 * index);
const partial = new BasisFunctions(
  new HatBasis(knots),
  1,
  Float32Array.from(knots, (hertz) => Math.exp(-(((hertz - 1000) / 30) ** 2) / 2)),
);
const lasting = (seconds: number) => durationsOver(Float64Array.of(0, 4000), [seconds, seconds]);

test('smears a partial to its width with the shorter window', () => {
  const smeared = new SmearedFunctions(partial, lasting(0.064), lasting(0.008));
  const places = Float64Array.from({ length: 400 }, (_, index) => 10 * index);
  const values = smeared.sample(places);
  // |X|, the square of the template, is a Gaussian whose variances add: 30^2 / 2 for the partial and (0.5 / T)^2 for each window.
  const variance = 30 ** 2 / 2 + (0.5 / 0.008) ** 2 - (0.5 / 0.064) ** 2;
  let [sum, moment] = [0, 0];
  values.forEach((value, index) => {
    sum += value ** 2;
    moment += value ** 2 * (places[index]! - 1000) ** 2;
  });
  expect(moment / sum / variance).toBeCloseTo(1, 1);
});

test('leaves templates unchanged for longer windows', () => {
  const same = new SmearedFunctions(partial, lasting(0.016), lasting(0.064)).sample([800, 1000, 1020]);
  const plain = partial.sample([800, 1000, 1020]);
  same.forEach((value, index) => {
    expect(value).toBeCloseTo(plain[index]!, 5);
  });
});

test('durationsOver averages the durations of all points of a frequency', () => {
  const durations = durationsOver(Float64Array.of(100, 200, 100), [0.1, 0.3, 0.2]);
  expect(durations.sample([50, 100, 150, 900]).map((value) => Math.round(1000 * value))).toEqual(
    Float32Array.of(150, 150, 225, 300),
  );
});
