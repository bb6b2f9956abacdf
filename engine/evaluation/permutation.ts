/**
 * Which row belongs to which column so that the sum of the scores is highest. Tries all: eight sources have 40,320 orders.
 * @param scores [rows][columns] square, finite
 * @returns [columns] row of each column; the first in lexical order among equals
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
    for (let row = 0; row < scores.length; row++) {
      if (!rows.includes(row)) search([...rows, row], score + scores[row]![column]!);
    }
  };
  search([], 0);
  return best;
}
