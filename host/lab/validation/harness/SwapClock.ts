import { getHeapStatistics } from 'node:v8';
import type { Hertz, Samples } from '../../../../engine/core/units.ts';
import type { PackedSpeakerSet } from '../../../../engine/separator/PackedSpeakerSet.ts';
import { packSpeakerSet } from '../../../../engine/separator/packSpeakerSet.ts';
import { adaptedSpeakerSet } from './adaptedSpeakerSet.ts';
import type { CheckCase } from './Check.ts';
import type { Plugin } from './Plugin.ts';

/** Blocks of an audio worklet. The engine thread is measured with blocks of one hop, each of which completes a frame. */
const WORKLET_BLOCK_SAMPLES: Samples = 128;
const STEADY_BLOCKS = 60;
const LARGEST_EXCESS_MILLISECONDS = 0.5;
/** Limit of a block's time: this multiple of the median without a swap, and a constant. */
const LARGEST_FACTOR = 1.5;
/** Unmeasured in time, since reading the clocks allocates. */
const GROWTH_SWAPS = 3;
/** More blocks than any swap here takes. */
const MOST_BLOCKS = 4000;

export const LIMIT_TEXT = `${LARGEST_FACTOR} times the median and ${LARGEST_EXCESS_MILLISECONDS} ms`;

/** Limits in milliseconds of blocks that complete a frame of the active chain, and of those that do not. */
export interface Limits {
  readonly withFrame: number;
  readonly withoutFrame: number;
}

/** Times the blocks of a plugin that swaps between two speaker sets. */
export class SwapClock {
  readonly blockSamples: Samples;
  private readonly plugin: Plugin;
  private next: PackedSpeakerSet;
  private afterNext: PackedSpeakerSet;
  private readonly signal: Float32Array;
  private readonly input: Float32Array;
  private readonly outputs: {
    readonly speakers: Float32Array[];
    readonly rest: Float32Array;
    readonly dry: Float32Array;
  };
  /** [MOST_BLOCKS] of the latest swap */
  private readonly milliseconds = new Float64Array(MOST_BLOCKS);
  private readonly hasFrame = new Uint8Array(MOST_BLOCKS);
  private blocks = 0;
  private callMilliseconds = 0;
  private position: Samples = 0;

  constructor({ random, create, options }: CheckCase, sampleRateHertz: Hertz, voices: number, isWorklet: boolean) {
    const first = adaptedSpeakerSet(voices, sampleRateHertz, 1);
    this.blockSamples = isWorklet ? WORKLET_BLOCK_SAMPLES : first.plan.hopSamples;
    const samples = () => new Float32Array(this.blockSamples);
    this.plugin = create(first, options);
    this.next = packSpeakerSet(adaptedSpeakerSet(voices, sampleRateHertz, 2));
    this.afterNext = packSpeakerSet(first);
    this.input = samples();
    this.outputs = { speakers: Array.from({ length: voices }, samples), rest: samples(), dry: samples() };
    // Noise, so that all frames take the same time.
    this.signal = Float32Array.from({ length: sampleRateHertz }, () => random.between(-0.3, 0.3));
  }

  warmUp(swaps: number): void {
    for (let swap = 0; swap < swaps; swap++) this.swap();
  }

  /** Measures the medians without a swap. */
  steadyLimits(): Limits {
    this.blocks = 0;
    while (this.blocks < STEADY_BLOCKS) this.process();
    const limit = (isFrame: number) => {
      const times = this.milliseconds.subarray(0, this.blocks).filter((_, block) => this.hasFrame[block] === isFrame);
      return LARGEST_FACTOR * (times.toSorted()[times.length >> 1] ?? 0) + LARGEST_EXCESS_MILLISECONDS;
    };
    return { withFrame: limit(1), withoutFrame: limit(0) };
  }

  /** Duration of the latest call of `swapTemplates`, which comes between two blocks. */
  get swapCallMilliseconds(): number {
    return this.callMilliseconds;
  }

  /** Swaps, and times all blocks until the swap has ended. */
  swap(): void {
    this.blocks = 0;
    const next = this.takeNext();
    this.callMilliseconds = millisecondsOf(() => this.plugin.swapTemplates(next));
    while (this.plugin.isSwapping && this.blocks < MOST_BLOCKS) this.process();
  }

  /** @returns least growth of the heap in `process` from the start of a swap to its end, of those without a garbage collection */
  growthBytes(): number {
    let least = Number.POSITIVE_INFINITY;
    for (let swap = 0; swap < GROWTH_SWAPS; swap++) {
      this.plugin.swapTemplates(this.takeNext());
      const before = heapBytes();
      for (let block = 0; this.plugin.isSwapping && block < MOST_BLOCKS; block++)
        this.plugin.process(this.input, this.outputs);
      const growth = heapBytes() - before;
      if (growth >= 0) least = Math.min(least, growth);
    }
    return least === Number.POSITIVE_INFINITY ? 0 : least;
  }

  private takeNext(): PackedSpeakerSet {
    const { next } = this;
    this.next = this.afterNext;
    this.afterNext = next;
    return next;
  }

  /** @returns milliseconds by which each block of the latest swap exceeds its limit */
  excesses({ withFrame, withoutFrame }: Limits): number[] {
    return Array.from(
      this.milliseconds.subarray(0, this.blocks),
      (time, block) => time - (this.hasFrame[block] === 1 ? withFrame : withoutFrame),
    );
  }

  private process(): void {
    const { plugin, signal, input, outputs } = this;
    for (let n = 0; n < input.length; n++) {
      input[n] = signal[this.position] ?? 0;
      this.position = (this.position + 1) % signal.length;
    }
    const frames = plugin.telemetry.frames;
    this.milliseconds[this.blocks] = millisecondsOf(() => plugin.process(input, outputs));
    this.hasFrame[this.blocks] = plugin.telemetry.frames > frames ? 1 : 0;
    this.blocks++;
  }
}

/** Processor time has no interruptions, elapsed time no work of other threads, nor the coarse clock of some systems: the lesser counts. */
function millisecondsOf(work: () => void): number {
  const start = performance.now();
  const startUsage = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(startUsage);
  return Math.min((user + system) / 1000, performance.now() - start);
}

/** @returns bytes of objects on the heap and of their buffers outside it */
function heapBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
