import { InputError, requireInteger } from '../core/errors.ts';
import { Random } from '../core/Random.ts';
import type { Hertz, Seconds } from '../core/units.ts';
import { BumpBasis, evenCentres } from './BumpBasis.ts';
import type { CoordinateFunctions } from './CoordinateBasis.ts';
import { CoordinateRows, MOST_ROWS } from './CoordinateRows.ts';
import { HatBasis } from './HatBasis.ts';
import type { MagnitudePoints } from './MagnitudePoints.ts';
import { BasisFactor, type PointFactor, SmoothedFactor } from './PointFactor.ts';
import { PointFactorization, type PointLoss } from './PointFactorization.ts';
import { pointDivergence } from './pointDivergence.ts';
import { pointExemplars } from './pointExemplars.ts';

/**
 * hat: KL on triangular functions. smoothed: KL with kernel-averaged updates (Smaragdis and Kim 2013). radial: least squares on Gaussian
 * radial basis functions (Zdunek 2012). rational: least squares on partial fractions with fixed poles, a simple variant of Hautecoeur et
 * al. 2023, who also move the poles.
 */
export type PointMethod = 'hat' | 'smoothed' | 'radial' | 'rational';
export const POINT_METHODS: readonly PointMethod[] = ['hat', 'smoothed', 'radial', 'rational'];

export interface PointOptions {
  /** @default 'hat' */
  readonly method?: PointMethod;
  /** Multiplicative updates. @default 100 */
  readonly iterations?: number;
  /** Minimum distance of knots, or width of kernels, over frequency. @default 8 */
  readonly spacingHertz?: Hertz;
  /** Minimum distance of knots, or width of kernels, over time. @default 0.012 */
  readonly spacingSeconds?: Seconds;
  /** Number of random starting points tried for 10 iterations; the best one is continued. 1 to 100. @default 3 */
  readonly starts?: number;
  /** @default 1 */
  readonly seed?: number;
}

export interface PointFactors {
  /** W over hertz, mean 1 over the distinct frequencies of the points */
  readonly templates: CoordinateFunctions;
  /** H over seconds */
  readonly activations: CoordinateFunctions;
  /** Mean KL divergence per point, in the units of the magnitudes, whichever loss the method minimises. */
  readonly divergence: number;
}

const TRIAL_ITERATIONS = 10;
/** Updates of the activations alone before templates change: equal activations would make all templates equal. */
const SETTLING_ITERATIONS = 5;
/** Limit of rows for kernel averages, whose cost grows with the number of neighbouring rows. */
const MOST_SMOOTHED_ROWS = 2048;
/** Limit of rows per knot: finer rows would change the result less than the spacing of the knots does, and would not fit in the cache. */
const ROWS_PER_KNOT = 16;
const LEAST_ROWS = 4096;
const SPACING = { hertz: 8, seconds: 0.012 } as const;
const ACTIVATION_ITERATIONS = 50;

/**
 * Factorizes points that need not lie on a grid into templates over frequency and their activations over time.
 * @param rank number of templates, 1 to 1024
 * @throws InputError for arrays of unequal length, no points, or magnitudes that are negative or not finite
 */
export function factorizePoints(points: MagnitudePoints, rank: number, options: PointOptions = {}): PointFactors {
  checkPoints(points);
  requireInteger('rank', rank, 1, 1024);
  const { method = 'hat', iterations = 100, starts = 3, seed = 1 } = options;
  requireInteger('starts', starts, 1, 100);
  const { spacingHertz = SPACING.hertz, spacingSeconds = SPACING.seconds } = options;
  const frequencyRows = rowsOf(points.frequenciesHertz, spacingHertz, method);
  const timeRows = rowsOf(points.timesSeconds, spacingSeconds, method);
  const random = new Random(seed);
  const tryStart = () => {
    const frequency = factor(method, frequencyRows, rank, spacingHertz);
    const time = factor(method, timeRows, rank, spacingSeconds);
    frequency.start(pointExemplars(points.magnitudes, frequencyRows, timeRows, rank, random));
    time.start(new Float32Array(time.values.length).fill(1 / rank));
    const trial = new PointFactorization(points.magnitudes, frequency, time, rank, lossOf(method));
    trial.update(SETTLING_ITERATIONS, 'activations');
    trial.update(Math.min(TRIAL_ITERATIONS, iterations), 'both');
    return trial;
  };
  let best = tryStart();
  for (let start = 1; start < starts; start++) {
    const trial = tryStart();
    if (trial.divergence() < best.divergence()) best = trial;
  }
  best.update(Math.max(0, iterations - TRIAL_ITERATIONS), 'both');
  return factorsOf(points, best);
}

/**
 * Finds the activations of points for given templates.
 * @param templates fixed, sampled at the points' frequencies
 * @param options only spacings and iterations (default 50) are used; the method is 'hat'
 */
export function activatePoints(
  points: MagnitudePoints,
  templates: CoordinateFunctions,
  options: PointOptions = {},
): PointFactors {
  checkPoints(points);
  const rank = templates.count;
  const { spacingHertz = SPACING.hertz, spacingSeconds = SPACING.seconds } = options;
  const time = factor('hat', rowsOf(points.timesSeconds, spacingSeconds, 'hat'), rank, spacingSeconds);
  const frequency = new FixedFactor(templates, rowsOf(points.frequenciesHertz, spacingHertz, 'hat'));
  time.start(new Float32Array(time.values.length).fill(1 / rank));
  const factorization = new PointFactorization(points.magnitudes, frequency, time, rank);
  factorization.update(options.iterations ?? ACTIVATION_ITERATIONS, 'activations');
  const activations = time.functions();
  return { templates, activations, divergence: pointDivergence(points, templates, activations) };
}

/** A factor that stays as given: no update changes it. */
class FixedFactor implements PointFactor {
  readonly rows: CoordinateRows;
  readonly values: Float32Array;
  private readonly templates: CoordinateFunctions;

  constructor(templates: CoordinateFunctions, rows: CoordinateRows) {
    this.rows = rows;
    this.templates = templates;
    const { count } = templates;
    const sampled = templates.sample(rows.coordinates);
    this.values = Float32Array.from(
      sampled,
      (_, index) => sampled[(index % count) * rows.rows + Math.floor(index / count)]!,
    );
  }

  start(): void {}
  multiply(): void {}
  scale(): void {}

  functions(): CoordinateFunctions {
    return this.templates;
  }
}

function factor(method: PointMethod, rows: CoordinateRows, rank: number, spacing: number): PointFactor {
  const { coordinates } = rows;
  if (method === 'hat') return new BasisFactor(HatBasis.on(coordinates, spacing), rows, rank);
  if (method === 'smoothed') return new SmoothedFactor(new BumpBasis('gaussian', coordinates, spacing), rows, rank);
  const centres = evenCentres(coordinates[0] ?? 0, coordinates.at(-1) ?? 0, spacing);
  const basis =
    method === 'radial'
      ? new BumpBasis('gaussian', centres, spacing)
      : new BumpBasis('lorentzian', centres, spacing / 2);
  return new BasisFactor(basis, rows, rank);
}

function rowsOf(coordinates: Float64Array, spacing: number, method: PointMethod): CoordinateRows {
  if (method === 'smoothed') return new CoordinateRows(coordinates, MOST_SMOOTHED_ROWS);
  const range =
    coordinates.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY) -
    coordinates.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const rows = Math.max(LEAST_ROWS, Math.ceil((ROWS_PER_KNOT * range) / spacing));
  return new CoordinateRows(coordinates, Math.min(MOST_ROWS, rows));
}

function lossOf(method: PointMethod): PointLoss {
  return method === 'radial' || method === 'rational' ? 'euclidean' : 'kl';
}

function factorsOf(points: MagnitudePoints, factorization: PointFactorization): PointFactors {
  factorization.normalize();
  const templates = factorization.frequency.functions();
  const activations = factorization.time.functions();
  return { templates, activations, divergence: pointDivergence(points, templates, activations) };
}

function checkPoints({ timesSeconds, frequenciesHertz, magnitudes }: MagnitudePoints): void {
  if (magnitudes.length === 0) throw new InputError('magnitudes must contain at least one point, got 0');
  if (timesSeconds.length !== magnitudes.length || frequenciesHertz.length !== magnitudes.length) {
    throw new InputError(
      `timesSeconds and frequenciesHertz must be as long as magnitudes, ${magnitudes.length}, got ${timesSeconds.length} and ${frequenciesHertz.length}`,
    );
  }
  const wrong = magnitudes.findIndex((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY));
  if (wrong >= 0) throw new InputError(`magnitudes[${wrong}] must be finite and at least 0, got ${magnitudes[wrong]}`);
}
