import { defineConfig } from 'vitest/config';
import { builtWorkers } from '../../builtWorkers.ts';

/** `npm run measure:queue`: takes some minutes on an otherwise idle machine and writes test/bench/queue/queue.md. */
export default defineConfig({
  plugins: [builtWorkers()],
  test: {
    root: new URL('../../..', import.meta.url).pathname,
    include: ['test/bench/queue/*.measure.ts'],
    testTimeout: 1_800_000,
    fileParallelism: false,
  },
});
