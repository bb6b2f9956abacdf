import { PerformanceObserver } from 'node:perf_hooks';

const SETTLING_ROUNDS = 20;
const SETTLING_BLOCKS = 3000;
/** Less heap growth in a round than a byte a block: the code is compiled. */
const SETTLED_BYTES = 3000;
const BLOCKS = 20_000;

/**
 * Counts garbage collections and heap growth of some work. For processes that do nothing else: a test runner makes garbage of its own.
 * @param run does the work of a number of blocks
 */
export async function countGarbage(run) {
  let collections = 0;
  new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  }).observe({ entryTypes: ['gc'] });
  const measured = async (blocks) => {
    collections = 0;
    const heapBytes = process.memoryUsage().heapUsed;
    run(blocks);
    const heapGrowthBytes = process.memoryUsage().heapUsed - heapBytes;
    // The observer is called later.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { collections, heapGrowthBytes };
  };
  // Until the optimising compiler, which runs beside and has to wait on a busy machine, is done: interpreted arithmetic makes garbage.
  for (let round = 0; round < SETTLING_ROUNDS; round++) {
    const settling = await measured(SETTLING_BLOCKS);
    if (settling.collections === 0 && settling.heapGrowthBytes < SETTLED_BYTES) break;
  }
  return measured(BLOCKS);
}
