import { mergedBinEdges } from '../core/bandEdges.ts';
import { loudness } from './loudness.ts';
import type { MixtureFrames } from './MixtureFrames.ts';
import type { MaskTargets } from './maskGradients.ts';

/** Largest width of a band relative to its frequency, as in the solver. */
const RELATIVE_BANDWIDTH = 0.02;
/** Every n-th bin, of all frames, is enough for the mean loudness. No multiple of it is a number of bins, so it hits all of them. */
const SCALE_STEP = 7;

/**
 * Mask targets of mixture frames in merged bands. Where models are constant within a band, their error is that of the bins but for a
 * constant: a target is the mean of the bins' targets by the weights of their errors, its weight their sum.
 */
export class BandTargets implements MaskTargets {
  /** [bands + 1] first bin of each band, then the number of bins */
  readonly edges: Int32Array;
  readonly bands: number;
  /** [speakers] of [mixtures x bands] */
  readonly targets: readonly Uint8Array[];
  /** [mixtures x bands] */
  readonly weights: Float32Array;

  private readonly mixtures: MixtureFrames;
  /** 1 / the mean power of a bin. */
  private powerScale = 0;
  /** 1 / the mean loudness of a bin. */
  private loudnessScale = 0;

  constructor(mixtures: MixtureFrames) {
    this.mixtures = mixtures;
    this.edges = mergedBinEdges(mixtures.bins, RELATIVE_BANDWIDTH);
    this.bands = this.edges.length - 1;
    this.targets = mixtures.targets.map(() => new Uint8Array(mixtures.count * this.bands));
    this.weights = new Float32Array(mixtures.count * this.bands);
  }

  /** Merges all frames. Errors are weighted half by power, half by loudness; the weight of a bin is about 2. */
  mergeAll(): void {
    this.measureScales();
    for (let frame = 0; frame < this.mixtures.count; frame++) this.merge(frame);
  }

  private measureScales(): void {
    const { powers } = this.mixtures;
    let power = 0;
    for (let index = 0; index < powers.length; index++) power += powers[index]!;
    this.powerScale = powers.length / power;
    let loudnesses = 0;
    for (let index = 0; index < powers.length; index += SCALE_STEP)
      loudnesses += loudness(powers[index]! * this.powerScale);
    this.loudnessScale = Math.ceil(powers.length / SCALE_STEP) / loudnesses;
  }

  private merge(frame: number): void {
    const { edges, bands, targets, weights, mixtures, powerScale, loudnessScale } = this;
    const bin0 = frame * mixtures.bins;
    const sums = new Float64Array(targets.length);
    for (let band = 0; band < bands; band++) {
      let total = 0;
      sums.fill(0);
      for (let index = bin0 + edges[band]!; index < bin0 + edges[band + 1]!; index++) {
        const power = mixtures.powers[index]! * powerScale;
        const weight = power + loudnessScale * loudness(power);
        total += weight;
        for (let s = 0; s < sums.length; s++) sums[s]! += weight * mixtures.targets[s]![index]!;
      }
      weights[frame * bands + band] = total;
      for (let s = 0; s < sums.length; s++) targets[s]![frame * bands + band] = Math.round(sums[s]! / total);
    }
  }

  /** @returns [rows x bands] means of the bins of each band @param values [rows x bins] */
  meansOfBins(values: Float32Array): Float32Array {
    const { edges, bands } = this;
    const { bins } = this.mixtures;
    return Float32Array.from({ length: (values.length / bins) * bands }, (_, index) => {
      const row = Math.floor(index / bands) * bins;
      const first = edges[index % bands]!;
      const end = edges[(index % bands) + 1]!;
      let sum = 0;
      for (let bin = first; bin < end; bin++) sum += values[row + bin]!;
      return sum / (end - first);
    });
  }
}
