import { defineConfig } from 'vitest/config';
import { builtWorkers } from '../../../builtWorkers.ts';

/** `node test/experiments/quality/speechToText/run.mjs`. */
export default defineConfig({
  plugins: [builtWorkers()],
  test: {
    root: new URL('../../../..', import.meta.url).pathname,
    include: ['test/experiments/quality/speechToText/*.measure.ts'],
    testTimeout: 0,
  },
});
