import type { Hertz, Samples } from '../core/units.ts';
import { magnitudeScale } from '../stft/magnitudes.ts';
import { isEdge, kernelDurationSeconds } from './StftTransform.ts';
import { visitFrames } from './signalFrames.ts';
import { PointCollector, type TimeFrequencyPoints } from './TimeFrequencyPoints.ts';
import type { TimeFrequencyTransform } from './TimeFrequencyTransform.ts';

/**
 * Spectrogram whose points are moved to the centre of gravity of their energy in time and frequency, computed from three STFTs: with the
 * window, the window times time, and the derivative of the window (F. Auger, P. Flandrin, "Improving the readability of time-frequency
 * and time-scale representations by the reassignment method", IEEE Trans. Signal Processing 1995, eq. 22). Tones, impulses and linear
 * chirps become lines.
 */
export class ReassignedSpectrogram implements TimeFrequencyTransform {
  readonly name: string;
  private readonly windowSamples: Samples;
  private readonly hopSamples: Samples;

  /**
   * @param windowSamples length of the Hann window, whose derivative is continuous
   * @param hopSamples @default a quarter of the window
   */
  constructor(windowSamples: Samples, hopSamples: Samples = Math.max(1, Math.floor(windowSamples / 4))) {
    this.windowSamples = windowSamples;
    this.hopSamples = hopSamples;
    this.name = `reassigned-${windowSamples}`;
  }

  points(signal: Float32Array, sampleRateHertz: Hertz): TimeFrequencyPoints {
    const { windowSamples, hopSamples } = this;
    const bins = windowSamples / 2 + 1;
    // A periodic window, symmetric about sample N / 2, the centre of a frame.
    const phase = (n: number) => (2 * Math.PI * n) / windowSamples;
    const window = Float32Array.from({ length: windowSamples }, (_, n) => (1 - Math.cos(phase(n))) / 2);
    const ramped = window.map((value, n) => value * (n - windowSamples / 2));
    const derivative = window.map((_, n) => (Math.PI / windowSamples) * Math.sin(phase(n)));
    const rampedSpectra = spectra(signal, ramped, hopSamples);
    const derivativeSpectra = spectra(signal, derivative, hopSamples);
    const scale = magnitudeScale(window, sampleRateHertz);
    const durationSeconds = kernelDurationSeconds(window, sampleRateHertz);
    const area = hopSamples / windowSamples;
    const durationSamples = signal.length;
    const collector = new PointCollector();
    let frame = 0;
    visitFrames(signal, window, hopSamples, (centreSamples, spectrum) => {
      // All windows have the same length, and therefore the same frames.
      const rampedSpectrum = rampedSpectra[frame]!;
      const derivativeSpectrum = derivativeSpectra[frame]!;
      frame++;
      for (let bin = 0; bin < bins; bin++) {
        const real = spectrum[2 * bin]!;
        const imaginary = spectrum[2 * bin + 1]!;
        const power = real * real + imaginary * imaginary;
        const shiftSamples =
          power > 0 ? (rampedSpectrum[2 * bin]! * real + rampedSpectrum[2 * bin + 1]! * imaginary) / power : 0;
        const turn =
          power > 0 ? (derivativeSpectrum[2 * bin + 1]! * real - derivativeSpectrum[2 * bin]! * imaginary) / power : 0;
        const frequencyHertz = (bin / windowSamples - turn / (2 * Math.PI)) * sampleRateHertz;
        collector.add(
          clamp(centreSamples + clamp(shiftSamples, -windowSamples / 2, windowSamples / 2), 0, durationSamples) /
            sampleRateHertz,
          clamp(frequencyHertz, 0, sampleRateHertz / 2),
          Math.sqrt(power) * scale,
          durationSeconds,
          isEdge(bin, bins) ? area / 2 : area,
        );
      }
    });
    return collector.points();
  }
}

function spectra(signal: Float32Array, window: Float32Array, hopSamples: Samples): Float32Array[] {
  const frames: Float32Array[] = [];
  visitFrames(signal, window, hopSamples, (_, spectrum) => frames.push(spectrum.slice()));
  return frames;
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(maximum, Math.max(minimum, value));
}
