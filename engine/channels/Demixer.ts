import type { Samples } from '../core/units.ts';
import { Kernel } from '../kernel/Kernel.ts';
import { InverseStft } from '../stft/InverseStft.ts';
import { latencySamples, type StftPlan } from '../stft/StftPlan.ts';
import { applyDemixing } from './applyDemixing.ts';
import { ChannelSpectra } from './ChannelSpectra.ts';
import type { Demixing } from './estimateDemixing.ts';

/**
 * Part of the bleed that the matrices are assumed to leave behind, as power: echoes longer than the window, and people who move. It is
 * removed by a Wiener mask.
 */
export const REMAINING_BLEED = 0.02;

/** Applies a demixing: the channels of a recording in, one voice for each channel out, `latencySamples` later. */
export class Demixer {
  readonly latencySamples: Samples;
  private readonly demixing: Demixing;
  private readonly input: ChannelSpectra;
  private readonly inverses: readonly InverseStft[];
  /** [voices][2 * bins] spectra of `inverses` */
  private readonly voiceSpectra: readonly Float32Array[];
  private readonly hopSamples: Samples;
  private readonly powers: Float64Array;
  private positionInHop: Samples = 0;

  /** @param plan with which the demixing was estimated */
  constructor(demixing: Demixing, plan: StftPlan) {
    const { channels } = demixing;
    const { windows, windowSamples, hopSamples } = plan;
    const kernel = new Kernel(channels * InverseStft.requiredBytes(windowSamples));
    this.demixing = demixing;
    this.latencySamples = latencySamples(plan);
    this.hopSamples = hopSamples;
    this.input = new ChannelSpectra(channels, plan);
    this.powers = new Float64Array(channels);
    this.inverses = Array.from({ length: channels }, () => new InverseStft(kernel, windows, hopSamples));
    this.voiceSpectra = this.inverses.map(({ spectrum }) => spectrum);
  }

  /**
   * @param block [channels] of the same length
   * @returns [channels] voices, of the block's length
   */
  process(block: readonly Float32Array[]): Float32Array[] {
    const length = block[0]?.length ?? 0;
    const outputs = this.inverses.map(() => new Float32Array(length));
    for (let offset = 0; offset < length; ) {
      const count = Math.min(length - offset, this.input.samplesUntilFrame);
      const position = this.positionInHop;
      outputs.forEach((output, voice) => {
        output.set(this.inverses[voice]!.output.subarray(position, position + count), offset);
      });
      this.positionInHop = (position + count) % this.hopSamples;
      if (this.input.push(block, offset, count)) this.demix();
      offset += count;
    }
    return outputs;
  }

  private demix(): void {
    const { bins, matrices } = this.demixing;
    applyDemixing(matrices, bins, this.input.spectra, this.voiceSpectra);
    for (let bin = 0; bin < bins; bin++) this.maskBin(bin);
    for (const inverse of this.inverses) inverse.synthesize();
  }

  /** Attenuates each voice where the bleed into its channel was much stronger than the voice itself. */
  private maskBin(bin: number): void {
    const { channels, bleed } = this.demixing;
    const { powers } = this;
    for (let voice = 0; voice < channels; voice++) {
      const { spectrum } = this.inverses[voice]!;
      powers[voice] = spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
    }
    for (let voice = 0; voice < channels; voice++) {
      let others = 0;
      for (let other = 0; other < channels; other++) {
        if (other === voice) continue;
        const b = 2 * ((bin * channels + voice) * channels + other);
        others += (bleed[b]! ** 2 + bleed[b + 1]! ** 2) * powers[other]!;
      }
      const gain = powers[voice]! / (powers[voice]! + REMAINING_BLEED * others + Number.MIN_VALUE);
      const { spectrum } = this.inverses[voice]!;
      spectrum[2 * bin]! *= gain;
      spectrum[2 * bin + 1]! *= gain;
    }
  }
}
