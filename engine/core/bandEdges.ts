/**
 * Groups bins into bands whose width grows with frequency: single bins where the harmonics of voices are resolved, wider bands above.
 * @param bins number of bins, from 0 Hz up
 * @param relativeBandwidth maximum width of a band as a fraction of its first bin; no band is narrower than one bin
 * @returns [bands + 1] first bin of each band, then the number of bins
 */
export function bandEdges(bins: number, relativeBandwidth: number): Int32Array {
  const edges = [0];
  for (let first = 0; first < bins; edges.push(first)) {
    first = Math.min(bins, first + Math.max(1, Math.floor(first * relativeBandwidth)));
  }
  return Int32Array.from(edges);
}
