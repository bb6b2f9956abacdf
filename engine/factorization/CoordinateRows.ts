import type { CoordinateBasis } from './CoordinateBasis.ts';
import { firstAbove } from './HatBasis.ts';

/** Default limit of rows: bounds memory however irregular the points are. */
export const MOST_ROWS = 65_536;

/**
 * The distinct coordinates ("rows") of a set of points. A factor is evaluated once per row, and the points look it up.
 * Points of an STFT share a few hundred frequencies; each point of a sinusoidal model has its own.
 */
export class CoordinateRows {
  /** [rows] ascending */
  readonly coordinates: Float64Array;
  /** [points] row of each point */
  readonly rowOf: Int32Array;

  /**
   * @param coordinates [points]
   * @param mostRows limit of rows: if there are more distinct coordinates, they are rounded to this many even steps
   */
  constructor(coordinates: Float64Array, mostRows = MOST_ROWS) {
    let rising = distinct(coordinates);
    let rounded = (coordinate: number) => coordinate;
    if (rising.length > mostRows) {
      const [start = 0] = rising;
      const step = ((rising.at(-1) ?? 0) - start) / (mostRows - 1);
      rounded = (coordinate) => start + Math.round((coordinate - start) / step) * step;
      rising = distinct(coordinates.map(rounded));
    }
    this.coordinates = rising;
    this.rowOf = Int32Array.from(coordinates, (coordinate) => firstAbove(rising, rounded(coordinate)) - 1);
  }

  get rows(): number {
    return this.coordinates.length;
  }
}

/** A basis evaluated at the rows: a sparse matrix [rows x functions]. */
export class SparseBasis {
  private readonly starts: Int32Array;
  private readonly columns: Int32Array;
  private readonly weights: Float32Array;

  constructor(basis: CoordinateBasis, coordinates: Float64Array) {
    const columns = new Int32Array(basis.maximumNonzero);
    const weights = new Float32Array(basis.maximumNonzero);
    const allColumns = new Int32Array(basis.maximumNonzero * coordinates.length);
    const allWeights = new Float32Array(basis.maximumNonzero * coordinates.length);
    this.starts = new Int32Array(coordinates.length + 1);
    let end = 0;
    coordinates.forEach((coordinate, row) => {
      const entries = basis.evaluate(coordinate, columns, weights);
      for (let entry = 0; entry < entries; entry++) {
        allColumns[end] = columns[entry]!;
        allWeights[end++] = weights[entry]!;
      }
      this.starts[row + 1] = end;
    });
    this.columns = allColumns.subarray(0, end);
    this.weights = allWeights.subarray(0, end);
  }

  /** values [rows x rank] = basis * coefficients [functions x rank] */
  expand(coefficients: Float32Array, rank: number, values: Float32Array): void {
    const { starts, columns, weights } = this;
    values.fill(0);
    for (let row = 0; row < starts.length - 1; row++) {
      for (let entry = starts[row]!; entry < starts[row + 1]!; entry++) {
        const weight = weights[entry]!;
        const first = columns[entry]! * rank;
        for (let k = 0; k < rank; k++) values[row * rank + k]! += weight * coefficients[first + k]!;
      }
    }
  }

  /** coefficients [functions x rank] = transposed basis * values [rows x rank] */
  gather(values: Float32Array, rank: number, coefficients: Float32Array): void {
    const { starts, columns, weights } = this;
    coefficients.fill(0);
    for (let row = 0; row < starts.length - 1; row++) {
      for (let entry = starts[row]!; entry < starts[row + 1]!; entry++) {
        const weight = weights[entry]!;
        const first = columns[entry]! * rank;
        for (let k = 0; k < rank; k++) coefficients[first + k]! += weight * values[row * rank + k]!;
      }
    }
  }
}

/** @returns the distinct coordinates, ascending */
function distinct(coordinates: Float64Array): Float64Array<ArrayBuffer> {
  const rising = coordinates.toSorted() as Float64Array<ArrayBuffer>;
  let count = 0;
  for (let index = 0; index < rising.length; index++) {
    if (index === 0 || rising[index] !== rising[count - 1]) rising[count++] = rising[index]!;
  }
  return rising.slice(0, count);
}
