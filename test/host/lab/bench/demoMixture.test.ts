import { expect, it } from 'vitest';
import { readDemoMixture } from '../../../../host/lab/bench/demoMixture.ts';

it('the demo mixture has the templates of both voices', async () => {
  const { bins, bands } = await readDemoMixture();
  expect(bins.magnitudes.length % bins.bins).toBe(0);
  const frames = bins.magnitudes.length / bins.bins;
  expect(frames).toBeGreaterThan(500);
  expect(bands.magnitudes.length).toBe(frames * bands.bins);
  expect(bands.bins).toBeLessThan(bins.bins);
  const templates = bins.templates.length / bins.bins;
  // The separator adds two warped copies of each template.
  expect(bands.templates.length / bands.bins).toBe(3 * templates);
  expect(bins.templates.every((value) => value >= 0)).toBe(true);
});
