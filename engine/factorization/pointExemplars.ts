import type { Random } from '../core/Random.ts';
import type { CoordinateRows } from './CoordinateRows.ts';
import { klDivergence } from './divergence.ts';

/** Grid on which spectra of instants are compared; templates start from all points of a time slice. */
const SLICES = 200;
const BANDS = 64;
/** Fraction of the slices, the softest, that is skipped as pauses and decays. */
const SOFT_SHARE = 0.5;
const SPECTRUM_FLOOR = 1e-6;

/**
 * Initial templates: spectra of loud instants that differ from each other, drawn by k-means++ (Arthur and Vassilvitskii 2007) with the
 * Kullback-Leibler divergence between coarse spectra.
 * @returns [frequency rows x rank]
 */
export function pointExemplars(
  magnitudes: Float32Array,
  frequency: CoordinateRows,
  time: CoordinateRows,
  rank: number,
  random: Random,
): Float32Array {
  const sliceOf = slots(time, SLICES);
  const bandOf = slots(frequency, BANDS);
  const coarse = coarseSpectra(magnitudes, frequency.rowOf, time.rowOf, bandOf, sliceOf);
  const chosen = diverseSlices(coarse, rank, random);
  const sums = new Float32Array(frequency.rows * rank);
  const counts = new Float32Array(frequency.rows * rank);
  for (let point = 0; point < magnitudes.length; point++) {
    const row = frequency.rowOf[point]!;
    const slice = sliceOf[time.rowOf[point]!]!;
    for (let k = 0; k < rank; k++) {
      if (chosen[k] !== slice) continue;
      sums[row * rank + k]! += magnitudes[point]!;
      counts[row * rank + k]!++;
    }
  }
  // A row without points in the chosen slice takes the value of the slice's coarse spectrum, varied at random.
  return sums.map((sum, index) => {
    if (counts[index]! > 0) return sum / counts[index]! + SPECTRUM_FLOOR;
    const slice = chosen[index % rank]!;
    return coarse[slice]![bandOf[Math.floor(index / rank)]!]! * random.between(0.75, 1.25) + SPECTRUM_FLOOR;
  });
}

/** Slot of each row when the range of the rows is divided into `count` even slots. */
function slots({ coordinates }: CoordinateRows, count: number): Int32Array {
  const start = coordinates[0] ?? 0;
  const range = (coordinates.at(-1) ?? 0) - start || 1;
  return Int32Array.from(coordinates, (coordinate) =>
    Math.min(count - 1, Math.floor(((coordinate - start) / range) * count)),
  );
}

/** [slices][bands] mean magnitudes; a cell without points takes the mean of its slice. */
function coarseSpectra(
  magnitudes: Float32Array,
  frequencyRow: Int32Array,
  timeRow: Int32Array,
  bandOf: Int32Array,
  sliceOf: Int32Array,
): Float64Array[] {
  const sums = Array.from({ length: SLICES }, () => new Float64Array(BANDS));
  const counts = Array.from({ length: SLICES }, () => new Float64Array(BANDS));
  for (let point = 0; point < magnitudes.length; point++) {
    const slice = sliceOf[timeRow[point]!]!;
    const band = bandOf[frequencyRow[point]!]!;
    sums[slice]![band]! += magnitudes[point]!;
    counts[slice]![band]!++;
  }
  return sums.map((row, slice) => {
    const points = counts[slice]!.reduce((sum, count) => sum + count, 0);
    const mean = points > 0 ? row.reduce((sum, value) => sum + value, 0) / points : 0;
    return row.map((sum, band) => (counts[slice]![band]! > 0 ? sum / counts[slice]![band]! : mean));
  });
}

/** [rank] slices whose spectra serve as templates. */
function diverseSlices(coarse: readonly Float64Array[], rank: number, random: Random): number[] {
  const levels = coarse.map((row) => row.reduce((sum, value) => sum + value, 0));
  const filled = levels.filter((level) => level > 0).toSorted((first, second) => first - second);
  const threshold = filled[Math.floor(SOFT_SHARE * filled.length)] ?? 0;
  const loud = Array.from(levels.keys()).filter((slice) => levels[slice]! > 0 && levels[slice]! >= threshold);
  if (loud.length === 0) return new Array(rank).fill(0);
  const shapes = loud.map((slice) => coarse[slice]!.map((value) => value / levels[slice]! + SPECTRUM_FLOOR));
  const distances = new Float64Array(loud.length).fill(Number.POSITIVE_INFINITY);
  let next = random.integer(loud.length);
  return Array.from({ length: rank }, () => {
    const chosen = next;
    const weights = shapes.map((shape, index) => {
      distances[index] = Math.min(distances[index]!, klDivergence(shape, shapes[chosen]!));
      return distances[index]! * levels[loud[index]!]!;
    });
    let rest = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
    const found = weights.findIndex((weight) => {
      rest -= weight;
      return rest < 0;
    });
    next = found < 0 ? random.integer(loud.length) : found;
    return loud[chosen]!;
  });
}
