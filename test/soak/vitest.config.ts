import { defineConfig } from 'vitest/config';

/** `npm run soak -- --minutes N`: real time, and writes test/soak/soak.md and soak.svg. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/soak/*.measure.ts'],
    testTimeout: 0,
  },
});
