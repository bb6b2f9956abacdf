import { describe, expect, test } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { BumpBasis, evenCentres } from '../../../engine/factorization/BumpBasis.ts';
import { CoordinateRows } from '../../../engine/factorization/CoordinateRows.ts';
import { klDivergence } from '../../../engine/factorization/divergence.ts';
import { activatePoints, factorizePoints, POINT_METHODS } from '../../../engine/factorization/factorizePoints.ts';
import { HatBasis } from '../../../engine/factorization/HatBasis.ts';
import type { MagnitudePoints } from '../../../engine/factorization/MagnitudePoints.ts';
import { Nmf } from '../../../engine/factorization/Nmf.ts';
import { BasisFactor } from '../../../engine/factorization/PointFactor.ts';
import { PointFactorization } from '../../../engine/factorization/PointFactorization.ts';
import { Kernel } from '../../../engine/kernel/Kernel.ts';

const bell = (x: number, centre: number, width: number) => Math.exp(-(((x - centre) / width) ** 2));
/** Two sounds as functions: partials over hertz, onsets over seconds. */
const trueTemplates = [
  (hertz: number) => 0.02 + bell(hertz, 440, 60) + 0.5 * bell(hertz, 880, 60) + 0.3 * bell(hertz, 2200, 100),
  (hertz: number) => 0.02 + bell(hertz, 600, 60) + 0.6 * bell(hertz, 1200, 80) + 0.3 * bell(hertz, 1800, 80),
];
const trueActivations = [
  (seconds: number) => bell(seconds, 0.3, 0.15) + bell(seconds, 1.6, 0.15) + 0.01,
  (seconds: number) => bell(seconds, 0.9, 0.15) + 0.7 * bell(seconds, 1.6, 0.2) + 0.01,
];

/** Random points of the plane, no two of which share a time or a frequency. */
function scatteredPoints(count: number, seed: number): MagnitudePoints {
  const random = new Random(seed);
  const timesSeconds = Float64Array.from({ length: count }, () => random.between(0, 2));
  const frequenciesHertz = Float64Array.from({ length: count }, () => random.between(100, 3000));
  const magnitudes = Float32Array.from(frequenciesHertz, (hertz, point) =>
    trueTemplates.reduce((sum, template, k) => sum + template(hertz) * trueActivations[k]!(timesSeconds[point]!), 0),
  );
  return { timesSeconds, frequenciesHertz, magnitudes };
}

function correlation(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(first), mean(second)];
  let [cross, left, right] = [0, 0, 0];
  for (let index = 0; index < first.length; index++) {
    cross += (first[index]! - a) * (second[index]! - b);
    left += (first[index]! - a) ** 2;
    right += (second[index]! - b) ** 2;
  }
  return cross / Math.sqrt(left * right);
}

const hertz = Float64Array.from({ length: 300 }, (_, index) => 150 + 9 * index);

describe.each(POINT_METHODS)('method %s', (method) => {
  test('finds both sounds in points that share no coordinate', () => {
    const points = scatteredPoints(20_000, 5);
    const options = { method, spacingHertz: 25, spacingSeconds: 0.03, iterations: 150 };
    const { templates, divergence } = factorizePoints(points, 2, options);
    const level = points.magnitudes.reduce((sum, value) => sum + value, 0) / points.magnitudes.length;
    expect(divergence / level).toBeLessThan(0.05);
    const sampled = templates.sample(hertz);
    const rows = [sampled.subarray(0, hertz.length), sampled.subarray(hertz.length)];
    for (const template of trueTemplates) {
      const truth = hertz.map(template);
      expect(Math.max(...rows.map((row) => correlation(row, truth)))).toBeGreaterThan(0.97);
    }
  });

  test('more iterations end at a lower divergence', () => {
    const points = scatteredPoints(3000, 6);
    const few = factorizePoints(points, 2, { method, iterations: 20, starts: 1 }).divergence;
    const many = factorizePoints(points, 2, { method, iterations: 80, starts: 1 }).divergence;
    expect(many).toBeLessThan(few);
  });
});

test('equals the matrix factorization for points on a grid', () => {
  const random = new Random(2);
  const [frames, bins, templates] = [12, 16, 3];
  const values = Float32Array.from({ length: frames * bins }, () => random.between(0.1, 2));
  const w = Float32Array.from({ length: templates * bins }, () => random.between(0.1, 1));
  const h = Float32Array.from({ length: frames * templates }, () => random.between(0.1, 1));
  const nmf = new Nmf(new Kernel(Nmf.requiredBytes({ frames, bins, templates })), { frames, bins, templates }, values);
  nmf.templates.set(w);
  nmf.activations.set(h);
  nmf.update(20, 'both');

  const times = Float64Array.from(values, (_, index) => Math.floor(index / bins));
  const frequencies = Float64Array.from(values, (_, index) => 100 * (index % bins));
  const frequency = new BasisFactor(HatBasis.on(frequencies, 1), new CoordinateRows(frequencies), templates);
  const time = new BasisFactor(HatBasis.on(times, 0.1), new CoordinateRows(times), templates);
  frequency.start(w.map((_, index) => w[(index % templates) * bins + Math.floor(index / templates)]!));
  time.start(h);
  const points = new PointFactorization(values, frequency, time, templates);
  points.update(20, 'both');

  expect(points.divergence() * values.length).toBeCloseTo(nmf.divergence(), 3);
  time.values.forEach((value, index) => {
    expect(value / nmf.activations[index]!).toBeCloseTo(1, 3);
  });
});

test('does not depend on the order of the points', () => {
  const points = scatteredPoints(2000, 8);
  const order = new Random(1).sample(2000, 2000);
  const shuffled = {
    timesSeconds: points.timesSeconds.map((_, index) => points.timesSeconds[order[index]!]!),
    frequenciesHertz: points.frequenciesHertz.map((_, index) => points.frequenciesHertz[order[index]!]!),
    magnitudes: points.magnitudes.map((_, index) => points.magnitudes[order[index]!]!),
  };
  const options = { iterations: 30, starts: 1, spacingHertz: 40, spacingSeconds: 0.05 };
  const first = factorizePoints(points, 2, options).divergence;
  expect(factorizePoints(shuffled, 2, options).divergence / first).toBeCloseTo(1, 2);
});

test('activatePoints describes other points of the same sounds as well as the factorization does', () => {
  const options = { spacingHertz: 25, spacingSeconds: 0.03 };
  const learnt = factorizePoints(scatteredPoints(20_000, 5), 2, options);
  const applied = activatePoints(scatteredPoints(8000, 77), learnt.templates, options);
  expect(applied.divergence).toBeLessThan(1.5 * learnt.divergence + 1e-4);
  expect(applied.templates).toBe(learnt.templates);
});

test('measures the divergence at the coordinates of the points, not at rounded rows', () => {
  const points = scatteredPoints(6000, 12);
  const { templates, activations, divergence } = factorizePoints(points, 2, { iterations: 30 });
  const model = points.magnitudes.map((_, point) => {
    const w = templates.sample([points.frequenciesHertz[point]!]);
    const h = activations.sample([points.timesSeconds[point]!]);
    return w[0]! * h[0]! + w[1]! * h[1]!;
  });
  expect(klDivergence(points.magnitudes, model) / 6000 / divergence).toBeCloseTo(1, 4);
});

test('normalises templates to mean 1 over the frequencies of the points', () => {
  const points = scatteredPoints(3000, 9);
  const { templates } = factorizePoints(points, 2, { iterations: 20 });
  const sampled = templates.sample(points.frequenciesHertz);
  for (let k = 0; k < 2; k++) {
    const row = sampled.subarray(k * 3000, (k + 1) * 3000);
    expect(row.reduce((sum, value) => sum + value, 0) / 3000).toBeCloseTo(1, 3);
  }
});

test('rejects invalid sets of points', () => {
  const points = scatteredPoints(3, 1);
  const factorize = (changed: Partial<MagnitudePoints>) => () => factorizePoints({ ...points, ...changed }, 2);
  expect(factorize({ magnitudes: Float32Array.of(1, -1, 2) })).toThrow('magnitudes[1] must be finite and at least 0');
  expect(factorize({ magnitudes: Float32Array.of(1, 2, Number.NaN) })).toThrow('magnitudes[2]');
  expect(factorize({ timesSeconds: new Float64Array(2) })).toThrow(
    'timesSeconds and frequenciesHertz must be as long as magnitudes',
  );
  expect(factorize({ magnitudes: new Float32Array(0) })).toThrow('at least one point');
});

describe('bases', () => {
  test('HatBasis functions sum to 1 everywhere and are linear between knots', () => {
    const basis = new HatBasis(Float64Array.of(0, 1, 4));
    const columns = new Int32Array(2);
    const weights = new Float32Array(2);
    for (const place of [-3, 0, 0.3, 1, 3.9, 4, 9]) {
      const entries = basis.evaluate(place, columns, weights);
      const sum = weights.subarray(0, entries).reduce((total, weight) => total + weight, 0);
      expect(sum).toBeCloseTo(1, 6);
    }
    expect(basis.evaluate(2.5, columns, weights)).toBe(2);
    expect([...columns, ...weights]).toEqual([1, 2, 0.5, 0.5]);
    expect(() => new HatBasis(Float64Array.of(0, 0))).toThrow('knots must be strictly ascending');
  });

  test('HatBasis.on keeps the minimum distance of knots', () => {
    const { knots } = HatBasis.on(Float64Array.of(5, 1, 1.05, 1.2, 3, 5.05), 0.1);
    expect([...knots]).toEqual([1, 1.2, 3, 5]);
  });

  test.each(['gaussian', 'lorentzian'] as const)(
    '%s bumps never overlap more than `maximumNonzero` allows',
    (shape) => {
      const basis = new BumpBasis(shape, evenCentres(0, 100, 1), 1.3);
      const columns = new Int32Array(200);
      const weights = new Float32Array(200);
      for (let place = -20; place < 120; place += 0.37) {
        expect(basis.evaluate(place, columns, weights)).toBeLessThanOrEqual(basis.maximumNonzero);
      }
      const entries = basis.evaluate(50, columns, weights);
      const at = Array.from(columns.subarray(0, entries)).indexOf(50);
      expect(weights[at]).toBe(1);
    },
  );
});

test('CoordinateRows rounds to the nearest row if there are more distinct coordinates than rows', () => {
  const random = new Random(4);
  const coordinates = Float64Array.from({ length: 5000 }, () => random.between(10, 20));
  const rows = new CoordinateRows(coordinates, 1001);
  expect(rows.rows).toBeLessThanOrEqual(1001);
  coordinates.forEach((coordinate, point) => {
    expect(Math.abs(rows.coordinates[rows.rowOf[point]!]! - coordinate)).toBeLessThan(0.0051);
  });
});
