import type { Decibels } from '../core/units.ts';

const RANGE_DECIBELS: Decibels = 60;
/** Bins in which the channels differ by more say nothing about their phase: one of them is noise. */
const PHASE_RANGE_DECIBELS: Decibels = 20;

/** Statistics of two channels over the bins of spectra: how their levels and phases differ. */
export class ChannelPair {
  readonly first: number;
  readonly second: number;
  /** Weight of the bins by level difference, 1 dB each, from -60 to 60 dB. */
  private readonly differences = new Float64Array(2 * RANGE_DECIBELS + 1);
  private inPhase = 0;
  private phaseWeight = 0;

  constructor(first: number, second: number) {
    this.first = first;
    this.second = second;
  }

  /**
   * Adds one frame.
   * @param first [2 * bins] spectrum of the first channel, interleaved real and imaginary parts
   * @param second as `first`
   * @param smallestPower bins are counted in which either channel has at least this power
   */
  add(first: Float32Array, second: Float32Array, firstBin: number, endBin: number, smallestPower: number): void {
    for (let bin = firstBin; bin < endBin; bin++) {
      const re1 = first[2 * bin]!;
      const im1 = first[2 * bin + 1]!;
      const re2 = second[2 * bin]!;
      const im2 = second[2 * bin + 1]!;
      const power1 = re1 * re1 + im1 * im1;
      const power2 = re2 * re2 + im2 * im2;
      const power = Math.max(power1, power2);
      if (!(power > smallestPower)) continue;
      const decibels = 10 * Math.log10((power1 + 1e-9 * power) / (power2 + 1e-9 * power));
      const index = Math.round(Math.min(RANGE_DECIBELS, Math.max(-RANGE_DECIBELS, decibels))) + RANGE_DECIBELS;
      this.differences[index]! += Math.sqrt(power);
      if (Math.abs(decibels) > PHASE_RANGE_DECIBELS) continue;
      this.inPhase += re1 * re2 + im1 * im2;
      this.phaseWeight += Math.sqrt(power1 * power2);
    }
  }

  /**
   * Mean cosine of the phase difference, weighted by level: 1 for equal channels, 0 for unrelated ones or a delay, -1 for opposite polarity;
   * null if the channels have nothing in common.
   */
  get phaseAgreement(): number | null {
    return this.phaseWeight > 0 ? this.inPhase / this.phaseWeight : null;
  }

  /**
   * Distance between two quantiles of the level difference: 0 for one source in both channels, twice the isolation for two people with a
   * microphone each.
   * @param share of the bins below the lower and above the upper quantile
   */
  levelSpread(share: number): Decibels {
    let total = 0;
    for (const weight of this.differences) total += weight;
    if (!(total > 0)) return 0;
    return this.quantile(1 - share, total) - this.quantile(share, total);
  }

  private quantile(share: number, total: number): Decibels {
    let sum = 0;
    for (let index = 0; index < this.differences.length; index++) {
      sum += this.differences[index]!;
      if (sum >= share * total) return index - RANGE_DECIBELS;
    }
    return RANGE_DECIBELS;
  }
}
