import { PerformanceObserver } from 'node:perf_hooks';

const SETTLING_ROUNDS = 40;
const SETTLING_BLOCKS = 3000;
/** Less heap growth in a round than a byte a block: nothing was allocated. */
const SETTLED_BYTES = 3000;
/** So many such rounds in a row: the code is compiled. After one alone, the optimising compiler may still take back what it assumed. */
const SETTLED_ROUNDS = 5;
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
  let settled = 0;
  for (let round = 0; round < SETTLING_ROUNDS && settled < SETTLED_ROUNDS; round++) {
    const settling = await measured(SETTLING_BLOCKS);
    settled = settling.collections === 0 && settling.heapGrowthBytes < SETTLED_BYTES ? settled + 1 : 0;
  }
  return measured(BLOCKS);
}
