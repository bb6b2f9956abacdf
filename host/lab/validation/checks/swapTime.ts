import { getHeapStatistics } from 'node:v8';
import type { Hertz, Samples } from '../../../../engine/core/units.ts';
import type { PackedSpeakerSet } from '../../../../engine/separator/PackedSpeakerSet.ts';
import { packSpeakerSet } from '../../../../engine/separator/packSpeakerSet.ts';
import { adaptedSpeakerSet } from '../harness/adaptedSpeakerSet.ts';
import type { Check, CheckCase } from '../harness/Check.ts';
import type { Plugin } from '../harness/Plugin.ts';
import { randomSignal } from '../harness/randomSignal.ts';
import { Violation } from '../harness/Violation.ts';

const SAMPLE_RATES_HERTZ: readonly Hertz[] = [8000, 16_000, 44_100, 48_000, 96_000];
const VOICES: readonly number[] = [2, 4, 8];
/** Blocks of an audio worklet. The engine thread is measured with blocks of one hop, each of which completes a frame. */
const WORKLET_BLOCK_SAMPLES: Samples = 128;
/** For each sample rate, number of voices and size of blocks: 510 swaps altogether. */
const SWAPS = 17;
/** Unmeasured swaps, in which code is still interpreted: at the start, and in each configuration. */
const FIRST_SWAPS = 40;
const WARM_UP_SWAPS = 2;
const STEADY_BLOCKS = 60;
/** Limit of a block's time: this multiple of the median without a swap, and a constant. */
const LARGEST_FACTOR = 1.5;
const LARGEST_EXCESS_MILLISECONDS = 0.5;
/** Unmeasured in time, since reading the clocks allocates. */
const GROWTH_SWAPS = 3;
/** Limit of heap growth in all blocks of a swap, of which there are 19 and more. */
const LARGEST_GROWTH_BYTES = 4000;
/** More blocks than any swap here takes. */
const MOST_BLOCKS = 4000;

export const swapTime: Check = {
  name: 'swap-time',
  title: 'no block is late or allocates during swaps of 2, 4 and 8 adapted voices at 8 to 96 kHz',
  isMeasurement: true,
  run(each) {
    let swaps = 0;
    let blocks = 0;
    let lateBlocks = 0;
    let worst = Number.NEGATIVE_INFINITY;
    bench(each, 8000, 2, false).warmUp(FIRST_SWAPS);
    for (const sampleRateHertz of SAMPLE_RATES_HERTZ) {
      for (const voices of VOICES) {
        for (const isWorklet of [false, true]) {
          const measured = measure(each, sampleRateHertz, voices, isWorklet);
          swaps += SWAPS;
          blocks += measured.blocks;
          lateBlocks += measured.lateBlocks;
          worst = Math.max(worst, measured.excessMilliseconds);
        }
      }
    }
    return { swaps, blocks, lateBlocks, worstExcessMilliseconds: worst };
  },
};

interface Measurement {
  readonly blocks: number;
  readonly lateBlocks: number;
  /** By how much a block exceeds its limit in three of four swaps; negative if none does. */
  readonly excessMilliseconds: number;
}

/**
 * Swaps between two speaker sets and times each block, with the call of `swapTemplates` before it. Other programs slow blocks down at
 * random, so a violation is a block, counted from the start of the swap, that is late in three of four swaps; the figures count all.
 * @throws Violation
 */
function measure(each: CheckCase, sampleRateHertz: Hertz, voices: number, isWorklet: boolean): Measurement {
  const clock = bench(each, sampleRateHertz, voices, isWorklet);
  clock.warmUp(WARM_UP_SWAPS);
  const limits = clock.steadyLimits();
  let blocks = 0;
  let lateBlocks = 0;
  const excesses: number[][] = [];
  for (let swap = 0; swap < SWAPS; swap++) {
    clock.swap();
    const latest = clock.excesses(limits);
    excesses.push(latest);
    blocks += latest.length;
    lateBlocks += latest.filter((excess) => excess > 0).length;
  }
  const excessMilliseconds = commonExcess(excesses);
  const where = `${voices} voices at ${sampleRateHertz} Hz, blocks of ${clock.blockSamples}`;
  if (excessMilliseconds > 0)
    throw new Violation(
      'swap-time',
      `${where}: in three of four swaps, the same block takes ${excessMilliseconds.toFixed(2)} ms more than ${LARGEST_FACTOR} times the median and ${LARGEST_EXCESS_MILLISECONDS} ms`,
    );
  const growthBytes = clock.growthBytes();
  if (growthBytes > LARGEST_GROWTH_BYTES)
    throw new Violation('allocation', `${where}: the blocks of a swap allocate ${growthBytes} bytes`);
  return { blocks, lateBlocks, excessMilliseconds };
}

function bench(each: CheckCase, sampleRateHertz: Hertz, voices: number, isWorklet: boolean): BlockClock {
  const first = adaptedSpeakerSet(voices, sampleRateHertz, 1);
  const second = adaptedSpeakerSet(voices, sampleRateHertz, 2);
  const blockSamples = isWorklet ? WORKLET_BLOCK_SAMPLES : first.plan.hopSamples;
  const plugin = each.create(first, each.options);
  return new BlockClock(each, plugin, [packSpeakerSet(second), packSpeakerSet(first)], blockSamples, sampleRateHertz);
}

/**
 * @param excesses [swaps][blocks]
 * @returns largest excess that three of four swaps reach at the same block. Frames and blocks are not in step, so neighbouring blocks count as the same.
 */
function commonExcess(excesses: readonly (readonly number[])[]): number {
  const blocks = Math.max(...excesses.map(({ length }) => length));
  let largest = Number.NEGATIVE_INFINITY;
  for (let block = 0; block < blocks; block++) {
    const near = excesses.map((swap) => Math.max(...swap.slice(Math.max(0, block - 1), block + 2)));
    near.sort((one, other) => one - other);
    largest = Math.max(largest, near[near.length >> 2] ?? largest);
  }
  return largest;
}

/** Limits in milliseconds of blocks that complete a frame of the active chain, and of those that do not. */
interface Limits {
  readonly withFrame: number;
  readonly withoutFrame: number;
}

/** Times the blocks of a plugin that swaps between two speaker sets. */
class BlockClock {
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
  private position: Samples = 0;

  constructor(
    { random }: CheckCase,
    plugin: Plugin,
    [next, afterNext]: readonly [PackedSpeakerSet, PackedSpeakerSet],
    blockSamples: Samples,
    sampleRateHertz: Hertz,
  ) {
    const samples = () => new Float32Array(blockSamples);
    this.blockSamples = blockSamples;
    this.plugin = plugin;
    this.next = next;
    this.afterNext = afterNext;
    this.input = samples();
    this.outputs = { speakers: Array.from({ length: plugin.speakers }, samples), rest: samples(), dry: samples() };
    // Noise, so that all frames take the same time.
    this.signal = randomSignal(random, sampleRateHertz, sampleRateHertz).map(() => random.between(-0.3, 0.3));
  }

  warmUp(swaps: number): void {
    for (let swap = 0; swap < swaps; swap++) this.swap();
  }

  /** Measures the medians without a swap. */
  steadyLimits(): Limits {
    this.blocks = 0;
    while (this.blocks < STEADY_BLOCKS) this.process(null);
    const limit = (isFrame: number) => {
      const times = this.milliseconds.subarray(0, this.blocks).filter((_, block) => this.hasFrame[block] === isFrame);
      return LARGEST_FACTOR * (times.toSorted()[times.length >> 1] ?? 0) + LARGEST_EXCESS_MILLISECONDS;
    };
    return { withFrame: limit(1), withoutFrame: limit(0) };
  }

  /** Swaps, and times all blocks until the swap has ended. */
  swap(): void {
    this.blocks = 0;
    this.process(this.takeNext());
    while (this.plugin.isSwapping && this.blocks < MOST_BLOCKS) this.process(null);
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

  private process(swapped: PackedSpeakerSet | null): void {
    const { plugin, signal, input, outputs } = this;
    for (let n = 0; n < input.length; n++) {
      input[n] = signal[this.position] ?? 0;
      this.position = (this.position + 1) % signal.length;
    }
    const frames = plugin.telemetry.frames;
    const start = performance.now();
    const startUsage = process.cpuUsage();
    if (swapped !== null) plugin.swapTemplates(swapped);
    plugin.process(input, outputs);
    const { user, system } = process.cpuUsage(startUsage);
    // Processor time has no interruptions, elapsed time no work of other threads, nor the coarse clock of some systems.
    this.milliseconds[this.blocks] = Math.min((user + system) / 1000, performance.now() - start);
    this.hasFrame[this.blocks] = plugin.telemetry.frames > frames ? 1 : 0;
    this.blocks++;
  }
}

/** @returns bytes of objects on the heap and of their buffers outside it */
function heapBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
