/** Rows are eliminated four at a time, which stay in the first-level cache while all finished rows are read once. */
const ROW_GROUP = 4;

/**
 * Cholesky factorization A = L L' of a symmetric positive semidefinite matrix, to solve A x = b. For a column that depends linearly on
 * earlier ones (pivot below the rounding error) the solution is 0, so that a singular system yields one of its solutions.
 */
export class Cholesky {
  private readonly factor: Float64Array;
  private readonly size: number;
  /** [size] 1 / diagonal of L; 0 for a dependent column */
  private readonly inversePivots: Float64Array;

  /**
   * @param matrix [size x size] row-major; the lower triangle is read and overwritten with L
   * @param size number of rows
   */
  constructor(matrix: Float64Array, size: number) {
    this.factor = matrix;
    this.size = size;
    this.inversePivots = new Float64Array(size);
    for (let first = 0; first < size; first += ROW_GROUP) {
      const last = Math.min(first + ROW_GROUP, size);
      if (last - first === ROW_GROUP) this.eliminateGroup(first);
      else for (let row = first; row < last; row++) this.eliminate(row, 0, first);
      for (let row = first; row < last; row++) {
        this.eliminate(row, first, row);
        this.computePivot(row);
      }
    }
  }

  /** @param values [size] right-hand side, overwritten with the solution */
  solve(values: Float64Array): void {
    const { factor, size, inversePivots } = this;
    for (let row = 0; row < size; row++) {
      let sum = values[row]!;
      for (let column = 0, at = row * size; column < row; column++, at++) sum -= factor[at]! * values[column]!;
      values[row] = sum * inversePivots[row]!;
    }
    for (let row = size - 1; row >= 0; row--) {
      const value = values[row]! * inversePivots[row]!;
      values[row] = value;
      for (let column = 0, at = row * size; column < row; column++, at++) values[column]! -= value * factor[at]!;
    }
  }

  private computePivot(row: number): void {
    const { factor, size, inversePivots } = this;
    const start = row * size;
    let pivot = factor[start + row]!;
    const threshold = size * Number.EPSILON * pivot;
    for (let at = start; at < start + row; at++) pivot -= factor[at]! ** 2;
    inversePivots[row] = pivot > threshold ? 1 / Math.sqrt(pivot) : 0;
  }

  /** Computes columns [from, to) of one row of L. */
  private eliminate(row: number, from: number, to: number): void {
    const { factor, size, inversePivots } = this;
    const start = row * size;
    for (let column = from; column < to; column++) {
      const above = column * size;
      let sum = factor[start + column]!;
      for (let k = 0; k < column; k++) sum -= factor[start + k]! * factor[above + k]!;
      factor[start + column] = sum * inversePivots[column]!;
    }
  }

  /** Computes columns [0, first) of four rows of L at once: each element of a finished row is loaded once for four products. */
  private eliminateGroup(first: number): void {
    const { factor, size, inversePivots } = this;
    const row0 = first * size;
    const row1 = row0 + size;
    const row2 = row1 + size;
    const row3 = row2 + size;
    for (let column = 0; column < first; column++) {
      const above = column * size;
      let sum0 = factor[row0 + column]!;
      let sum1 = factor[row1 + column]!;
      let sum2 = factor[row2 + column]!;
      let sum3 = factor[row3 + column]!;
      for (let k = 0; k < column; k++) {
        const finished = factor[above + k]!;
        sum0 -= finished * factor[row0 + k]!;
        sum1 -= finished * factor[row1 + k]!;
        sum2 -= finished * factor[row2 + k]!;
        sum3 -= finished * factor[row3 + k]!;
      }
      const inversePivot = inversePivots[column]!;
      factor[row0 + column] = sum0 * inversePivot;
      factor[row1 + column] = sum1 * inversePivot;
      factor[row2 + column] = sum2 * inversePivot;
      factor[row3 + column] = sum3 * inversePivot;
    }
  }
}
