import type { Hertz, Samples, Seconds } from '../core/units.ts';
import { Kernel } from '../kernel/Kernel.ts';
import { InverseStft } from '../stft/InverseStft.ts';
import { latencySamples } from '../stft/StftPlan.ts';
import { applyDemixing } from './applyDemixing.ts';
import { ChannelSpectra } from './ChannelSpectra.ts';
import { ASSUMED_BLEED, type DemixingSlot } from './DemixingSlot.ts';
import { planLiveDemixing } from './liveDemixing.ts';

/** Duration of the cross-fade from one demixing to the next. The outputs are linear in the matrices, so fading these fades the sound. */
const FADE_SECONDS: Seconds = 0.25;
/** Added to powers, so that the mask of silence is not 0 / 0. */
const SMALLEST_POWER = 1e-60;

/**
 * Demixes a live input with a channel for each voice: the bleed of the other voices is removed from each channel by matrices, which arrive
 * in a `DemixingSlot` while it runs, and what these leave by a Wiener mask. Before the first matrices there is only the mask, for an
 * assumed bleed.
 * @thread audio, except the constructor. Allocates nothing.
 */
export class LiveDemixer {
  readonly channels: number;
  /** Delay of the outputs: that of the shortest latency mode. */
  readonly latencySamples: Samples;
  private readonly slot: DemixingSlot;
  private readonly input: ChannelSpectra;
  private readonly inverses: readonly InverseStft[];
  /** [voices][2 * bins] spectra of `inverses` */
  private readonly voiceSpectra: readonly Float32Array[];
  private readonly soundBins: number;
  private readonly bins: number;
  /** As in `DemixingSlot`, in use now. */
  private readonly matrices: Float32Array;
  private readonly remaining: Float32Array;
  private readonly powers: Float64Array;
  private readonly fadeFrames: number;
  /** Frames until the demixing in the slot is reached; 0: it is, or there is none. */
  private framesToFade = 0;
  private version = 0;
  private positionInHop: Samples = 0;

  constructor(slot: DemixingSlot, sampleRateHertz: Hertz) {
    const { channels } = slot;
    const { sound, bins } = planLiveDemixing(sampleRateHertz);
    const { windows, windowSamples, hopSamples } = sound;
    const kernel = new Kernel(channels * InverseStft.requiredBytes(windowSamples));
    this.slot = slot;
    this.channels = channels;
    this.latencySamples = latencySamples(sound);
    this.soundBins = windowSamples / 2 + 1;
    this.bins = bins;
    this.input = new ChannelSpectra(channels, sound);
    this.inverses = Array.from({ length: channels }, () => new InverseStft(kernel, windows, hopSamples));
    this.voiceSpectra = this.inverses.map(({ spectrum }) => spectrum);
    this.matrices = new Float32Array(slot.matrices.length);
    this.remaining = new Float32Array(slot.remaining.length).fill(ASSUMED_BLEED);
    this.powers = new Float64Array(channels);
    this.fadeFrames = Math.max(1, Math.round((FADE_SECONDS * sampleRateHertz) / hopSamples));
    const size = channels * channels;
    for (let element = 0; element < this.remaining.length; element++) {
      if ((element % size) % (channels + 1) !== 0) continue;
      this.matrices[2 * element] = 1;
      this.remaining[element] = 0;
    }
    // The reader before this one may have ended in the middle of a fade.
    slot.endReading();
  }

  /**
   * @param input [channels][count] finite samples
   * @param outputs [channels][count] overwritten
   * @param isSuspended whether the outputs are silent and nothing is computed; valid again a window after resuming
   */
  process(
    input: readonly Float32Array[],
    outputs: readonly Float32Array[],
    count: Samples,
    isSuspended: boolean,
  ): void {
    for (let offset = 0; offset < count; ) {
      const step = Math.min(count - offset, this.input.samplesUntilFrame);
      for (let voice = 0; voice < this.channels; voice++) {
        const { output } = this.inverses[voice]!;
        const target = outputs[voice]!;
        for (let n = 0; n < step; n++) target[offset + n] = output[this.positionInHop + n]!;
      }
      this.positionInHop += step;
      if (isSuspended ? this.input.skip(input, offset, step) : this.input.push(input, offset, step)) {
        this.positionInHop = 0;
        if (isSuspended) for (let voice = 0; voice < this.channels; voice++) this.inverses[voice]!.reset();
        else this.demix();
      }
      offset += step;
    }
  }

  private demix(): void {
    this.fade();
    applyDemixing(this.matrices, this.bins, this.input.spectra, this.voiceSpectra);
    this.passUpperBins();
    this.applyMask();
    for (let voice = 0; voice < this.channels; voice++) this.inverses[voice]!.synthesize();
  }

  private fade(): void {
    const { slot, matrices, remaining } = this;
    if (this.framesToFade === 0) {
      const { version } = slot;
      if (version === this.version || !slot.beginReading()) return;
      this.version = slot.version;
      this.framesToFade = this.fadeFrames;
    }
    approach(matrices, slot.matrices, this.framesToFade);
    approach(remaining, slot.remaining, this.framesToFade);
    this.framesToFade--;
    if (this.framesToFade === 0) slot.endReading();
  }

  private passUpperBins(): void {
    const { channels, inverses, bins, soundBins } = this;
    for (let voice = 0; voice < channels; voice++) {
      const { spectrum } = inverses[voice]!;
      const source = this.input.spectra[voice]!;
      for (let n = 2 * bins; n < 2 * soundBins; n++) spectrum[n] = source[n]!;
    }
  }

  /** Attenuates each voice where the others are expected to be stronger in its channel than itself. */
  private applyMask(): void {
    const { channels, powers, inverses, remaining, bins, soundBins } = this;
    for (let bin = 0; bin < soundBins; bin++) {
      for (let voice = 0; voice < channels; voice++) {
        const { spectrum } = inverses[voice]!;
        powers[voice] = spectrum[2 * bin]! * spectrum[2 * bin]! + spectrum[2 * bin + 1]! * spectrum[2 * bin + 1]!;
      }
      // The bins above have no shares of their own: they are masked for the bleed that is assumed.
      const first = bin < bins ? bin * channels * channels : -1;
      for (let voice = 0; voice < channels; voice++) {
        let others = SMALLEST_POWER;
        for (let other = 0; other < channels; other++) {
          if (other === voice) continue;
          if (first < 0) others += ASSUMED_BLEED * powers[other]!;
          else others += remaining[first + voice * channels + other]! * powers[other]!;
        }
        const gain = powers[voice]! / (powers[voice]! + others);
        const { spectrum } = inverses[voice]!;
        spectrum[2 * bin] = spectrum[2 * bin]! * gain;
        spectrum[2 * bin + 1] = spectrum[2 * bin + 1]! * gain;
      }
    }
  }
}

/**
 * Takes the next of `steps` equal steps. A function of its own, with an integer: V8 of Node 20 returns from its optimised code to the
 * interpreter in each call of a method with two such loops, and allocates each fraction that is passed to a function.
 */
function approach(values: Float32Array, targets: Float32Array, steps: number): void {
  const share = 1 / steps;
  for (let n = 0; n < values.length; n++) values[n]! += share * (targets[n]! - values[n]!);
}
