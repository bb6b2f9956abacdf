import { describe, expect, it } from 'vitest';
import { siSdr } from '../../../engine/evaluation/index.ts';
import { noise, sumOf } from './goldenSignals.ts';

describe('siSdr', () => {
  const reference = Float64Array.of(1, 1, -1, -1);
  const orthogonal = Float64Array.of(1, -1, 1, -1);

  it('equals the ratio of the mixed signals at any gain', () => {
    for (const gain of [1, -3, 1e-6]) {
      expect(siSdr(reference, sumOf([gain, 0.1 * gain], [reference, orthogonal]))).toBeCloseTo(20, 9);
    }
  });

  it('is infinite for the reference itself and minus infinity for an orthogonal signal', () => {
    expect(siSdr(reference, sumOf([2], [reference]))).toBe(Number.POSITIVE_INFINITY);
    expect(siSdr(reference, orthogonal)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('counts a constant offset as distortion', () => {
    expect(
      siSdr(
        reference,
        reference.map((sample) => sample + 0.1),
      ),
    ).toBeCloseTo(20, 9);
  });

  it('counts a delay of one sample as distortion', () => {
    const signal = noise(1, 10_000);
    expect(siSdr(signal.subarray(1), signal.subarray(0, -1))).toBeLessThan(-20);
  });

  it('rejects invalid signals by name, with the reason', () => {
    const silence = new Float64Array(4);
    expect(() => siSdr(silence, reference)).toThrow('reference must not be silent: all 4 samples are 0');
    expect(() => siSdr(reference, silence)).toThrow('estimate must not be silent');
    expect(() => siSdr(reference, noise(1, 5))).toThrow('estimate must be as long as reference, 4 samples, got 5');
    expect(() => siSdr(reference, Float64Array.of(1, 2, Number.POSITIVE_INFINITY, 4))).toThrow(
      'estimate must contain finite samples, got Infinity at sample 2',
    );
    expect(() => siSdr(new Float32Array(0), new Float32Array(0))).toThrow(
      'reference must contain at least one sample, got 0',
    );
  });
});
