import { requireNumber } from '../core/errors.ts';
import type { CoordinateBasis } from './CoordinateBasis.ts';
import { firstAbove } from './HatBasis.ts';

/**
 * gaussian: radial basis functions. lorentzian: 1 / (1 + x^2); sums of them are rational functions in partial fractions with fixed poles
 * at centre +- i width.
 */
export type BumpShape = 'gaussian' | 'lorentzian';

/** Distance from the centre, in widths, at which a bump is cut off: there a Gaussian is 3e-4, a Lorentzian 1e-2. */
const REACH: Record<BumpShape, number> = { gaussian: 4, lorentzian: 10 };

/** One bump of the same shape and width around each centre. */
export class BumpBasis implements CoordinateBasis {
  readonly functions: number;
  readonly maximumNonzero: number;
  private readonly shape: BumpShape;
  private readonly centres: Float64Array;
  private readonly width: number;

  /**
   * @param centres ascending
   * @param width > 0; Gaussian: standard deviation, Lorentzian: half width at half height
   */
  constructor(shape: BumpShape, centres: Float64Array, width: number) {
    requireNumber('width', width, Number.MIN_VALUE, Number.MAX_VALUE);
    this.shape = shape;
    this.centres = centres;
    this.width = width;
    this.functions = centres.length;
    this.maximumNonzero = mostWithin(centres, 2 * REACH[shape] * width);
  }

  evaluate(coordinate: number, columns: Int32Array, weights: Float32Array): number {
    const { centres, shape, width } = this;
    let entries = 0;
    for (let index = firstAbove(centres, coordinate - REACH[shape] * width); index < centres.length; index++) {
      const distance = (coordinate - centres[index]!) / width;
      if (distance <= -REACH[shape]) break;
      columns[entries] = index;
      weights[entries++] = shape === 'gaussian' ? Math.exp(-(distance ** 2) / 2) : 1 / (1 + distance ** 2);
    }
    return entries;
  }
}

/** Evenly spaced centres. @returns the first at the minimum, the last at or above the maximum */
export function evenCentres(minimum: number, maximum: number, spacing: number): Float64Array {
  return Float64Array.from({ length: Math.ceil((maximum - minimum) / spacing) + 1 }, (_, n) => minimum + n * spacing);
}

/** Largest number of centres within any interval of this length. */
function mostWithin(centres: Float64Array, length: number): number {
  let most = 1;
  let first = 0;
  centres.forEach((centre, index) => {
    while (centre - centres[first]! > length) first++;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
