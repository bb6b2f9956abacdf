import { describe, expect, it } from 'vitest';
import { presetNetwork } from '../../../engine/model/Preset.ts';
import { DEFAULT_QUEFRENCIES, featureCount, templateFeatures } from '../../../engine/network/features.ts';
import { TemplateNetwork } from '../../../engine/network/TemplateNetwork.ts';
import { randomPreset } from '../syntheticVoice.ts';

describe('TemplateNetwork', () => {
  const network = presetNetwork(randomPreset('voice', 10, 3));

  it('is a function of frequency in hertz: a finer grid contains the values of a coarser one', () => {
    const coarse = network.sample(
      Float64Array.from({ length: 100 }, (_, bin) => bin * 62.5),
      0.064,
    );
    const fine = network.sample(
      Float64Array.from({ length: 400 }, (_, bin) => bin * 15.625),
      0.064,
    );
    for (let template = 0; template < 10; template++) {
      for (let bin = 0; bin < 100; bin++) expect(fine[template * 400 + 4 * bin]).toBe(coarse[template * 100 + bin]);
    }
  });

  it('is positive and finite at any frequency and window', () => {
    for (const duration of [0.002, 0.016, 0.064, 0.5, 2]) {
      const values = network.sample(
        Float64Array.from({ length: 200 }, (_, index) => index * 500),
        duration,
      );
      expect(values.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
    }
  });

  it('resolves less detail with a shorter window', () => {
    const roughness = (duration: number) => {
      const values = network
        .sample(
          Float64Array.from({ length: 801 }, (_, bin) => bin * 5),
          duration,
        )
        .map(Math.log);
      let sum = 0;
      for (let bin = 1; bin < 801; bin++) sum += (values[bin]! - values[bin - 1]!) ** 2;
      return sum;
    };
    expect(roughness(0.008)).toBeLessThan(roughness(0.064) / 2);
  });

  it('features are smeared cosines and sines, plain ones at a long window', () => {
    const features = templateFeatures(DEFAULT_QUEFRENCIES, [1000], [1e6]);
    expect(features.length).toBe(featureCount(DEFAULT_QUEFRENCIES));
    expect(features[0]).toBeCloseTo(Math.cos(2 * Math.PI * 31.25e-6 * 1000), 4);
    expect(features[1]).toBeCloseTo(Math.sin(2 * Math.PI * 31.25e-6 * 1000), 4);
  });

  it('rejects layers whose shapes do not match', () => {
    const layer = { inputs: 5, outputs: 1, weights: new Float32Array(5), biases: new Float32Array(1) };
    expect(() => new TemplateNetwork(DEFAULT_QUEFRENCIES, [layer])).toThrow('layers[0].inputs: must be 114, got 5');
  });
});
