/** A set of functions >= 0 of one coordinate (hertz or seconds), few of which are nonzero at any one coordinate. */
export interface CoordinateBasis {
  /** Number of functions. */
  readonly functions: number;
  /** Largest number of functions that are nonzero at one coordinate. */
  readonly maximumNonzero: number;
  /**
   * Evaluates the functions at a coordinate.
   * @param columns [maximumNonzero] overwritten with the indices of the nonzero functions
   * @param weights [maximumNonzero] overwritten with their values, >= 0
   * @returns number of entries written
   */
  evaluate(coordinate: number, columns: Int32Array, weights: Float32Array): number;
}

/** `count` functions >= 0 of one coordinate: templates over frequency in hertz, or activations over time in seconds. */
export interface CoordinateFunctions {
  readonly count: number;
  /** @returns [count x coordinates] row-major */
  sample(coordinates: ArrayLike<number>): Float32Array;
}

/** Linear combinations of the functions of a basis. */
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
    const columns = new Int32Array(basis.maximumNonzero);
    const weights = new Float32Array(basis.maximumNonzero);
    const values = new Float32Array(count * coordinates.length);
    for (let index = 0; index < coordinates.length; index++) {
      const entries = basis.evaluate(coordinates[index]!, columns, weights);
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
