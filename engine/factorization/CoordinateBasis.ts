/** Functions >= 0 of one coordinate (hertz or seconds), few of them other than zero at any one place. */
export interface CoordinateBasis {
  /** How many functions. */
  readonly functions: number;
  /** At most so many are other than zero at one coordinate. */
  readonly mostAtOnce: number;
  /**
   * The functions at a coordinate.
   * @param columns [mostAtOnce] gets which functions @param weights [mostAtOnce] gets their values, >= 0
   * @returns how many were written
   */
  weigh(coordinate: number, columns: Int32Array, weights: Float32Array): number;
}

/** `count` functions >= 0 of one coordinate: templates over hertz, or activations over seconds. */
export interface CoordinateFunctions {
  readonly count: number;
  /** @returns [count x coordinates] row-major */
  sample(coordinates: ArrayLike<number>): Float32Array;
}

/** Sums of a basis's functions. */
export class BasisFunctions implements CoordinateFunctions {
  readonly count: number;
  readonly basis: CoordinateBasis;
  /** [functions x count] */
  readonly coefficients: Float32Array;

  constructor(basis: CoordinateBasis, count: number, coefficients: Float32Array) {
    this.basis = basis;
    this.count = count;
    this.coefficients = coefficients;
  }

  sample(coordinates: ArrayLike<number>): Float32Array {
    const { basis, count, coefficients } = this;
    const columns = new Int32Array(basis.mostAtOnce);
    const weights = new Float32Array(basis.mostAtOnce);
    const values = new Float32Array(count * coordinates.length);
    for (let index = 0; index < coordinates.length; index++) {
      const entries = basis.weigh(coordinates[index]!, columns, weights);
      for (let entry = 0; entry < entries; entry++) {
        const first = columns[entry]! * count;
        for (let k = 0; k < count; k++) {
          values[k * coordinates.length + index]! += weights[entry]! * coefficients[first + k]!;
        }
      }
    }
    return values;
  }
}
