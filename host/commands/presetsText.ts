import { cutToWidth } from '../files/displayWidth.ts';
import { textTable } from '../files/textTable.ts';

/** What `unmingle presets list` states about a preset. */
export interface ListedPreset {
  readonly name: string;
  readonly origin: string;
  /** A bundled voice that the user has probably never heard. */
  readonly isStranger: boolean;
  readonly isDamaged: boolean;
  readonly details: string;
}

/** Columns that are left to origin and details beside the longest name. */
const DETAILS_COLUMNS = 32;

/**
 * One line for each preset; strangers share one, after the others.
 * @param columns of the terminal: longer lines are cut, except those of damaged presets; null: no line is cut
 * @param isComplete whether strangers have lines of their own
 */
export function presetsText(presets: readonly ListedPreset[], columns: number | null, isComplete: boolean): string {
  const strangers = presets.filter(({ isStranger }) => isStranger);
  const isFolded = !isComplete && strangers.length > 1;
  const shown = isFolded ? presets.filter(({ isStranger }) => !isStranger) : presets;
  const nameColumns = columns === null ? Number.POSITIVE_INFINITY : Math.max(columns - DETAILS_COLUMNS, 16);
  const rows = shown.map(({ name, origin, details }) => [cutToWidth(name, nameColumns), origin, details]);
  const lines = textTable(rows, ['left']).map((line, index) =>
    columns === null || shown[index]?.isDamaged === true ? line : cutToWidth(line, columns),
  );
  if (isFolded) lines.push(`and ${strangers.length} bundled voices of strangers: unmingle presets list --all`);
  return lines.join('\n');
}
