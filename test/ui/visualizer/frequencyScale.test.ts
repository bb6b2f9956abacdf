import { describe, expect, it } from 'vitest';
import { bandEdgesHertz, SPECTRUM_BANDS } from '../../../engine/realtime/telemetryFrame.ts';
import { heightOf, hertzAt, hertzLabel, mapRows, topHertz } from '../../../ui/visualizer/frequencyScale.ts';

describe.each(['log', 'linear'] as const)('the %s axis', (scale) => {
  it.each([8000, 16_000, 48_000, 192_000])('maps every row to the bands around its frequency at %i Hz', (rate) => {
    const rows = 200;
    const bands = new Uint8Array(rows);
    const weights = new Uint8Array(rows);
    mapRows(rate, scale, rows, bands, weights);
    const edges = bandEdgesHertz(rate);
    for (let row = 1; row < rows - 1; row++) {
      const hertz = hertzAt((rows - row - 0.5) / rows, scale, topHertz(rate));
      expect(edges[bands[row]!]!).toBeLessThanOrEqual(hertz + 1);
      expect(edges[bands[row]! + 2]!).toBeGreaterThanOrEqual(Math.min(hertz, edges[SPECTRUM_BANDS - 1]!) - 1);
      expect(heightOf(hertz, scale, topHertz(rate))).toBeCloseTo((rows - row - 0.5) / rows, 6);
    }
  });
});

it('formats frequencies with three significant digits at most', () => {
  expect([hertzLabel(440), hertzLabel(1000), hertzLabel(2534), hertzLabel(12_000)]).toEqual([
    '440 Hz',
    '1 kHz',
    '2.53 kHz',
    '12 kHz',
  ]);
});
