import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Samples } from '../../../../engine/core/units.ts';
import type { Check, CheckCase, Figures } from '../harness/Check.ts';
import { randomSignal } from '../harness/randomSignal.ts';
import { figureName, type SteadySpeakerSet, steadySpeakerSets } from '../harness/steadySpeakerSets.ts';
import { Violation } from '../harness/Violation.ts';

const BLOCK_SAMPLES: Samples = 128;
const SIGNAL_BLOCKS = 64;
/** Times that the signal is processed in a round. */
const REPETITIONS = 16;
const BLOCKS_PER_ROUND = REPETITIONS * SIGNAL_BLOCKS;
/** Unmeasured rounds: interpreted code allocates heap numbers until the concurrent optimising compiler is done. */
const MOST_ROUNDS = 60;
/** Limit of heap growth. The smallest object has 12 bytes; one per block would be 12,000. */
const LARGEST_GROWTH_BYTES = 6000;
/**
 * Rounds in a row that must stay below the limit: in a single one, garbage from before that is returned may offset what is allocated.
 */
const CALM_ROUNDS = 3;
/** Lets the observer receive entries of garbage collections. */
const NOTICE_MILLISECONDS = 20;

export const allocation: Check = {
  name: 'allocation',
  title: 'processing allocates nothing and causes no garbage collection',
  isMeasurement: true,
  async run(each) {
    const figures: Record<string, number> = {};
    for (const steady of await steadySpeakerSets()) Object.assign(figures, await measure(steady, each));
    return figures;
  },
};

async function measure(steady: SteadySpeakerSet, { random, options, create }: CheckCase): Promise<Figures> {
  const { name, speakerSet } = steady;
  const plugin = create(speakerSet, options);
  const signal = randomSignal(random, SIGNAL_BLOCKS * BLOCK_SAMPLES, speakerSet.plan.sampleRateHertz);
  const blocks = Array.from({ length: SIGNAL_BLOCKS }, (_, b) =>
    signal.slice(b * BLOCK_SAMPLES, (b + 1) * BLOCK_SAMPLES),
  );
  const outputs = {
    speakers: speakerSet.speakers.map(() => new Float32Array(BLOCK_SAMPLES)),
    rest: new Float32Array(BLOCK_SAMPLES),
    dry: new Float32Array(BLOCK_SAMPLES),
  };
  const run = () => {
    for (let repetition = 0; repetition < REPETITIONS; repetition++)
      for (const block of blocks) plugin.process(block, outputs);
  };
  const counter = new CollectionCounter();
  try {
    let least = Number.POSITIVE_INFINITY;
    let calm: number[] = [];
    for (let round = 0; round < MOST_ROUNDS; round++) {
      await counter.restart();
      const before = heapBytes();
      run();
      const growth = heapBytes() - before;
      // Memory that was garbage before may be returned at any time, without a collection: then nothing is known of this round.
      if ((await counter.count()) > 0 || growth < 0) continue;
      least = Math.min(least, growth);
      calm = growth <= LARGEST_GROWTH_BYTES ? [...calm, growth] : [];
      if (calm.length === CALM_ROUNDS)
        return {
          [figureName(steady, 'bytesPerBlock')]: Math.max(...calm) / BLOCKS_PER_ROUND,
          [figureName(steady, 'rounds')]: round + 1,
        };
    }
    throw new Violation(
      'allocation',
      Number.isFinite(least)
        ? `${(least / BLOCKS_PER_ROUND).toFixed(1)} bytes are allocated in a block with the ${name} speaker set`
        : `garbage is collected in each ${BLOCKS_PER_ROUND} blocks with the ${name} speaker set`,
    );
  } finally {
    counter.stop();
  }
}

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
