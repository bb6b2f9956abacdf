import { CircularBuffer } from '../core/CircularBuffer.ts';
import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Samples } from '../core/units.ts';
import type { SpeakerSetShape } from '../model/SpeakerSetShape.ts';

interface ChannelOutput {
  readonly channel: number;
  /** null: the channel arrives with the delay of the outputs. */
  readonly delay: CircularBuffer | null;
  /** [hop] */
  readonly samples: Float32Array;
}

/**
 * Outputs of a chain whose voices have a channel of the input each: the channels' sound, delayed so that it is aligned with the other
 * outputs.
 * @thread audio, except the constructor. Allocates nothing after construction.
 */
export class ChannelOutputs {
  /** [outputs] null: the voice on this output has no channel, or there is none. */
  private readonly outputs: readonly (ChannelOutput | null)[];

  /** @param delaySamples of the channels against the chain's outputs, >= 0 */
  constructor({ speakers, outputs, plan }: SpeakerSetShape, outputCount: number, delaySamples: Samples) {
    this.outputs = Array.from({ length: outputCount }, (_, output) => {
      const channel = speakers[outputs.indexOf(output)]?.channel ?? null;
      const delay = delaySamples === 0 ? null : new CircularBuffer(delaySamples);
      return channel === null ? null : { channel, delay, samples: new Float32Array(plan.hopSamples) };
    });
  }

  /** [hop] null: see `outputs` */
  output(index: number): Float32Array | null {
    return this.outputs[index]?.samples ?? null;
  }

  /**
   * Delays the next samples of the channels.
   * @param channels [channels]
   * @param position index in the outputs of the first of these samples
   * @param isSilent whether the outputs are silent
   */
  push(channels: readonly Float32Array[], offset: Samples, count: Samples, position: Samples, isSilent: boolean): void {
    for (let index = 0; index < this.outputs.length; index++) {
      const output = this.outputs[index];
      if (output === null || output === undefined) continue;
      const { channel, delay, samples } = output;
      const source = channels[channel];
      for (let n = 0; n < count; n++) {
        const sample = source === undefined ? 0 : source[offset + n]!;
        const delayed = delay === null ? sample : delay.push(sample);
        samples[position + n] = isSilent ? 0 : delayed;
      }
    }
  }

  save(state: StateWriter): void {
    for (const output of this.outputs) {
      output?.delay?.save(state);
      if (output !== null) state.addAll(output.samples);
    }
  }

  restore(state: StateReader): void {
    for (const output of this.outputs) {
      output?.delay?.restore(state);
      if (output !== null) state.fill(output.samples);
    }
  }

  /** Back to the state after construction. */
  reset(): void {
    for (const output of this.outputs) {
      output?.delay?.reset();
      output?.samples.fill(0);
    }
  }
}
