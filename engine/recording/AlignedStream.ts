import { DcBlocker } from '../channels/DcBlocker.ts';
import { CircularBuffer } from '../core/CircularBuffer.ts';
import type { Samples } from '../core/units.ts';
import type { Separator } from '../separator/Separator.ts';
import type { StftPlan } from '../stft/StftPlan.ts';

export interface StreamOutputs {
  readonly speakers: number;
  readonly hasRest: boolean;
  /** Constant part of the mixture (DC), removed if it is large. */
  readonly offset: number;
  /** Whether the last output keeps the removed offset. */
  readonly isOffsetKept: boolean;
  readonly plan: StftPlan;
}

/** Removes a constant offset, drops the latency from a separator's outputs and collects statistics of each frame. */
export class AlignedStream {
  /** Input samples so far. */
  samples: Samples = 0;
  private readonly separator: Separator;
  private readonly outputCount: number;
  private readonly hops: readonly Float32Array[];
  private readonly hopOutputs: { readonly speakers: readonly Float32Array[]; readonly rest: Float32Array };
  private readonly hopSamples: Samples;
  /** Null if the offset is not removed. */
  private readonly blocker: DcBlocker | null;
  /** The removed offset, delayed like the outputs; null: no output keeps it. */
  private readonly offsetDelay: CircularBuffer | null;
  private offsetSum = 0;
  private samplesToSkip: Samples;
  private iterations = 0;
  private gaps = 0;
  private largestGap = 0;

  constructor(separator: Separator, { speakers, hasRest, offset, isOffsetKept, plan }: StreamOutputs) {
    const { hopSamples, sampleRateHertz } = plan;
    this.separator = separator;
    this.blocker = DcBlocker.forOffset(offset, sampleRateHertz);
    this.offsetDelay = isOffsetKept ? new CircularBuffer(separator.latencySamples) : null;
    this.outputCount = speakers + (hasRest ? 1 : 0);
    this.hopSamples = hopSamples;
    this.samplesToSkip = separator.latencySamples;
    this.hops = Array.from({ length: this.outputCount }, () => new Float32Array(hopSamples));
    this.hopOutputs = {
      speakers: this.hops.slice(0, speakers),
      rest: this.hops[speakers] ?? new Float32Array(hopSamples),
    };
  }

  /** Processes one hop at a time, so that each frame's telemetry is read. @returns the part of the outputs that belongs to the file */
  process(block: Float32Array, isTail: boolean): Float32Array[] {
    const outputs = this.hops.map(() => new Float32Array(block.length));
    const clean = block.slice();
    const constant = new Float32Array(block.length);
    // The tail is silence that only flushes the outputs.
    if (!isTail) this.blocker?.process(clean, constant);
    for (let offset = 0; offset < block.length; offset += this.hopSamples) {
      const input = clean.subarray(offset, offset + this.hopSamples);
      const { frames } = this.separator.telemetry;
      this.separator.process(input, this.hopOutputs);
      for (let index = 0; index < this.outputCount; index++)
        outputs[index]!.set(this.hops[index]!.subarray(0, input.length), offset);
      if (this.separator.telemetry.frames > frames) this.countFrame();
    }
    this.keepOffset(constant, outputs[this.outputCount - 1]);
    if (!isTail) this.samples += block.length;
    const skipped = Math.min(this.samplesToSkip, block.length);
    this.samplesToSkip -= skipped;
    return outputs.map((output) => output.subarray(skipped));
  }

  /** @returns a line for the user if the mixture had a constant offset */
  remarks(name: string): string[] {
    const offset = this.samples === 0 ? 0 : this.offsetSum / this.samples;
    if (this.blocker === null) return [];
    return [`${name}: has a constant offset (DC) of ${offset.toFixed(3)}, which was kept out of the voices`];
  }

  statistics() {
    const { frames } = this.separator.telemetry;
    const isGapKnown = this.largestGap > 0;
    return {
      frames,
      meanIterations: frames === 0 ? 0 : this.iterations / frames,
      meanRelativeGap: isGapKnown ? this.gaps / frames : null,
      largestRelativeGap: isGapKnown ? this.largestGap : null,
    };
  }

  /** Adds the offset to the output that takes what belongs to nobody, so that the outputs sum to the mixture. */
  private keepOffset(constant: Float32Array, rest: Float32Array | undefined): void {
    for (let n = 0; n < constant.length; n++) {
      this.offsetSum += constant[n]!;
      const delayed = this.offsetDelay?.push(constant[n]!);
      if (delayed !== undefined && rest !== undefined) rest[n]! += delayed;
    }
  }

  private countFrame(): void {
    const { iterations, relativeGap } = this.separator.telemetry;
    this.iterations += iterations;
    this.gaps += relativeGap;
    this.largestGap = Math.max(this.largestGap, relativeGap);
  }
}
