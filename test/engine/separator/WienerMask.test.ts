import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { WienerMask } from '../../../engine/separator/WienerMask.ts';

const bins = 60;
const knownBins = 40;
const random = new Random(1);
const model = () => Float32Array.from({ length: knownBins }, () => random.uniform());
const magnitudes = Float32Array.from({ length: bins }, () => 4 * random.uniform());
const sums = (mask: WienerMask) =>
  Array.from({ length: bins }, (_, bin) => mask.speakers.reduce((sum, gains) => sum + gains[bin]!, mask.rest[bin]!));

describe('WienerMask', () => {
  it.each([1, 2, 3, 8])(
    'gains of %i speakers and the rest lie in 0 to 1 and sum to one, at any exponent',
    (speakers) => {
      const mask = new WienerMask(speakers, bins, knownBins);
      for (const exponent of [0.25, 1, 2, 3.3, 8]) {
        for (const rest of [0, 0.5, 1]) {
          mask.compute(Array.from({ length: speakers }, model), magnitudes, exponent, 0, rest);
          for (const sum of sums(mask)) expect(sum).toBeCloseTo(1, 5);
          const gains = [...mask.speakers, mask.rest];
          expect(gains.every((row) => row.every((gain) => gain >= 0 && gain <= 1))).toBe(true);
          if (rest === 0) expect(mask.rest.every((gain) => gain === 0)).toBe(true);
        }
      }
    },
  );

  it('computes m_s^q divided by the sum over speakers', () => {
    const mask = new WienerMask(2, 1, 1);
    mask.compute([Float32Array.of(3), Float32Array.of(1)], Float32Array.of(4), 2, 0, 0);
    expect(mask.speakers[0]![0]).toBeCloseTo(9 / 10, 6);
    mask.compute([Float32Array.of(3), Float32Array.of(1)], Float32Array.of(9), 1, 0, 1);
    expect(mask.rest[0]).toBeCloseTo(5 / 9, 6);
  });

  it('divides silence equally and applies the floor', () => {
    const mask = new WienerMask(4, bins, knownBins);
    const silence = new Float32Array(knownBins);
    mask.compute([silence, silence, silence, silence], new Float32Array(bins), 4, 0, 1);
    expect(mask.speakers.every((row) => row.every((gain) => gain === 0.25))).toBe(true);
    mask.compute([model(), silence, silence, silence], magnitudes, 2, 0.1, 0);
    expect(mask.speakers[3]!.every((gain) => gain >= 0.1 - 1e-6)).toBe(true);
  });

  it('extends the shares of the uppermost third of the covered bins to the bins above', () => {
    const mask = new WienerMask(2, bins, knownBins);
    const first = new Float32Array(knownBins).fill(9, 0, 20).fill(3, 26);
    const second = new Float32Array(knownBins).fill(1);
    mask.compute([first, second], magnitudes, 1, 0, 0);
    for (let bin = knownBins; bin < bins; bin++) expect(mask.speakers[0]![bin]).toBeCloseTo(0.75, 5);
  });
});
