import { Random } from '../core/Random.ts';
import type { CoordinateFunctions } from '../factorization/CoordinateBasis.ts';
import { CoordinateRows } from '../factorization/CoordinateRows.ts';
import type { PointFactors } from '../factorization/factorizePoints.ts';
import type { MagnitudePoints } from '../factorization/MagnitudePoints.ts';
import { pointDivergence } from '../factorization/pointDivergence.ts';
import { CoordinateNetwork } from './CoordinateNetwork.ts';
import { FourierFeatures } from './FourierFeatures.ts';
import { learningRateFactor } from './ScheduledAdam.ts';

export interface PointNetworkOptions {
  /** Optimiser steps that fit each network to a factor. @default 600 */
  readonly fitSteps?: number;
  /** Optimiser steps that then train both networks jointly on the KL divergence of the points. @default 60 */
  readonly jointSteps?: number;
  /** Largest quefrency of W: partials closer than half of its inverse are not resolved. @default 0.06 */
  readonly longestQuefrencySeconds?: number;
  /** Largest modulation frequency of H. @default 20 */
  readonly fastestHertz?: number;
  /** @default 1 */
  readonly seed?: number;
}

/** Both factors as networks, which the caller must dispose of. */
export interface NetworkFactors extends PointFactors {
  readonly templates: CoordinateNetwork;
  readonly activations: CoordinateNetwork;
  /** Mean KL divergence per point after the fit, before joint training. */
  readonly fittedDivergence: number;
}

const FIT_ROWS = 256;
const FIT_RATE = 2e-2;
const JOINT_RATE = 4e-3;
/** Coordinates are rounded to at most this many rows, which determine the cost of the networks. */
const JOINT_ROWS = 4096;
const FLOOR = 1e-12;

/**
 * Represents W and H as networks: fits them to given factors, then trains both jointly on the points. Gradient descent from random weights
 * takes fifty times as long and ends at a higher divergence.
 * @param factors result of `factorizePoints` for these points
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

/** Fits a network at random coordinates, as dense as the points. Fitted at the points alone, it would ring between them at high lags. */
function fitted(
  functions: CoordinateFunctions,
  coordinates: Float64Array,
  finest: number,
  steps: number,
  random: Random,
): FittedNetwork {
  const { coordinates: rows } = new CoordinateRows(coordinates, JOINT_ROWS);
  const start = rows[0] ?? 0;
  const range = (rows.at(-1) ?? 0) - start || 1;
  const features = new FourierFeatures({ start, range, finest });
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
    network.advance(features.of(places), FIT_RATE * learningRateFactor(step, steps), (values) =>
      values.map((value, index) => {
        const k = index % count;
        return ((value - targets[k * FIT_ROWS + Math.floor(index / count)]!) * shares[k]!) / FIT_ROWS;
      }),
    );
  }
  return { network, features };
}

/** Weights of the functions in the loss: their inverse means, so that soft functions are fitted as closely as loud ones. */
function functionShares(functions: CoordinateFunctions, rows: Float64Array): Float64Array {
  const sampled = functions.sample(rows);
  return Float64Array.from({ length: functions.count }, (_, k) => {
    let sum = 0;
    for (let row = 0; row < rows.length; row++) sum += sampled[k * rows.length + row]!;
    return rows.length / Math.max(FLOOR, sum);
  });
}

/** Trains both networks jointly, on all points in every step. */
function tune(points: MagnitudePoints, templates: FittedNetwork, activations: FittedNetwork, steps: number): void {
  const frequency = new CoordinateRows(points.frequenciesHertz, JOINT_ROWS);
  const time = new CoordinateRows(points.timesSeconds, JOINT_ROWS);
  const frequencyInput = templates.features.of(frequency.coordinates);
  const timeInput = activations.features.of(time.coordinates);
  for (let step = 0; step < steps; step++) {
    const rate = JOINT_RATE * learningRateFactor(step, steps);
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

/** Gradients of the mean KL divergence with respect to the logarithms of both factors at their rows. @param w [rows x rank] @param h [rows x rank] */
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
    const gradient = (1 - magnitudes[point]! / model) / magnitudes.length;
    for (let k = 0; k < rank; k++) {
      const product = gradient * w[template + k]! * h[activation + k]!;
      templates[template + k]! += product;
      activations[activation + k]! += product;
    }
  }
  return { templates, activations };
}
