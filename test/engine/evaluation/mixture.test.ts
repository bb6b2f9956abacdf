import { describe, expect, it } from 'vitest';
import { mixAtSnr } from '../../../engine/evaluation/index.ts';
import { noise } from './goldenSignals.ts';

const energyOf = (signal: Float64Array) => signal.reduce((sum, sample) => sum + sample ** 2, 0);

describe('mixAtSnr', () => {
  it.each([0, 5, -20])('mixes at %i dB within the length of the shorter signal', (snrDecibels) => {
    const [long, short] = [noise(1, 900), Float32Array.from(noise(2, 700), (sample) => 0.01 * sample)] as const;
    for (const { target, interferer, mixture } of [
      mixAtSnr(long, short, snrDecibels),
      mixAtSnr(short, long, snrDecibels),
    ]) {
      expect([target.length, interferer.length, mixture.length]).toEqual([700, 700, 700]);
      expect(10 * Math.log10(energyOf(target) / energyOf(interferer))).toBeCloseTo(snrDecibels, 9);
      for (const [n, sample] of mixture.entries()) expect(sample).toBe(target[n]! + interferer[n]!);
    }
  });

  it('leaves the target unscaled and does not modify its arguments', () => {
    const [first, second] = [noise(1, 100), noise(2, 100)] as const;
    expect(mixAtSnr(first, second, 10).target).toEqual(first);
    expect(second).toEqual(noise(2, 100));
  });

  it('rejects invalid signals and ratios', () => {
    const sound = noise(1, 100);
    const late = new Float64Array(200).map((_, n) => (n < 100 ? 0 : 1));
    expect(() => mixAtSnr(sound, late, 0)).toThrow('interferer must not be silent: all 100 samples are 0');
    expect(() => mixAtSnr(new Float64Array(0), sound, 0)).toThrow('target must contain at least one sample, got 0');
    expect(() => mixAtSnr(sound, sound, Number.NaN)).toThrow(
      'snrDecibels must be a number between -120 and 120, got NaN',
    );
  });
});
