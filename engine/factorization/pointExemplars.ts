import type { Random } from '../core/Random.ts';
import type { CoordinateRows } from './CoordinateRows.ts';
import { klDivergence } from './divergence.ts';

/** Time slices and frequency bands of the grid on which spectra are compared. Templates start from all points of a slice. */
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
    const band = bandOf[Math.floor(index / rank)]!;
    return coarse[slice * BANDS + band]! * random.between(0.75, 1.25) + SPECTRUM_FLOOR;
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

/** @returns [SLICES x BANDS] mean magnitudes; a cell without points has the mean of its slice */
function coarseSpectra(
  magnitudes: Float32Array,
  frequencyRow: Int32Array,
  timeRow: Int32Array,
  bandOf: Int32Array,
  sliceOf: Int32Array,
): Float64Array {
  const sums = new Float64Array(SLICES * BANDS);
  const counts = new Float64Array(SLICES * BANDS);
  for (let point = 0; point < magnitudes.length; point++) {
    const cell = sliceOf[timeRow[point]!]! * BANDS + bandOf[frequencyRow[point]!]!;
    sums[cell]! += magnitudes[point]!;
    counts[cell]!++;
  }
  const means = Float64Array.from({ length: SLICES }, (_, slice) => {
    const points = sumOf(rowOf(counts, slice));
    return points > 0 ? sumOf(rowOf(sums, slice)) / points : 0;
  });
  return sums.map((sum, cell) => (counts[cell]! > 0 ? sum / counts[cell]! : means[Math.floor(cell / BANDS)]!));
}

/** @returns [rank] slices whose spectra become templates */
function diverseSlices(coarse: Float64Array, rank: number, random: Random): number[] {
  const slices = Array.from({ length: SLICES }, (_, slice) => {
    const spectrum = rowOf(coarse, slice);
    return { slice, spectrum, level: sumOf(spectrum) };
  });
  const filled = slices.map(({ level }) => level).filter((level) => level > 0);
  const threshold = filled.toSorted((first, second) => first - second)[Math.floor(SOFT_SHARE * filled.length)] ?? 0;
  const loud = slices
    .filter(({ level }) => level > 0 && level >= threshold)
    .map(({ slice, spectrum, level }) => ({
      slice,
      level,
      shape: spectrum.map((value) => value / level + SPECTRUM_FLOOR),
    }));
  if (loud.length === 0) return new Array(rank).fill(0);
  const distances = new Float64Array(loud.length).fill(Number.POSITIVE_INFINITY);
  let next = random.integer(loud.length);
  return Array.from({ length: rank }, () => {
    const chosen = loud[next]!;
    const weights = loud.map(({ shape, level }, index) => {
      distances[index] = Math.min(distances[index]!, klDivergence(shape, chosen.shape));
      return distances[index]! * level;
    });
    let rest = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
    const found = weights.findIndex((weight) => {
      rest -= weight;
      return rest < 0;
    });
    next = found < 0 ? random.integer(loud.length) : found;
    return chosen.slice;
  });
}

/** One row of a matrix [SLICES x BANDS]. */
function rowOf(matrix: Float64Array, slice: number): Float64Array {
  return matrix.subarray(slice * BANDS, (slice + 1) * BANDS);
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
