import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { bssEval } from '../../../engine/evaluation/index.ts';
import { denseBssEval } from './denseProjection.ts';
import { expectNear } from './expectNear.ts';
import { noise, sumOf, voice } from './goldenSignals.ts';

const golden = JSON.parse(readFileSync(new URL('golden/metrics.json', import.meta.url), 'utf8')).bssEval;

const rotate = (signal: Float64Array, samples: number) =>
  signal.map((_, n) => signal[(n - samples + signal.length) % signal.length]!);

/** Sources and one estimate of each, with leakage of the others, filtering and noise. */
function separation(sources: number, samples: number) {
  const references = Array.from({ length: sources }, (_, source) => voice(source + 1, 8000, samples));
  const estimates = references.map((reference, source) => {
    const leakage = references.map((_, other) => (other === source ? 1 : 0.1 + 0.05 * other));
    const filtered = rotate(reference, 2);
    return sumOf([1, 0.4, 0.05], [sumOf(leakage, references), filtered, noise(90 + source, samples)]);
  });
  return { references, estimates };
}

describe('bssEval', () => {
  it('agrees with mir_eval on three sources with 512 taps', () => {
    const references = [1, 2, 3].map((seed) => voice(seed, 8000, 6000));
    const estimates = references.map((reference, j) =>
      sumOf([1, 0.3, 0.05], [reference, rotate(references[(j + 2) % 3]!, 5), noise(20 + j, 6000)]),
    );
    const result = bssEval(
      references,
      [1, 2, 0].map((j) => estimates[j]!),
    );
    expect(result.permutation).toEqual(golden.permutation);
    expectNear(result.sdrDecibels, golden.sdr, 1e-6);
    expectNear(result.sirDecibels, golden.sir, 1e-6);
    expectNear(result.sarDecibels, golden.sar, 1e-6);
  });

  it.each([
    [1, 1],
    [2, 1],
    [2, 33],
    [3, 24],
    [4, 16],
  ])('agrees with dense least squares on %i sources and %i taps', (sources, taps) => {
    const { references, estimates } = separation(sources, 700);
    const { sdrDecibels, sirDecibels, sarDecibels } = bssEval(references, estimates, {
      filterTaps: taps,
      permute: false,
    });
    const dense = estimates.map((estimate, source) => denseBssEval(references, estimate, source, taps));
    const column = (key: 'sdrDecibels' | 'sirDecibels' | 'sarDecibels') => dense.map((ratios) => ratios[key]);
    expectNear(sdrDecibels, column('sdrDecibels'), 1e-6);
    if (sources > 1) expectNear(sirDecibels, column('sirDecibels'), 1e-6);
    else expect(sirDecibels).toEqual([Number.POSITIVE_INFINITY]);
    expectNear(sarDecibels, column('sarDecibels'), 1e-6);
  });

  it('agrees with dense least squares for signals of several blocks', () => {
    const { references, estimates } = separation(2, 5000);
    const ratios = bssEval(references, estimates, { filterTaps: 8 });
    const dense = denseBssEval(references, estimates[1]!, 1, 8);
    expectNear(
      [ratios.sdrDecibels[1]!, ratios.sirDecibels[1]!, ratios.sarDecibels[1]!],
      [dense.sdrDecibels, dense.sirDecibels, dense.sarDecibels],
      1e-6,
    );
  });

  it.each([2, 3, 4])(
    'finds the permutation of %i sources, and returns the figures in the order of the references',
    (sources) => {
      const { references, estimates } = separation(sources, 3000);
      const inOrder = bssEval(references, estimates, { filterTaps: 32, permute: false });
      const order = references.map((_, source) => (source + 1) % sources);
      const shuffled: Float64Array[] = [];
      for (const [source, place] of order.entries()) shuffled[place] = estimates[source]!;
      const found = bssEval(references, shuffled, { filterTaps: 32 });
      expect(inOrder.permutation).toEqual(references.map((_, source) => source));
      expect(found.permutation).toEqual(order);
      expectNear(found.sdrDecibels, inOrder.sdrDecibels, 1e-9);
      expectNear(found.sirDecibels, inOrder.sirDecibels, 1e-9);
      expectNear(found.sarDecibels, inOrder.sarDecibels, 1e-9);
    },
  );

  it('ignores gain, and delays and filters no longer than the taps', () => {
    // Silent at the end, so that a delay truncates nothing.
    const references = [1, 2, 3].map((seed) => voice(seed, 8000, 4000).fill(0, 3900));
    const gains = [3, -0.01, 1e4];
    const estimates = references.map((reference, source) =>
      sumOf([gains[source]!, 0.3 * gains[source]!], [reference, rotate(reference, 15)]),
    );
    const { sdrDecibels } = bssEval(references, estimates, { filterTaps: 16 });
    for (const decibels of sdrDecibels) expect(decibels).toBeGreaterThan(200);
    const tooShort = bssEval(references, estimates, { filterTaps: 8 });
    for (const decibels of tooShort.sdrDecibels) expect(decibels).toBeLessThan(30);
  });

  it('returns the SIR of orthogonal leakage and the SAR of added noise', () => {
    const [speech, other, hiss] = [noise(1, 200_000), noise(2, 200_000), noise(3, 200_000)] as const;
    const estimate = sumOf([1, 0.1, 0.01], [speech, other, hiss]);
    const { sirDecibels, sarDecibels } = bssEval([speech, other], [estimate, other], { filterTaps: 4 });
    expect(sirDecibels[0]).toBeCloseTo(20, 0);
    expect(sarDecibels[0]).toBeCloseTo(40, 0);
  });

  it('handles linearly dependent references: a pure tone, and the same source twice', () => {
    const tone = Float64Array.from({ length: 4000 }, (_, n) => Math.sin(0.1 * n));
    const speech = voice(1, 8000, 4000);
    const withTone = bssEval([tone, speech], [sumOf([1, 0.1], [tone, speech]), speech], { filterTaps: 64 });
    expect(withTone.permutation).toEqual([0, 1]);
    expect(withTone.sdrDecibels[0]).toBeGreaterThan(15);
    const estimates = [sumOf([1, 0.1], [speech, noise(4, 4000)]), sumOf([1, 0.1], [speech, noise(5, 4000)])];
    const twice = bssEval([speech, speech], estimates, { filterTaps: 64 });
    const once = bssEval([speech], [estimates[0]!], { filterTaps: 64 });
    expectNear([twice.sdrDecibels[0]!], once.sdrDecibels, 1e-6);
    expect(twice.sirDecibels[0]).toBeGreaterThan(100);
  });

  it('accepts float32 signals', () => {
    const { references, estimates } = separation(2, 2000);
    const narrow = (signals: readonly Float64Array[]) => signals.map((signal) => Float32Array.from(signal));
    const wide = bssEval(references, estimates, { filterTaps: 16 });
    expectNear(bssEval(narrow(references), narrow(estimates), { filterTaps: 16 }).sdrDecibels, wide.sdrDecibels, 1e-4);
  });

  it('rejects invalid signals by name, with the reason', () => {
    const { references, estimates } = separation(2, 600);
    const [first, second] = references as [Float64Array, Float64Array];
    const broken = first.map((sample, n) => (n === 17 ? Number.NaN : sample));
    const refuse = (refs: Float64Array[], ests: Float64Array[], message: string, filterTaps = 512) => {
      const measure = () => bssEval(refs, ests, { filterTaps });
      expect(measure).toThrow(InputError);
      expect(measure).toThrow(message);
    };
    refuse([first, new Float64Array(600)], estimates, 'references[1] must not be silent: all 600 samples are 0');
    refuse(references, [new Float64Array(600), second], 'estimates[0] must not be silent');
    refuse([first, broken], estimates, 'references[1] must contain finite samples, got NaN at sample 17');
    refuse(references, [first, first.map(() => 1e200)], 'estimates[1] must have a finite energy');
    refuse(references, estimates, 'references[0] must contain at least 601 samples (filterTaps), got 600', 601);
    refuse(
      [first, second.subarray(1)],
      estimates,
      'references[1] must be as long as references[0], 600 samples, got 599',
    );
    refuse(
      references,
      [first.subarray(2), second],
      'estimates[0] must be as long as references[0], 600 samples, got 598',
    );
    refuse(references, [first], 'estimates must be as many as references, 2, got 1');
    refuse([], [], 'number of references must be an integer between 1 and 8, got 0');
    refuse(references, estimates, 'filterTaps must be an integer between 1 and 2048, got 0', 0);
  });

  it('measures two sources of 10 s at 16 kHz in under 1.5 s', () => {
    const { references, estimates } = separation(2, 160_000);
    const start = performance.now();
    bssEval(references, estimates);
    expect(performance.now() - start).toBeLessThan(1500);
  });
});
