import { displayWidth } from './displayWidth.ts';

export type ColumnAlignment = 'left' | 'right';

/** First column left, all others right: names in front of numbers. */
const NAME_AND_NUMBERS: readonly ColumnAlignment[] = ['left', 'right'];

/**
 * Pads cells to columns for a monospaced terminal, two spaces apart.
 * @param rows the header, if any, is the first of them
 * @param alignments one for each column; the last one applies to all further columns
 * @returns one line for each row, without trailing spaces
 */
export function textTable(
  rows: readonly (readonly string[])[],
  alignments: readonly ColumnAlignment[] = NAME_AND_NUMBERS,
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
  }
  const pad = (cell: string, column: number) => {
    const spaces = ' '.repeat((widths[column] ?? 0) - displayWidth(cell));
    return (alignments[column] ?? alignments.at(-1)) === 'right' ? spaces + cell : cell + spaces;
  };
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}
