/** How the widths of frequency bands grow: constant at low frequencies, proportional to frequency above. In bins or hertz. */
export interface BandSpacing {
  /** Smallest width of a band. */
  readonly smallest: number;
  /** Width of a band relative to its lower edge, where that is wider than `smallest`. */
  readonly relative: number;
  /** Rounding of widths, for edges that must be integers. @default none */
  readonly round?: (width: number) => number;
}

/**
 * Edges of adjacent bands from 0 up.
 * @param end end of the last band, which may be narrower than `spacing` says
 * @returns [bands + 1] rising from 0 to `end`
 */
export function bandEdges(end: number, spacing: BandSpacing): number[] {
  return bandEdgesBeyond(end, spacing).map((edge) => Math.min(end, edge));
}

/** As `bandEdges`, but the last band keeps its full width and may end beyond `end`. */
export function bandEdgesBeyond(end: number, { smallest, relative, round }: BandSpacing): number[] {
  const edges = [0];
  for (let last = 0; last < end; edges.push(last)) {
    const width = Math.max(smallest, relative * last);
    last += round === undefined ? width : round(width);
  }
  return edges;
}

/**
 * Bins merged into bands: single bins at low frequencies, where voices have separate harmonics, wider bands above.
 * @param bins number of bins from 0 Hz up
 * @param relativeBandwidth largest width of a band relative to its lower edge; a band has at least one bin
 * @returns [bands + 1] first bin of each band, then the number of bins
 */
export function mergedBinEdges(bins: number, relativeBandwidth: number): Int32Array {
  return Int32Array.from(bandEdges(bins, { smallest: 1, relative: relativeBandwidth, round: Math.floor }));
}
