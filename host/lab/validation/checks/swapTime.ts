import type { Hertz } from '../../../../engine/core/units.ts';
import type { Check, CheckCase } from '../harness/Check.ts';
import { LIMIT_TEXT, SwapClock } from '../harness/SwapClock.ts';
import { Violation } from '../harness/Violation.ts';

const SAMPLE_RATES_HERTZ: readonly Hertz[] = [8000, 16_000, 44_100, 48_000, 96_000];
const VOICES: readonly number[] = [2, 4, 8];
/** For each sample rate, number of voices and size of blocks: 510 swaps altogether; 240 at a strictness below 3. */
const SWAPS = 17;
const QUICK_SWAPS = 8;
const LEAST_STRICTNESS = 3;
/** Unmeasured swaps, in which code is still interpreted: at the start, and in each configuration. */
const FIRST_SWAPS = 40;
const WARM_UP_SWAPS = 2;
/** Limit of heap growth in all blocks of a swap, of which there are 19 and more. */
const LARGEST_GROWTH_BYTES = 4000;

export const swapTime: Check = {
  name: 'swap-time',
  title: 'no block is late or allocates during swaps of 2, 4 and 8 adapted voices at 8 to 96 kHz',
  isMeasurement: true,
  run(each) {
    let swaps = 0;
    let blocks = 0;
    let lateBlocks = 0;
    let worst = Number.NEGATIVE_INFINITY;
    const calls: number[] = [];
    new SwapClock(each, 8000, 2, false).warmUp(FIRST_SWAPS);
    for (const sampleRateHertz of SAMPLE_RATES_HERTZ) {
      for (const voices of VOICES) {
        for (const isWorklet of [false, true]) {
          const measured = measure(each, sampleRateHertz, voices, isWorklet);
          swaps += measured.swapCallMilliseconds.length;
          blocks += measured.blocks;
          lateBlocks += measured.lateBlocks;
          worst = Math.max(worst, measured.excessMilliseconds);
          calls.push(...measured.swapCallMilliseconds);
        }
      }
    }
    calls.sort((one, other) => one - other);
    const swapCallMedianMilliseconds = calls[calls.length >> 1] ?? 0;
    return { swaps, blocks, lateBlocks, worstExcessMilliseconds: worst, swapCallMedianMilliseconds };
  },
};

interface Measurement {
  readonly blocks: number;
  readonly lateBlocks: number;
  /** By how much a block exceeds its limit in three of four swaps; negative if none does. */
  readonly excessMilliseconds: number;
  /** [swaps] */
  readonly swapCallMilliseconds: readonly number[];
}

/**
 * Swaps between two speaker sets and times each block of `process`; the call of `swapTemplates` between two blocks is timed apart. Other
 * programs slow blocks down at random, so a violation is a block, counted from the start of the swap, that is late in three of four swaps;
 * the figures count all.
 * @throws Violation
 */
function measure(each: CheckCase, sampleRateHertz: Hertz, voices: number, isWorklet: boolean): Measurement {
  const clock = new SwapClock(each, sampleRateHertz, voices, isWorklet);
  clock.warmUp(WARM_UP_SWAPS);
  const swaps = each.strictness < LEAST_STRICTNESS ? QUICK_SWAPS : SWAPS;
  const first = timeSwaps(clock, swaps);
  // A machine that changes its speed between the median and the swaps fails once, a late block each time.
  const measured = first.excessMilliseconds > 0 ? timeSwaps(clock, swaps) : first;
  const where = `${voices} voices at ${sampleRateHertz} Hz, blocks of ${clock.blockSamples}`;
  if (measured.excessMilliseconds > 0)
    throw new Violation(
      'swap-time',
      `${where}: in three of four swaps, the same block takes ${measured.excessMilliseconds.toFixed(2)} ms more than ${LIMIT_TEXT}`,
    );
  const growthBytes = clock.growthBytes();
  if (growthBytes > LARGEST_GROWTH_BYTES)
    throw new Violation('allocation', `${where}: the blocks of a swap allocate ${growthBytes} bytes`);
  return measured;
}

function timeSwaps(clock: SwapClock, swaps: number): Measurement {
  const limits = clock.steadyLimits();
  let blocks = 0;
  let lateBlocks = 0;
  const excesses: number[][] = [];
  const swapCallMilliseconds: number[] = [];
  for (let swap = 0; swap < swaps; swap++) {
    clock.swap();
    swapCallMilliseconds.push(clock.swapCallMilliseconds);
    const latest = clock.excesses(limits);
    excesses.push(latest);
    blocks += latest.length;
    lateBlocks += latest.filter((excess) => excess > 0).length;
  }
  return { blocks, lateBlocks, excessMilliseconds: commonExcess(excesses), swapCallMilliseconds };
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
