import type { FrequencyRange } from '../core/FrequencyRange.ts';
import type { Decibels, Hertz } from '../core/units.ts';

/**
 * Fall of the level across an edge. Speech falls by 5 dB over the same distance; a low-pass or telephone line by 25 dB and more, down to its
 * noise.
 */
const STEP_DECIBELS: Decibels = 18;
/** Everything beyond the edge must be this far below the band. */
const BEYOND_DECIBELS: Decibels = 15;
/** The edge itself is where the level has fallen so far. */
const EDGE_DECIBELS: Decibels = 20;
/** The upper edge of what is still speech; a low-pass under it would leave nothing to separate. */
const LOWEST_EDGE_HERTZ: Hertz = 2000;
/** Band before and after an upper edge whose levels are compared, as distances from it. */
const UPPER = { nearHertz: 100, farHertz: 600, gapHertz: 300, beyondHertz: 800 } as const;
/** Search range of the lower edge of a telephone line, and the band above it. */
const LOWER = { minimumHertz: 150, maximumHertz: 450, gapHertz: 60, widthHertz: 300 } as const;

/**
 * Finds the frequencies that have sound, if a filter has removed the others: a low-pass, an earlier lower sample rate or a telephone line.
 * @param powers [bins] mean power of a recording from 0 Hz up
 * @returns null if the sound reaches up to the highest bin
 */
export function occupiedBand(powers: Float64Array, binHertz: Hertz): FrequencyRange | null {
  const levels = Float64Array.from(powers, (power) => 10 * Math.log10(power + 1e-30));
  const highHertz = upperEdge(levels, binHertz);
  return highHertz === null ? null : { lowHertz: lowerEdge(levels, binHertz), highHertz };
}

function upperEdge(levels: Float64Array, binHertz: Hertz): Hertz | null {
  const topHertz = (levels.length - 1) * binHertz;
  let largest: Decibels = STEP_DECIBELS;
  let edge: Hertz | null = null;
  for (let hertz = LOWEST_EDGE_HERTZ; hertz + UPPER.gapHertz + 2 * binHertz < topHertz; hertz += binHertz) {
    const below = mean(levels, hertz - UPPER.farHertz, hertz - UPPER.nearHertz, binHertz);
    const above = mean(levels, hertz + UPPER.gapHertz, Math.min(topHertz, hertz + UPPER.beyondHertz), binHertz);
    if (below - above <= largest || highest(levels, hertz + UPPER.gapHertz, binHertz) > below - BEYOND_DECIBELS)
      continue;
    largest = below - above;
    edge = highestAbove(levels, hertz, hertz + UPPER.gapHertz, below - EDGE_DECIBELS, binHertz);
  }
  return edge;
}

/** @returns the highest frequency in a range whose level is above `level`; its start if there is none */
function highestAbove(levels: Float64Array, fromHertz: Hertz, toHertz: Hertz, level: Decibels, binHertz: Hertz): Hertz {
  for (let bin = Math.round(toHertz / binHertz); bin * binHertz > fromHertz; bin--)
    if (levels[bin]! > level) return bin * binHertz;
  return fromHertz;
}

/** @returns 0 if the sound reaches down to the lowest bins */
function lowerEdge(levels: Float64Array, binHertz: Hertz): Hertz {
  let largest: Decibels = STEP_DECIBELS;
  let edge: Hertz = 0;
  for (let hertz: Hertz = LOWER.minimumHertz; hertz <= LOWER.maximumHertz; hertz += binHertz) {
    const above = mean(levels, hertz + LOWER.gapHertz, hertz + LOWER.gapHertz + LOWER.widthHertz, binHertz);
    const below = mean(levels, 0, hertz - LOWER.gapHertz, binHertz);
    if (above - below <= largest) continue;
    largest = above - below;
    edge = hertz;
  }
  return edge;
}

function mean(levels: Float64Array, fromHertz: Hertz, toHertz: Hertz, binHertz: Hertz): Decibels {
  const first = Math.max(0, Math.round(fromHertz / binHertz));
  const last = Math.min(levels.length - 1, Math.max(first, Math.round(toHertz / binHertz)));
  let sum = 0;
  for (let bin = first; bin <= last; bin++) sum += levels[bin]!;
  return sum / (last - first + 1);
}

/** @returns the highest level from a frequency up, of the mean of three bins */
function highest(levels: Float64Array, fromHertz: Hertz, binHertz: Hertz): Decibels {
  let result = Number.NEGATIVE_INFINITY;
  for (let bin = Math.round(fromHertz / binHertz); bin + 2 < levels.length; bin++)
    result = Math.max(result, (levels[bin]! + levels[bin + 1]! + levels[bin + 2]!) / 3);
  return result;
}
