import { defineConfig } from 'vitest/config';
import { builtWorkers } from '../../builtWorkers.ts';

/** `npm run measure:overload`: takes two minutes on an otherwise idle machine and writes overload.md and overload.svg. */
export default defineConfig({
  plugins: [builtWorkers()],
  test: {
    root: new URL('../../..', import.meta.url).pathname,
    include: ['test/bench/overload/*.measure.ts'],
    testTimeout: 600_000,
  },
});
