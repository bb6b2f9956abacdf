import type { Hertz, Samples } from '../core/units.ts';
import { magnitudeScale, writeMagnitudes } from '../stft/magnitudes.ts';
import { equivalentNoiseBandwidthBins, sineWindow } from '../stft/window.ts';
import { visitFrames } from './signalFrames.ts';
import { PointCollector, type TimeFrequencyPoints } from './TimeFrequencyPoints.ts';
import type { TimeFrequencyTransform } from './TimeFrequencyTransform.ts';

/** STFT with any window and hop: a regular grid. Uses the same `Stft` class as the live separator. */
export class StftTransform implements TimeFrequencyTransform {
  readonly name: string;
  private readonly window: Float32Array;
  private readonly hopSamples: Samples;

  /**
   * @param window of a length that `RealFft` supports, or the length of a sine window
   * @param hopSamples 1 to the length of the window @default a quarter of the window
   */
  constructor(window: Float32Array | Samples, hopSamples?: Samples) {
    this.window = typeof window === 'number' ? sineWindow(window) : window;
    this.hopSamples = hopSamples ?? Math.max(1, Math.floor(this.window.length / 4));
    this.name = `stft-${this.window.length}`;
  }

  points(signal: Float32Array, sampleRateHertz: Hertz): TimeFrequencyPoints {
    const { window, hopSamples } = this;
    const bins = window.length / 2 + 1;
    const scale = magnitudeScale(window, sampleRateHertz);
    const magnitudes = new Float32Array(bins);
    const durationSeconds = kernelDurationSeconds(window, sampleRateHertz);
    const area = hopSamples / window.length;
    const collector = new PointCollector();
    visitFrames(signal, window, hopSamples, (centreSamples, spectrum) => {
      writeMagnitudes(spectrum, scale, 1, magnitudes);
      for (let bin = 0; bin < bins; bin++) {
        collector.add(
          centreSamples / sampleRateHertz,
          (bin * sampleRateHertz) / window.length,
          magnitudes[bin]!,
          durationSeconds,
          isEdge(bin, bins) ? area / 2 : area,
        );
      }
    });
    return collector.points();
  }
}

/** Duration of the sine window with the same noise bandwidth as `window`. */
export function kernelDurationSeconds(window: Float32Array, sampleRateHertz: Hertz): number {
  return ((window.length / sampleRateHertz) * (Math.PI ** 2 / 8)) / equivalentNoiseBandwidthBins(window);
}

/** True for the first and the last bin, which have no counterpart at negative frequencies. */
export function isEdge(bin: number, bins: number): boolean {
  return bin === 0 || bin === bins - 1;
}
