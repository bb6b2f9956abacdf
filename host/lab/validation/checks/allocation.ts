import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Samples } from '../../../../engine/core/units.ts';
import type { Check } from '../harness/Check.ts';
import { randomSignal } from '../harness/randomSignal.ts';
import { steadySpeakerSet } from '../harness/steadySpeakerSet.ts';
import { Violation } from '../harness/Violation.ts';

const BLOCK_SAMPLES: Samples = 128;
const BLOCKS_PER_ROUND = 2000;
/** Unmeasured rounds: interpreted code allocates heap numbers until the concurrent optimising compiler is done. */
const MOST_ROUNDS = 20;
/** Limit of heap growth. The smallest object has 12 bytes; one per block would be 24,000. */
const LARGEST_GROWTH_BYTES = 12_000;
/** Lets the observer receive entries of garbage collections. */
const NOTICE_MILLISECONDS = 20;

export const allocation: Check = {
  name: 'allocation',
  title: 'processing allocates nothing and causes no garbage collection',
  isMeasurement: true,
  async run({ random, options, create }) {
    const speakerSet = steadySpeakerSet(2);
    const plugin = create(speakerSet, options);
    const signal = randomSignal(random, 64 * BLOCK_SAMPLES, speakerSet.plan.sampleRateHertz);
    const blocks = Array.from({ length: 64 }, (_, b) => signal.slice(b * BLOCK_SAMPLES, (b + 1) * BLOCK_SAMPLES));
    const outputs = {
      speakers: speakerSet.speakers.map(() => new Float32Array(BLOCK_SAMPLES)),
      rest: new Float32Array(BLOCK_SAMPLES),
      dry: new Float32Array(BLOCK_SAMPLES),
    };
    const run = () => {
      for (let block = 0; block < BLOCKS_PER_ROUND; block++) plugin.process(blocks[block % 64]!, outputs);
    };
    const counter = new CollectionCounter();
    try {
      let least = Number.POSITIVE_INFINITY;
      for (let round = 0; round < MOST_ROUNDS; round++) {
        await counter.restart();
        const before = heapBytes();
        run();
        const growth = heapBytes() - before;
        if ((await counter.count()) === 0) least = Math.min(least, Math.max(0, growth));
        if (least <= LARGEST_GROWTH_BYTES) return { bytesPerBlock: least / BLOCKS_PER_ROUND, rounds: round + 1 };
      }
      throw new Violation(
        'allocation',
        Number.isFinite(least)
          ? `${(least / BLOCKS_PER_ROUND).toFixed(1)} bytes are allocated in a block`
          : `garbage is collected in each ${BLOCKS_PER_ROUND} blocks`,
      );
    } finally {
      counter.stop();
    }
  },
};

/** @returns bytes of objects on the heap and of their buffers outside it */
function heapBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

class CollectionCounter {
  private collections = 0;
  private readonly observer = new PerformanceObserver((list) => {
    this.collections += list.getEntries().length;
  });

  constructor() {
    this.observer.observe({ entryTypes: ['gc'] });
  }

  async restart(): Promise<void> {
    await this.count();
    this.collections = 0;
  }

  async count(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, NOTICE_MILLISECONDS));
    return this.collections;
  }

  stop(): void {
    this.observer.disconnect();
  }
}
