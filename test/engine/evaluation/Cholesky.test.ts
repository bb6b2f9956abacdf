import { describe, expect, it } from 'vitest';
import { Cholesky } from '../../../engine/evaluation/Cholesky.ts';
import { noise } from './goldenSignals.ts';

/** B B' for a random [size x rank] matrix B. */
function gram(size: number, rank: number): Float64Array {
  const values = noise(size, size * rank);
  return Float64Array.from({ length: size * size }, (_, at) => {
    const row = Math.floor(at / size) * rank;
    const column = (at % size) * rank;
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += values[row + k]! * values[column + k]!;
    return sum;
  });
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  return vector.map((_, row) =>
    vector.reduce((sum, value, column) => sum + matrix[row * vector.length + column]! * value, 0),
  );
}

describe('Cholesky', () => {
  it.each([
    [1, 1],
    [3, 3],
    [4, 4],
    [7, 7],
    [130, 130],
    [20, 5],
    [33, 1],
  ])('solves %i equations of rank %i', (size, rank) => {
    const matrix = gram(size, rank);
    const expected = multiply(matrix, noise(77, size));
    const solution = expected.slice();
    new Cholesky(matrix.slice(), size).solve(solution);
    const explained = multiply(matrix, solution);
    for (let row = 0; row < size; row++) expect(explained[row]).toBeCloseTo(expected[row]!, 8);
  });

  it('reads only the lower triangle', () => {
    const solution = Float64Array.of(8, 7);
    new Cholesky(Float64Array.of(4, Number.NaN, 2, 3), 2).solve(solution);
    expect(solution[0]).toBeCloseTo(1.25, 12);
    expect(solution[1]).toBeCloseTo(1.5, 12);
  });
});
