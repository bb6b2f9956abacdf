import type { Hertz, Samples } from '../core/units.ts';
import type { TimeFrequencyPoints } from '../transform/TimeFrequencyPoints.ts';
import { MAGNITUDE_EXPONENT, type Spectra } from './spectra.ts';

/** Weight up to which a cell counts as empty. */
const EMPTY = 1e-9;

/**
 * Resamples the points of any transform to the grid of an STFT. Each cell is the mean of |X|^p of the points around it, weighted by their
 * areas and triangular functions of time and frequency. Empty cells are interpolated across the gap in time or in frequency, whichever
 * has fewer cells; beyond the outermost points the nearest value is repeated.
 */
export function pointSpectra(
  points: TimeFrequencyPoints,
  signalSamples: Samples,
  sampleRateHertz: Hertz,
  windowSamples: Samples,
): Spectra {
  const hopSamples = windowSamples / 2;
  const bins = windowSamples / 2 + 1;
  const frames = Math.max(0, Math.floor(signalSamples / hopSamples) - 1);
  const sums = new Float32Array(frames * bins);
  const weights = new Float32Array(frames * bins);
  for (let index = 0; index < points.magnitudes.length; index++) {
    // Frame f is centred at (f + 1) hops.
    const time = (points.timesSeconds[index]! * sampleRateHertz) / hopSamples - 1;
    const frequency = (points.frequenciesHertz[index]! * windowSamples) / sampleRateHertz;
    const value = points.magnitudes[index]! ** MAGNITUDE_EXPONENT;
    for (let frame = Math.floor(time); frame <= Math.floor(time) + 1; frame++) {
      if (frame < 0 || frame >= frames) continue;
      for (let bin = Math.floor(frequency); bin <= Math.floor(frequency) + 1 && bin < bins; bin++) {
        const weight = (1 - Math.abs(time - frame)) * (1 - Math.abs(frequency - bin)) * points.areas[index]!;
        sums[frame * bins + bin]! += weight * value;
        weights[frame * bins + bin]! += weight;
      }
    }
  }
  const values = sums.map((sum, cell) => (weights[cell]! > EMPTY ? sum / weights[cell]! : Number.NaN));
  return { windowSamples, frames, bins, values: fillGaps(values, frames, bins) };
}

/** @param values [frames x bins], NaN for empty cells */
function fillGaps(values: Float32Array, frames: number, bins: number): Float32Array {
  const filled = values.slice();
  const gaps = new Float64Array(values.length).fill(Number.POSITIVE_INFINITY);
  for (let bin = 0; bin < bins; bin++) fillLine(values, filled, gaps, bin, bins, frames);
  for (let frame = 0; frame < frames; frame++) fillLine(values, filled, gaps, frame * bins, 1, bins);
  // Cells whose row and column are both empty.
  return filled.map((value) => (Number.isNaN(value) ? 0 : value));
}

/** Interpolates the gaps of one row or column that are shorter than the gaps from which their cells were filled before. */
function fillLine(
  values: Float32Array,
  filled: Float32Array,
  gaps: Float64Array,
  first: number,
  stride: number,
  length: number,
): void {
  let before = -1;
  for (let at = 0; at <= length; at++) {
    const isKnown = at < length && !Number.isNaN(values[first + at * stride]!);
    if (at < length && !isKnown) continue;
    const hasBoth = before >= 0 && at < length;
    // Extrapolation counts as the longest gap: it is used only if the other direction offers no interpolation.
    const gap = hasBoth ? at - before : values.length;
    const low = before >= 0 ? values[first + before * stride]! : values[first + at * stride];
    const high = at < length ? values[first + at * stride]! : low;
    if (low !== undefined && high !== undefined && !Number.isNaN(low)) {
      for (let inner = before + 1; inner < at; inner++) {
        const cell = first + inner * stride;
        if (gap >= gaps[cell]!) continue;
        gaps[cell] = gap;
        filled[cell] = low + ((high - low) * (inner - before)) / (at - before);
      }
    }
    before = at;
  }
}
