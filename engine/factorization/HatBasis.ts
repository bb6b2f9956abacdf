import { InputError } from '../core/errors.ts';
import type { CoordinateBasis } from './CoordinateBasis.ts';

/** Linear "hats" on rising knots: sums of them are all functions that are linear between the knots, and constant outside. */
export class HatBasis implements CoordinateBasis {
  readonly functions: number;
  readonly mostAtOnce = 2;
  readonly knots: Float64Array;

  /** @throws InputError unless the knots rise */
  constructor(knots: Float64Array) {
    if (knots.length === 0) throw new InputError('a basis needs at least one knot, got none');
    for (let index = 1; index < knots.length; index++) {
      if (!(knots[index]! > knots[index - 1]!)) {
        throw new InputError(`knots must rise, got ${knots[index - 1]} before ${knots[index]}`);
      }
    }
    this.knots = knots;
    this.functions = knots.length;
  }

  /**
   * Knots where there are points: at the first coordinate, and at each next one that is far enough from the knot before.
   * @param spacing least distance, > 0
   */
  static on(coordinates: Float64Array, spacing: number): HatBasis {
    const knots: number[] = [];
    for (const coordinate of coordinates.toSorted()) {
      if (knots.length === 0 || coordinate - knots.at(-1)! >= spacing) knots.push(coordinate);
    }
    return new HatBasis(Float64Array.from(knots));
  }

  weigh(coordinate: number, columns: Int32Array, weights: Float32Array): number {
    const { knots } = this;
    const after = firstAbove(knots, coordinate);
    if (after === 0 || after === knots.length) {
      columns[0] = Math.max(0, after - 1);
      weights[0] = 1;
      return 1;
    }
    const fraction = (coordinate - knots[after - 1]!) / (knots[after]! - knots[after - 1]!);
    columns[0] = after - 1;
    weights[0] = 1 - fraction;
    columns[1] = after;
    weights[1] = fraction;
    return 2;
  }
}

/** Index of the first of rising values that is larger, or their number. */
export function firstAbove(rising: Float64Array, value: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
