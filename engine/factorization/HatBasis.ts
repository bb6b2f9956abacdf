import { InputError } from '../core/errors.ts';
import type { CoordinateBasis } from './CoordinateBasis.ts';

/** Triangular functions on ascending knots. They span the functions that are linear between the knots and constant outside. */
export class HatBasis implements CoordinateBasis {
  readonly functions: number;
  readonly maximumNonzero = 2;
  readonly knots: Float64Array;

  /** @throws InputError unless the knots ascend strictly */
  constructor(knots: Float64Array) {
    if (knots.length === 0) throw new InputError('knots must contain at least one knot, got 0');
    let last = Number.NEGATIVE_INFINITY;
    for (const knot of knots) {
      if (!(knot > last)) throw new InputError(`knots must be strictly ascending, got ${last} before ${knot}`);
      last = knot;
    }
    this.knots = knots;
    this.functions = knots.length;
  }

  /**
   * Places knots where there are points: at the lowest coordinate, and at each further one at least `spacing` above the last knot.
   * @param spacing minimum distance of knots, > 0
   */
  static on(coordinates: Float64Array, spacing: number): HatBasis {
    const knots: number[] = [];
    let last = Number.NEGATIVE_INFINITY;
    for (const coordinate of coordinates.toSorted()) {
      if (!(coordinate - last >= spacing)) continue;
      knots.push(coordinate);
      last = coordinate;
    }
    return new HatBasis(Float64Array.from(knots));
  }

  evaluate(coordinate: number, columns: Int32Array, weights: Float32Array): number {
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

/** @returns index of the first of the ascending values that exceeds `value`, or their number if none does */
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
