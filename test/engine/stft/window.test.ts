import { describe, expect, it } from 'vitest';
import {
  asymmetricPair,
  equivalentNoiseBandwidthBins,
  sineWindow,
  symmetricPair,
} from '../../../engine/stft/window.ts';

describe('windows', () => {
  it('sine window: equivalent noise bandwidth pi^2/8 (Harris 1978)', () => {
    expect(equivalentNoiseBandwidthBins(sineWindow(4096))).toBeCloseTo(Math.PI ** 2 / 8, 5);
    expect(equivalentNoiseBandwidthBins(new Float32Array(64).fill(1))).toBeCloseTo(1, 6);
  });

  it('an asymmetric pair multiplies to a Hann window at the end of the analysis window', () => {
    const { analysis, synthesis } = asymmetricPair(1000, 250);
    for (let n = 0; n < 250; n++) {
      expect(analysis[750 + n]! * synthesis[n]!).toBeCloseTo(Math.sin((Math.PI * (n + 0.5)) / 250) ** 2, 5);
    }
  });

  it('with a synthesis window of full length the pair is the symmetric one', () => {
    const asymmetric = asymmetricPair(512, 512);
    const symmetric = symmetricPair(512);
    for (let n = 0; n < 512; n++) {
      expect(asymmetric.analysis[n]).toBeCloseTo(symmetric.analysis[n]!, 5);
      expect(asymmetric.synthesis[n]).toBeCloseTo(symmetric.synthesis[n]!, 5);
    }
  });

  it('rejects invalid lengths with the parameter, its range and its value', () => {
    expect(() => asymmetricPair(512, 514)).toThrow('synthesisSamples must be an integer between 2 and 512, got 514');
    expect(() => asymmetricPair(512, 127)).toThrow('got 63.5');
  });
});
