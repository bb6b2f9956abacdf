/**
 * Square complex matrices, row by row: element (row, column) has its real part at 2 * (row * size + column) and its imaginary part after it.
 */

/** Added to a pivot that is nearly 0, relative to the largest element, so that singular matrices stay finite. */
const SMALLEST_PIVOT = 1e-9;

/**
 * Solves a * x = b for one right-hand side by Gaussian elimination with partial pivoting.
 * @param a [2 * size * size] overwritten
 * @param b [2 * size] overwritten with the solution
 */
export function solveComplex(a: Float64Array, b: Float64Array, size: number): void {
  let largest = 0;
  for (let n = 0; n < 2 * size * size; n++) largest = Math.max(largest, Math.abs(a[n]!));
  for (let column = 0; column < size; column++) {
    movePivot(a, b, size, column);
    const pivot = 2 * (column * size + column);
    if (Math.hypot(a[pivot]!, a[pivot + 1]!) < SMALLEST_PIVOT * largest + Number.MIN_VALUE)
      a[pivot] = SMALLEST_PIVOT * largest + Number.MIN_VALUE;
    for (let row = column + 1; row < size; row++) eliminate(a, b, size, row, column);
  }
  for (let row = size - 1; row >= 0; row--) {
    let re = b[2 * row]!;
    let im = b[2 * row + 1]!;
    for (let column = row + 1; column < size; column++) {
      const at = 2 * (row * size + column);
      re -= a[at]! * b[2 * column]! - a[at + 1]! * b[2 * column + 1]!;
      im -= a[at]! * b[2 * column + 1]! + a[at + 1]! * b[2 * column]!;
    }
    const pivot = 2 * (row * size + row);
    const power = a[pivot]! ** 2 + a[pivot + 1]! ** 2;
    b[2 * row] = (re * a[pivot]! + im * a[pivot + 1]!) / power;
    b[2 * row + 1] = (im * a[pivot]! - re * a[pivot + 1]!) / power;
  }
}

/**
 * Inverts a matrix, column by column.
 * @param matrix [2 * size * size]
 * @param inverse [2 * size * size] overwritten
 */
export function invertComplex(matrix: Float64Array, inverse: Float64Array, size: number): void {
  const work = new Float64Array(matrix.length);
  const column = new Float64Array(2 * size);
  for (let index = 0; index < size; index++) {
    work.set(matrix);
    column.fill(0);
    column[2 * index] = 1;
    solveComplex(work, column, size);
    for (let row = 0; row < size; row++) {
      inverse[2 * (row * size + index)] = column[2 * row]!;
      inverse[2 * (row * size + index) + 1] = column[2 * row + 1]!;
    }
  }
}

/** Exchanges rows so that the largest element of the column, from the diagonal down, is on the diagonal. */
function movePivot(a: Float64Array, b: Float64Array, size: number, column: number): void {
  let best = column;
  let largest = -1;
  for (let row = column; row < size; row++) {
    const at = 2 * (row * size + column);
    const magnitude = Math.hypot(a[at]!, a[at + 1]!);
    if (magnitude <= largest) continue;
    largest = magnitude;
    best = row;
  }
  if (best === column) return;
  for (let n = 0; n < 2 * size; n++) exchange(a, 2 * best * size + n, 2 * column * size + n);
  exchange(b, 2 * best, 2 * column);
  exchange(b, 2 * best + 1, 2 * column + 1);
}

function exchange(values: Float64Array, first: number, second: number): void {
  const kept = values[first]!;
  values[first] = values[second]!;
  values[second] = kept;
}

/** Subtracts a multiple of the pivot's row, so that the row has a 0 in its column. */
function eliminate(a: Float64Array, b: Float64Array, size: number, row: number, column: number): void {
  const pivot = 2 * (column * size + column);
  const at = 2 * (row * size + column);
  const power = a[pivot]! ** 2 + a[pivot + 1]! ** 2;
  const re = (a[at]! * a[pivot]! + a[at + 1]! * a[pivot + 1]!) / power;
  const im = (a[at + 1]! * a[pivot]! - a[at]! * a[pivot + 1]!) / power;
  for (let other = column; other < size; other++) {
    const from = 2 * (column * size + other);
    const to = 2 * (row * size + other);
    a[to]! -= re * a[from]! - im * a[from + 1]!;
    a[to + 1]! -= re * a[from + 1]! + im * a[from]!;
  }
  b[2 * row]! -= re * b[2 * column]! - im * b[2 * column + 1]!;
  b[2 * row + 1]! -= re * b[2 * column + 1]! + im * b[2 * column]!;
}
