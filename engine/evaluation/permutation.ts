/**
 * Finds the assignment of rows to columns with the highest sum of scores by exhaustive search: eight sources have 40,320 permutations.
 * @param scores [rows][columns] square, finite
 * @returns [columns] row assigned to each column; among equal sums the first in lexical order
 */
export function bestPermutation(scores: readonly (readonly number[])[]): number[] {
  let best: number[] = [];
  let bestScore = Number.NEGATIVE_INFINITY;
  const search = (rows: readonly number[], score: number): void => {
    const column = rows.length;
    if (column === scores.length) {
      if (score > bestScore) {
        best = [...rows];
        bestScore = score;
      }
      return;
    }
    for (const [row, rowScores] of scores.entries()) {
      if (!rows.includes(row)) search([...rows, row], score + (rowScores[column] ?? 0));
    }
  };
  search([], 0);
  return best;
}
