/**
 * First bin of each band, then the number of bins: [bands + 1]. The solver works on bins merged into bands of growing width, single
 * bins where voices have separate harmonics and wider bands above; the mask is still made for every bin.
 */
export type BandEdges = Int32Array;

/** A band is at most this part of its frequency wide, but at least one bin. */
const RELATIVE_BANDWIDTH = 0.02;

/** @param bins number of bins from 0 Hz up */
export function bandEdges(bins: number, relativeBandwidth = RELATIVE_BANDWIDTH): BandEdges {
  const edges = [0];
  for (let first = 0; first < bins; edges.push(first)) {
    first = Math.min(bins, first + Math.max(1, Math.floor(first * relativeBandwidth)));
  }
  return Int32Array.from(edges);
}

/**
 * Sums the bins of each band, row by row.
 * @param values [rows x bins]
 * @param bands [rows x bands], overwritten; it may be longer
 * @thread audio. Allocates nothing.
 */
export function sumIntoBands(values: Float32Array, edges: BandEdges, bands: Float32Array, rows = 1): void {
  const bandCount = edges.length - 1;
  const bins = edges[bandCount]!;
  for (let row = 0; row < rows; row++) {
    for (let band = 0; band < bandCount; band++) {
      let sum = 0;
      for (let bin = edges[band]!; bin < edges[band + 1]!; bin++) sum += values[row * bins + bin]!;
      bands[row * bandCount + band] = sum;
    }
  }
}
