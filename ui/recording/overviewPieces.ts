import type { Seconds } from '../../engine/core/units.ts';
import type { RecordingOverviewFacts } from '../../host/protocol/recordingState.ts';
import type { OverviewPart } from '../link/RecordingFiles.ts';
import { levelFor, type OverviewTiles, TILE_COLUMNS } from './OverviewTiles.ts';
import { spanSeconds, type TimeView } from './TimeView.ts';

/** Columns of a part of the overview, and the stretch of time that they cover. */
export interface OverviewPiece {
  readonly part: OverviewPart;
  readonly fromColumn: number;
  readonly columns: number;
  readonly startSeconds: Seconds;
  readonly endSeconds: Seconds;
}

/**
 * The overview of a view, at the level that fits its zoom. Where a tile has not been loaded, it is requested, and a coarser one that
 * is at hand stands in for it.
 */
export function overviewPieces(
  tiles: Pick<OverviewTiles, 'tile' | 'keptTile'>,
  { columnsPerSecond, levels }: RecordingOverviewFacts,
  view: TimeView,
): readonly OverviewPiece[] {
  const level = levelFor(columnsPerSecond, levels.length, view.secondsPerPixel);
  const tileSeconds = (TILE_COLUMNS * 2 ** level) / columnsPerSecond;
  const first = Math.max(0, Math.floor(view.startSeconds / tileSeconds));
  const last = Math.floor((view.startSeconds + spanSeconds(view)) / tileSeconds);
  const pieces: OverviewPiece[] = [];
  for (let index = first; index <= last; index++) {
    const part = tiles.tile(level, index);
    const found = part === null ? coarserPiece(tiles, levels.length, level, index) : { part, fromColumn: 0, steps: 0 };
    if (found === null) continue;
    const columns = Math.min(TILE_COLUMNS / 2 ** found.steps, found.part.columns - found.fromColumn);
    const startSeconds = index * tileSeconds;
    const endSeconds = startSeconds + (columns * 2 ** (level + found.steps)) / columnsPerSecond;
    if (columns > 0) pieces.push({ part: found.part, fromColumn: found.fromColumn, columns, startSeconds, endSeconds });
  }
  return pieces;
}

/** Levels above a missing tile that are looked at. */
const COARSER_STEPS = 6;

function coarserPiece(tiles: Pick<OverviewTiles, 'keptTile'>, levels: number, level: number, index: number) {
  for (let steps = 1; steps <= COARSER_STEPS && level + steps < levels; steps++) {
    const part = tiles.keptTile(level + steps, index >> steps);
    if (part !== null) return { part, fromColumn: (index % 2 ** steps) * (TILE_COLUMNS / 2 ** steps), steps };
  }
  return null;
}

/**
 * Envelope between two positions of a part: between columns it is interpolated, over several their extremes.
 * @param from, to columns of the part, fractions included
 * @returns minimum and maximum, -1 to 1, in `range`
 */
export function peaksBetween({ peaks, columns }: OverviewPart, from: number, to: number, range: Float32Array): void {
  if (to - from < 1) {
    const position = Math.min(columns - 1, Math.max(0, (from + to) / 2 - 0.5));
    const [column, share] = [Math.floor(position), position % 1];
    const next = Math.min(columns - 1, column + 1);
    range[0] = (peaks[2 * column]! * (1 - share) + peaks[2 * next]! * share) / 127;
    range[1] = (peaks[2 * column + 1]! * (1 - share) + peaks[2 * next + 1]! * share) / 127;
    return;
  }
  let [low, high] = [127, -127];
  const end = Math.min(columns, Math.ceil(to));
  for (let column = Math.max(0, Math.floor(from)); column < end; column++) {
    low = Math.min(low, peaks[2 * column]!);
    high = Math.max(high, peaks[2 * column + 1]!);
  }
  range[0] = Math.min(low, high) / 127;
  range[1] = high / 127;
}
