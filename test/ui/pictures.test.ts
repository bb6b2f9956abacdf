import { describe, expect, it } from 'vitest';
import { bandEdgesHertz, SPECTRUM_BANDS } from '../../engine/realtime/telemetryFrame.ts';
import { resolveParameters } from '../../engine/separator/parameters.ts';
import { PresetLibrary } from '../../host/library/PresetLibrary.ts';
import { diagnose } from '../../ui/health/diagnose.ts';
import { separability } from '../../ui/model/separability.ts';
import { TemplateCurves } from '../../ui/model/TemplateCurves.ts';
import { heightOf, hertzAt, hertzLabel, mapRows, topHertz } from '../../ui/visualizer/frequencyScale.ts';
import { SimulatedSession, simulatedStatus } from './SimulatedSession.ts';

describe.each(['log', 'linear'] as const)('the %s axis', (scale) => {
  it.each([8000, 16_000, 48_000, 192_000])('puts every row onto the band of its frequency at %i Hz', (rate) => {
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

it('frequencies are told as people do', () => {
  expect([hertzLabel(440), hertzLabel(1000), hertzLabel(2534), hertzLabel(12_000)]).toEqual([
    ...['440 Hz', '1 kHz', '2.53 kHz', '12 kHz'],
  ]);
});

it('templates are the same functions at any DFT size', async () => {
  const curves = new TemplateCurves(await new PresetLibrary().load('synthetic-male'));
  const coarse = curves.sample(256, 16_000, 0.064);
  const fine = curves.sample(1024, 16_000, 0.064);
  const bins = coarse.frequenciesHertz.length;
  const fineBins = fine.frequenciesHertz.length;
  for (let template = 0; template < coarse.templates; template++) {
    // Each is shown against its own mean: what may differ is one offset.
    const offsets = Array.from(
      { length: bins },
      (_, bin) => coarse.decibels[template * bins + bin]! - fine.decibels[template * fineBins + 4 * bin]!,
    );
    for (const offset of offsets) expect(Math.abs(offset - offsets[0]!)).toBeLessThan(0.01);
  }
  expect([...curves.order].sort((one, other) => one - other)).toEqual([...Array(coarse.templates).keys()]);
});

describe('why a separation is poor', () => {
  const base = new SimulatedSession([], ['a', 'b']).state;
  const fine = simulatedStatus(1);

  it('says nothing where nothing is wrong', () => {
    expect(diagnose(base, fine, null)).toEqual([]);
    expect(diagnose(base, fine, -30)).toEqual([]);
  });

  it('names those that sound alike once', () => {
    const alike = { ...base, similarity: [1, 0.9, 0.9, 1] };
    expect(separability(alike, 'a')).toMatchObject({ other: 'b' });
    expect(diagnose(alike, fine, null)).toEqual(['a and b sound alike: expect leakage between them.']);
  });

  it('names the gap, the rest, overload and clipping', () => {
    const status = {
      ...fine,
      relativeGap: 0.5,
      overload: 'bypass' as const,
      counters: { ...fine.counters, clippedSamples: 3 },
    };
    expect(diagnose(base, status, -3)).toHaveLength(4);
    const runExclusive = { ...base, settings: { ...base.settings, speakers: [], parameters: resolveParameters() } };
    expect(diagnose(runExclusive, fine, null)[0]).toMatch(/No speaker/);
  });
});
