import { mergedBinEdges } from '../core/bandEdges.ts';
import type { Hertz } from '../core/units.ts';

/**
 * Bins merged into bands for the solver: single bins at low frequencies, where voices have separate harmonics, wider bands with less
 * weight above. The mask is still computed for every bin.
 */
export interface FrequencyBands {
  /** [bands + 1] first bin of each band, then the number of bins */
  readonly edges: Int32Array;
  /** [bands] factor on the sum of a band's bins */
  readonly weights: Float32Array;
}

/** Largest width of a band relative to its frequency; a band has at least one bin. */
const RELATIVE_BANDWIDTH = 0.02;

/**
 * Weights fall with this power of frequency. The divergence weighs all bins equally, although low frequencies matter most for hearing a
 * voice: an exponent of 0.3 gains 0.1 dB SI-SDR in the mean over pairs of speakers, 0.4 dB in the median.
 */
const WEIGHT_EXPONENT = 0.3;
/** Weights are nearly flat below this frequency, where speech has no energy. */
const FLAT_BELOW_HERTZ: Hertz = 125;

/** @param bins number of bins from 0 Hz up, `binHertz` apart */
export function mergeBins(bins: number, binHertz: Hertz): FrequencyBands {
  const edges = mergedBinEdges(bins, RELATIVE_BANDWIDTH);
  const weights = new Float32Array(edges.length - 1);
  for (let band = 0; band < weights.length; band++)
    weights[band] = (1 + (edges[band]! * binHertz) / FLAT_BELOW_HERTZ) ** -WEIGHT_EXPONENT;
  return { edges, weights };
}

/**
 * Computes the weighted sum of each band's bins, row by row.
 * @param values [rows x bins]
 * @param bands [rows x bands] overwritten; may be longer
 * @thread audio. Allocates nothing.
 */
export function sumIntoBands(
  values: Float32Array,
  { edges, weights }: FrequencyBands,
  bands: Float32Array,
  rows = 1,
): void {
  const bandCount = edges.length - 1;
  const bins = edges[bandCount]!;
  for (let row = 0; row < rows; row++) {
    for (let band = 0; band < bandCount; band++) {
      let sum = 0;
      for (let bin = edges[band]!; bin < edges[band + 1]!; bin++) sum += values[row * bins + bin]!;
      bands[row * bandCount + band] = sum * weights[band]!;
    }
  }
}
