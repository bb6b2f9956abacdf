import type { Hertz } from '../core/units.ts';
import { inputEdges } from './networkBands.ts';

/** Power of a band relative to the mean of all bands below which it counts as silent. */
const FEATURE_FLOOR = 1e-4;

/**
 * Converts the power spectrum of a frame into input features of a mask network: logarithmic band powers, independent of the level.
 * Allocates nothing after construction.
 */
export class BandFeatures {
  /** Number of features, one per input band. */
  readonly count: number;
  /** [count] first bin of each band; bands narrower than a bin share one */
  private readonly firstBins: Int32Array;
  /** [count] */
  private readonly endBins: Int32Array;

  constructor(bandwidthHertz: Hertz, bins: number, binHertz: Hertz) {
    const edgesHertz = inputEdges(bandwidthHertz);
    this.count = edgesHertz.length - 1;
    const clamped = (bin: number) => Math.min(bins - 1, Math.max(0, bin));
    this.firstBins = new Int32Array(this.count);
    this.endBins = new Int32Array(this.count);
    for (let band = 0; band < this.count; band++) {
      const first = Math.ceil(edgesHertz[band]! / binHertz - 1e-6);
      const end = Math.ceil(edgesHertz[band + 1]! / binHertz - 1e-6);
      const middle = Math.round((edgesHertz[band]! + edgesHertz[band + 1]!) / (2 * binHertz));
      this.firstBins[band] = clamped(end > first ? first : middle);
      this.endBins[band] = Math.max(this.firstBins[band]! + 1, Math.min(bins, end));
    }
  }

  /**
   * @param powers |X|^2 at any level, one per bin from `offset` on
   * @param result [count] overwritten; about -2 to 3
   */
  write(powers: Float32Array, offset: number, result: Float32Array): void {
    let total = 0;
    for (let band = 0; band < this.count; band++) {
      const first = this.firstBins[band]!;
      const end = this.endBins[band]!;
      let power = 0;
      for (let bin = first; bin < end; bin++) power += powers[offset + bin]!;
      result[band] = power / (end - first);
      total += result[band]!;
    }
    const mean = Math.max(1e-30, total / this.count);
    for (let band = 0; band < this.count; band++) result[band] = Math.log(result[band]! / mean + FEATURE_FLOOR) / 3 + 1;
  }
}
