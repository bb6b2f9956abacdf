import { Random } from '../core/Random.ts';
import type { CoordinateFunctions } from '../factorization/CoordinateBasis.ts';
import { CoordinateRows } from '../factorization/CoordinateRows.ts';
import type { PointFactors } from '../factorization/factorizePoints.ts';
import type { MagnitudePoints } from '../factorization/MagnitudePoints.ts';
import { pointDivergence } from '../factorization/pointDivergence.ts';
import { CoordinateNetwork } from './CoordinateNetwork.ts';
import { FourierFeatures } from './FourierFeatures.ts';

export interface PointNetworkOptions {
  /** Steps that fit each network to a factor. @default 600 */
  readonly fitSteps?: number;
  /** Steps that then change both networks together to lower the points' KL divergence. @default 60 */
  readonly jointSteps?: number;
  /** Longest quefrency that W sees: partials closer than half of its inverse run together. @default 0.06 */
  readonly longestQuefrencySeconds?: number;
  /** Fastest change that H sees. @default 20 */
  readonly fastestHertz?: number;
  /** @default 1 */
  readonly seed?: number;
}

/** Both factors as networks. */
export interface NetworkFactors extends PointFactors {
  readonly templates: CoordinateNetwork;
  readonly activations: CoordinateNetwork;
  /** Mean KL divergence a point after the fit alone. */
  readonly fittedDivergence: number;
}

const FIT_ROWS = 256;
const FIT_RATE = 2e-2;
const JOINT_RATE = 4e-3;
const WARM_UP_STEPS = 20;
/** Points share rows: coordinates are rounded to so many, because the networks' cost is in the rows. */
const JOINT_ROWS = 4096;
const FLOOR = 1e-12;

/**
 * W and H as networks: fitted to factors that were found on a basis, then tuned together on the points (research: factor first, then
 * fit; from scratch by gradient takes fifty times as long and ends higher).
 * @param factors of `factorizePoints` on these points
 */
export function pointNetworks(
  points: MagnitudePoints,
  factors: PointFactors,
  options: PointNetworkOptions = {},
): NetworkFactors {
  const { fitSteps = 600, jointSteps = 60, seed = 1, longestQuefrencySeconds = 0.06, fastestHertz = 20 } = options;
  const random = new Random(seed);
  const templates = fitted(factors.templates, points.frequenciesHertz, longestQuefrencySeconds, fitSteps, random);
  const activations = fitted(factors.activations, points.timesSeconds, fastestHertz, fitSteps, random);
  const fittedDivergence = pointDivergence(points, templates.network, activations.network);
  tune(points, templates, activations, jointSteps);
  return {
    templates: templates.network,
    activations: activations.network,
    fittedDivergence,
    divergence: pointDivergence(points, templates.network, activations.network),
  };
}

interface FittedNetwork {
  readonly network: CoordinateNetwork;
  readonly features: FourierFeatures;
}

/** Fitted at places drawn anew at every step, as dense as the points; on the points alone, high lags would ring between them. */
function fitted(
  functions: CoordinateFunctions,
  coordinates: Float64Array,
  finest: number,
  steps: number,
  random: Random,
): FittedNetwork {
  const { coordinates: rows } = new CoordinateRows(coordinates, JOINT_ROWS);
  const range = rows.at(-1)! - rows[0]! || 1;
  const features = new FourierFeatures({ start: rows[0]!, range, finest });
  const { count } = functions;
  const network = new CoordinateNetwork(features, count, random);
  const shares = functionShares(functions, rows);
  for (let step = 0; step < steps; step++) {
    const places = Float64Array.from({ length: FIT_ROWS }, (_, draw) => {
      const position = ((draw + random.uniform()) / FIT_ROWS) * (rows.length - 1);
      const before = Math.floor(position);
      return rows[before]! + (position - before) * ((rows[before + 1] ?? rows[before]!) - rows[before]!);
    });
    const targets = functions.sample(places);
    network.advance(features.of(places), FIT_RATE * schedule(step, steps), (values) =>
      values.map((value, index) => {
        const k = index % count;
        return ((value - targets[k * FIT_ROWS + Math.floor(index / count)]!) * shares[k]!) / FIT_ROWS;
      }),
    );
  }
  return { network, features };
}

/** Each function is fitted as closely as its level: shares of the inverse mean, so that none is lost beside a louder one. */
function functionShares(functions: CoordinateFunctions, rows: Float64Array): Float64Array {
  const sampled = functions.sample(rows);
  return Float64Array.from({ length: functions.count }, (_, k) => {
    let sum = 0;
    for (let row = 0; row < rows.length; row++) sum += sampled[k * rows.length + row]!;
    return rows.length / Math.max(FLOOR, sum);
  });
}

/** Both networks together, on all points at every step. */
function tune(points: MagnitudePoints, templates: FittedNetwork, activations: FittedNetwork, steps: number): void {
  const frequency = new CoordinateRows(points.frequenciesHertz, JOINT_ROWS);
  const time = new CoordinateRows(points.timesSeconds, JOINT_ROWS);
  const frequencyInput = templates.features.of(frequency.coordinates);
  const timeInput = activations.features.of(time.coordinates);
  for (let step = 0; step < steps; step++) {
    const rate = JOINT_RATE * schedule(step, steps);
    templates.network.advance(frequencyInput, rate, (w) => {
      let gradients = w;
      activations.network.advance(timeInput, rate, (h) => {
        const both = pointGradients(points.magnitudes, frequency.rowOf, time.rowOf, w, h, templates.network.count);
        gradients = both.templates;
        return both.activations;
      });
      return gradients;
    });
  }
}

/** Gradients of the mean KL divergence by the logarithms of both factors at their rows. */
function pointGradients(
  magnitudes: Float32Array,
  frequencyRow: Int32Array,
  timeRow: Int32Array,
  w: Float32Array,
  h: Float32Array,
  rank: number,
): { templates: Float32Array; activations: Float32Array } {
  const templates = new Float32Array(w.length);
  const activations = new Float32Array(h.length);
  for (let point = 0; point < magnitudes.length; point++) {
    const template = frequencyRow[point]! * rank;
    const activation = timeRow[point]! * rank;
    let model = FLOOR;
    for (let k = 0; k < rank; k++) model += w[template + k]! * h[activation + k]!;
    const slope = (1 - magnitudes[point]! / model) / magnitudes.length;
    for (let k = 0; k < rank; k++) {
      const product = slope * w[template + k]! * h[activation + k]!;
      templates[template + k]! += product;
      activations[activation + k]! += product;
    }
  }
  return { templates, activations };
}

/** Warm-up, then half a cosine down to zero. */
function schedule(step: number, steps: number): number {
  const warmUp = Math.min(WARM_UP_STEPS, Math.ceil(steps / 10));
  if (step < warmUp) return (step + 1) / warmUp;
  return (1 + Math.cos((Math.PI * (step - warmUp)) / (steps - warmUp))) / 2;
}
