import type { Hertz } from '../core/units.ts';
import { bandsOfBins, outputEdges } from '../network/networkBands.ts';

/** Floor of shares in the network's features: smaller shares are equivalent. */
const FEATURE_FLOOR = 0.01;

/**
 * Share of each speaker in the power of each band, by the Wiener mask of the speakers' models alone.
 * @thread audio, except the constructor. Allocates nothing after construction.
 */
export class ModelShares {
  readonly bands: number;
  /** [bins] band of each bin */
  readonly bandOfBin: Int32Array;
  /** [bands] power of the frame, summed over the bins where some model is above 0 */
  readonly powers: Float32Array;
  /** [speakers * bands] shares, which sum to 1 over the speakers */
  readonly shares: Float32Array;

  private readonly speakers: number;

  constructor(speakers: number, bandwidthHertz: Hertz, bins: number, binHertz: Hertz) {
    const edgesHertz = outputEdges(bandwidthHertz);
    this.speakers = speakers;
    this.bands = edgesHertz.length - 1;
    this.bandOfBin = bandsOfBins(edgesHertz, bins, binHertz);
    this.powers = new Float32Array(this.bands);
    this.shares = new Float32Array(speakers * this.bands);
  }

  /**
   * Computes `powers` and `shares` of one frame.
   * @param powers |X|^2, one per bin from `firstPower` on
   * @param models [speakers] models of |X|^p, one value per bin from `firstModel` on; the mask uses their squares
   */
  compute(powers: Float32Array, firstPower: number, models: readonly Float32Array[], firstModel: number): void {
    const { bandOfBin, bands, shares } = this;
    this.powers.fill(0);
    shares.fill(0);
    for (let bin = 0; bin < bandOfBin.length; bin++) {
      const model = firstModel + bin;
      let sum = 0;
      for (let s = 0; s < models.length; s++) sum += models[s]![model]! * models[s]![model]!;
      if (!(sum > 0)) continue;
      const power = powers[firstPower + bin]!;
      const band = bandOfBin[bin]!;
      this.powers[band]! += power;
      for (let s = 0; s < models.length; s++)
        shares[s * bands + band]! += (power * models[s]![model]! * models[s]![model]!) / sum;
    }
    this.normalize();
  }

  /** Divides summed powers by their total; bands without power are shared equally. */
  private normalize(): void {
    const { bands, shares, speakers } = this;
    for (let band = 0; band < bands; band++) {
      const power = this.powers[band]!;
      for (let s = 0; s < speakers; s++) {
        const index = s * bands + band;
        shares[index] = power > 0 ? shares[index]! / power : 1 / speakers;
      }
    }
  }

  /** Writes the shares as features of the mask network. @param features [speakers * bands] overwritten from `offset` on; about -1 to 0.5 */
  writeFeatures(features: Float32Array, offset: number): void {
    const { shares } = this;
    for (let index = 0; index < shares.length; index++)
      features[offset + index] = Math.log(shares[index]! + FEATURE_FLOOR) / 3 + 0.5;
  }
}
