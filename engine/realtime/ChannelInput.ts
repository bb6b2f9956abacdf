import type { DemixingSlot } from '../channels/DemixingSlot.ts';
import { LiveDemixer } from '../channels/LiveDemixer.ts';
import { LOUDEST_INPUT } from '../core/limits.ts';
import type { Hertz, Samples, Seconds } from '../core/units.ts';
import type { SplicingReader } from './SplicingReader.ts';

/** Time constant of the level of the rest. */
const REST_SECONDS: Seconds = 0.05;

/**
 * Input in which each voice has a channel: its sum is the mixture, its demixed channels are the voices' sound. What the voices do not hold
 * of the mixture, bleed and channels of nobody, is the rest.
 * @thread audio. Only the constructor allocates.
 */
export class ChannelInput {
  /** Delay of `voices`. */
  readonly latencySamples: Samples;
  /** [channels][block] demixed sound of the latest block */
  readonly voices: readonly Float32Array[];
  /** Samples of the latest block at or above full scale, in all channels. */
  clippedSamples: Samples = 0;
  private readonly demixer: LiveDemixer;
  private readonly blockSamples: Samples;
  private readonly interleaved: Float32Array;
  /** [channels][block] */
  private readonly samples: readonly Float32Array[];
  private readonly restCoefficient: number;
  private restLevel = 0;

  constructor(slot: DemixingSlot, sampleRateHertz: Hertz, blockSamples: Samples) {
    const { channels } = slot;
    const blocks = () => Array.from({ length: channels }, () => new Float32Array(blockSamples));
    this.demixer = new LiveDemixer(slot, sampleRateHertz);
    this.latencySamples = this.demixer.latencySamples;
    this.blockSamples = blockSamples;
    this.interleaved = new Float32Array(blockSamples * channels);
    this.samples = blocks();
    this.voices = blocks();
    this.restCoefficient = 1 - Math.exp(-1 / (REST_SECONDS * sampleRateHertz));
  }

  /**
   * Reads at most one block, and demixes it into `voices`.
   * @param input of all channels
   * @param mixture [block] overwritten with their sum
   * @param isSuspended whether the voices are silent, without work
   * @returns samples read
   */
  read(input: SplicingReader, mixture: Float32Array, isSuspended: boolean): Samples {
    const count = input.read(this.interleaved, this.blockSamples);
    this.split(mixture, count);
    this.demixer.process(this.samples, this.voices, count, isSuspended);
    return count;
  }

  /**
   * @param outputs of the separator; its rest is overwritten with the mixture without the voices
   * @param level of the rest, 0 to 1; reached gradually
   * @param first index of the first sample
   */
  writeRest(
    {
      speakers,
      rest,
      dry,
    }: { readonly speakers: readonly Float32Array[]; readonly rest: Float32Array; readonly dry: Float32Array },
    level: number,
    count: Samples,
    first: Samples,
  ): void {
    for (let n = first; n < first + count; n++) {
      this.restLevel += (level - this.restLevel) * this.restCoefficient;
      let remainder = dry[n]!;
      for (let output = 0; output < speakers.length; output++) remainder -= speakers[output]![n]!;
      rest[n] = this.restLevel * remainder;
    }
  }

  private split(mixture: Float32Array, count: Samples): void {
    const { interleaved, samples } = this;
    this.clippedSamples = 0;
    for (let n = 0; n < count; n++) {
      let sum = 0;
      for (let channel = 0; channel < samples.length; channel++) {
        const sample = interleaved[n * samples.length + channel]!;
        const level = Math.abs(sample);
        sum += sample;
        samples[channel]![n] = level <= LOUDEST_INPUT ? sample : 0;
        if (level >= 1) this.clippedSamples++;
      }
      mixture[n] = sum;
    }
  }
}
