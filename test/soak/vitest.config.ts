import { defineConfig } from 'vitest/config';
import { builtWorkers } from '../builtWorkers.ts';

/** `npm run soak -- --minutes N`: real time, and writes test/soak/soak.md and soak.svg. */
export default defineConfig({
  plugins: [builtWorkers()],
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/soak/*.measure.ts'],
    testTimeout: 0,
  },
});
