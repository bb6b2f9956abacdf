import { defineConfig } from 'vitest/config';
import { builtWorkers } from '../builtWorkers.ts';

/** `npm run measure:live`: takes some minutes on an otherwise idle machine and writes test/bench/live.md. */
export default defineConfig({
  plugins: [builtWorkers()],
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/bench/*.measure.ts', 'test/shared/*.measure.ts'],
    testTimeout: 900_000,
    fileParallelism: false,
  },
});
