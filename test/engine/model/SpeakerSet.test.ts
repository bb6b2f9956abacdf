import { describe, expect, it } from 'vitest';
import { sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { mergeBins, sumIntoBands } from '../../../engine/separator/FrequencyBands.ts';
import { binCount, planStft } from '../../../engine/stft/StftPlan.ts';
import { randomPreset } from '../syntheticVoice.ts';

describe('sampleSpeakerSet', () => {
  it('has templates up to the narrowest bandwidth at any sample rate', () => {
    const wide = randomPreset('wide', 4, 1, 24_000);
    const narrow = randomPreset('narrow', 4, 2, 8000);
    const plan = planStft({ sampleRateHertz: 48_000 });
    expect(sampleSpeakerSet([wide], plan).bins).toBe(binCount(plan));
    expect(sampleSpeakerSet([wide, narrow], plan).bins).toBe(8000 / (48_000 / plan.windowSamples) + 1);
    expect(sampleSpeakerSet([narrow], planStft({ sampleRateHertz: 8000 })).bins).toBe(161);
  });

  it('samples the same function at every rate and window: equal windows in hertz give equal templates', () => {
    const preset = randomPreset('voice', 3, 1);
    const slow = sampleSpeakerSet([preset], planStft({ sampleRateHertz: 16_000, latency: 'studio' }));
    const fast = sampleSpeakerSet([preset], planStft({ sampleRateHertz: 48_000, latency: 'studio' }));
    const [first, second] = [slow.speakers[0]!.values, fast.speakers[0]!.values];
    expect(first.length).toBe(second.length);
    first.forEach((value, at) => {
      expect(Math.abs(value - second[at]!)).toBeLessThan(1e-3 * Math.max(1, value));
    });
  });

  it('has three frequency-scaled copies with mean 1', () => {
    const { speakers, bins } = sampleSpeakerSet([randomPreset('voice', 5, 1)], planStft({ sampleRateHertz: 16_000 }));
    expect(speakers[0]!.templates).toBe(15);
    for (let row = 0; row < 15; row++) {
      const values = speakers[0]!.values.subarray(row * bins, (row + 1) * bins);
      expect(values.reduce((sum, value) => sum + value, 0) / bins).toBeCloseTo(1, 4);
    }
  });

  it('rejects presets with different magnitude exponents', () => {
    const other = { ...randomPreset('other', 4, 1), magnitudeExponent: 1 };
    expect(() => sampleSpeakerSet([randomPreset('voice', 4, 1), other], planStft({ sampleRateHertz: 16_000 }))).toThrow(
      'magnitudeExponent of "other" must equal that of "voice", 0.5, got 1',
    );
  });
});

describe('mergeBins', () => {
  it('covers every bin once, with single bins at low frequencies and bands of at most 2 % of their frequency above', () => {
    const { edges, weights } = mergeBins(1537, 15.625);
    expect(edges[0]).toBe(0);
    expect(edges.at(-1)).toBe(1537);
    for (let band = 0; band < weights.length; band++) {
      const width = edges[band + 1]! - edges[band]!;
      expect(width).toBeGreaterThan(0);
      expect(width).toBeLessThanOrEqual(Math.max(1, edges[band]! / 50));
    }
  });

  it('sums the bins of each band and leaves later elements unchanged', () => {
    const bands = { edges: Int32Array.of(0, 1, 3), weights: Float32Array.of(1, 0.5) };
    const target = Float32Array.of(9, 9, 9, 9, 9);
    sumIntoBands(Float32Array.of(1, 2, 3, 4, 5, 6), bands, target, 2);
    expect([...target]).toEqual([1, 2.5, 4, 5.5, 9]);
  });
});
