import type { Hertz } from '../core/units.ts';
import { bandsOfBins, outputEdges } from '../network/MaskNetwork.ts';

/** Shares below are all alike to the network. */
const FEATURE_FLOOR = 0.01;

/** How much of each band the speakers' models alone would give each of them. @thread audio. Allocates nothing after construction. */
export class ModelShares {
  readonly bands: number;
  /** [bins] which band each lies in */
  readonly bandOfBin: Int32Array;
  /** [bands] sums of the powers of a frame that some model knows of */
  readonly powers: Float32Array;
  /** [speakers * bands] of each band, summing to 1 over the speakers */
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
   * @param powers |X|^2, one for each bin from `firstPower` on
   * @param models [speakers] of |X|^p, of which the mask takes the square, from `firstModel` on
   */
  measure(powers: Float32Array, firstPower: number, models: readonly Float32Array[], firstModel: number): void {
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
    this.divide();
  }

  /** Sums of powers become shares; bands where there is nothing are everybody's. */
  private divide(): void {
    const { bands, shares, speakers } = this;
    for (let band = 0; band < bands; band++) {
      const power = this.powers[band]!;
      for (let s = 0; s < speakers; s++) {
        const index = s * bands + band;
        shares[index] = power > 0 ? shares[index]! / power : 1 / speakers;
      }
    }
  }

  /** What the network sees of the shares. @param features [speakers * bands] from `offset` on, overwritten: about -1 to 0.5 */
  writeFeatures(features: Float32Array, offset: number): void {
    const { shares } = this;
    for (let index = 0; index < shares.length; index++)
      features[offset + index] = Math.log(shares[index]! + FEATURE_FLOOR) / 3 + 0.5;
  }
}
