import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { Kernel } from '../../../engine/kernel/Kernel.ts';
import { RealFft } from '../../../engine/kernel/RealFft.ts';
import { InverseStft } from '../../../engine/stft/InverseStft.ts';
import { Stft } from '../../../engine/stft/Stft.ts';
import { asymmetricPair, symmetricPair, type WindowPair } from '../../../engine/stft/window.ts';

function throughStft(input: Float32Array, windows: WindowPair, hopSamples: number): Float32Array {
  const windowSamples = windows.analysis.length;
  const kernel = new Kernel(Stft.requiredBytes(windowSamples) + InverseStft.requiredBytes(windowSamples));
  const stft = new Stft(kernel, windows.analysis, hopSamples);
  const inverse = new InverseStft(kernel, windows, hopSamples);
  const output = new Float32Array(input.length);
  for (let start = 0; start + hopSamples <= input.length; start += hopSamples) {
    output.set(inverse.output, start);
    stft.push(input, start, hopSamples);
    stft.transform();
    inverse.spectrum.set(stft.spectrum);
    inverse.synthesize();
  }
  return output;
}

describe('Stft and InverseStft', () => {
  it('reconstruct perfectly from the first sample on, one synthesis window late, for random windows, hops and pairs', () => {
    const random = new Random(11);
    for (let round = 0; round < 40; round++) {
      const windowSamples = RealFft.nearestSupportedSize(16 + random.integer(3000));
      const isSymmetric = random.uniform() < 0.3;
      const synthesisSamples = isSymmetric ? windowSamples : 2 * (4 + random.integer(windowSamples / 2 - 4));
      const windows = isSymmetric ? symmetricPair(windowSamples) : asymmetricPair(windowSamples, synthesisSamples);
      const hopSamples = 1 + random.integer(Math.floor(synthesisSamples / 2));
      const input = Float32Array.from({ length: 4 * windowSamples }, () => random.between(-1, 1));
      const output = throughStft(input, windows, hopSamples);
      const whole = Math.floor(input.length / hopSamples) * hopSamples;
      let worst = 0;
      for (let n = 0; n < whole; n++) {
        const expected = n < synthesisSamples ? 0 : input[n - synthesisSamples]!;
        worst = Math.max(worst, Math.abs(output[n]! - expected));
      }
      expect(worst, `N ${windowSamples}, synthesis ${synthesisSamples}, hop ${hopSamples}`).toBeLessThan(2e-5);
    }
  });

  it('rejects a hop that leaves gaps, and one of 0', () => {
    const kernel = new Kernel(InverseStft.requiredBytes(512));
    expect(() => new InverseStft(kernel, asymmetricPair(512, 128), 0)).toThrow(
      'hopSamples must be an integer between 1 and 128, got 0',
    );
    expect(() => new InverseStft(kernel, asymmetricPair(512, 128), 200)).toThrow(
      'hopSamples must be an integer between 1 and 128',
    );
    expect(() => new InverseStft(new Kernel(InverseStft.requiredBytes(512)), asymmetricPair(512, 128), 128)).toThrow(
      'leaves gaps between windows',
    );
  });

  it('rejects window sizes that the FFT does not support', () => {
    expect(() => new Stft(new Kernel(1 << 20), new Float32Array(14), 7)).toThrow('got 14');
  });
});
