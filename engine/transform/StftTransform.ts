import type { Hertz, Samples } from '../core/units.ts';
import { magnitudeScale, writeMagnitudes } from '../stft/magnitudes.ts';
import { equivalentNoiseBandwidthBins, sineWindow } from '../stft/window.ts';
import { visitFrames } from './signalFrames.ts';
import { PointCollector, type TimeFrequencyPoints } from './TimeFrequencyPoints.ts';
import type { TimeFrequencyTransform } from './TimeFrequencyTransform.ts';

/** The STFT of any window and hop, through the class that runs live: a regular grid. */
export class StftTransform implements TimeFrequencyTransform {
  readonly name: string;
  private readonly window: Float32Array;
  private readonly hopSamples: Samples;

  /**
   * @param window its length is a size that `RealFft` supports; a number means the sine window of that length
   * @param hopSamples 1 to window length @default a quarter of the window
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

/** Duration of the sine window with the noise bandwidth of this one. */
export function kernelDurationSeconds(window: Float32Array, sampleRateHertz: Hertz): number {
  return ((window.length / sampleRateHertz) * (Math.PI ** 2 / 8)) / equivalentNoiseBandwidthBins(window);
}

/** The first and the last bin have no twin at negative frequencies. */
export function isEdge(bin: number, bins: number): boolean {
  return bin === 0 || bin === bins - 1;
}
