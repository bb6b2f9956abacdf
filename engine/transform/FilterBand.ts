import type { Hertz, Samples, Seconds } from '../core/units.ts';
import type { PointCollector } from './TimeFrequencyPoints.ts';

/** One band of a constant-Q or wavelet transform, with a kernel and a hop of its own. */
export interface FilterBand {
  readonly frequencyHertz: Hertz;
  /** Width of the frequency range that the band represents. */
  readonly widthHertz: Hertz;
  /** [kernel] correlated with the signal; its middle is the time of the point */
  readonly real: Float32Array;
  /** [kernel] */
  readonly imaginary: Float32Array;
  readonly hopSamples: Samples;
}

/** Adds the points of one band, at multiples of its hop. Computed in the time domain: cheap, since the hop grows with the kernel. */
export function addBand(collector: PointCollector, signal: Float32Array, rate: Hertz, band: FilterBand): void {
  const { real, imaginary, hopSamples, frequencyHertz } = band;
  const length = real.length;
  const middle = (length - 1) / 2;
  const scale = 1 / Math.sqrt(kernelEnergy(band) * rate);
  const durationSeconds = bandDurationSeconds(band, rate);
  const area = (hopSamples / rate) * band.widthHertz;
  for (let centre = 0; centre <= signal.length; centre += hopSamples) {
    const start = Math.ceil(centre - middle);
    const first = Math.max(0, -start);
    const last = Math.min(length, signal.length - start);
    let realSum = 0;
    let imaginarySum = 0;
    for (let n = first; n < last; n++) {
      const sample = signal[start + n]!;
      realSum += sample * real[n]!;
      imaginarySum += sample * imaginary[n]!;
    }
    const magnitude = Math.sqrt(realSum * realSum + imaginarySum * imaginarySum) * scale;
    const timeSeconds = Math.min(signal.length, Math.max(0, start + middle)) / rate;
    collector.add(timeSeconds, frequencyHertz, magnitude, durationSeconds, area);
  }
}

/** Sum of the squared magnitudes of the kernel. */
export function kernelEnergy({ real, imaginary }: FilterBand): number {
  let energy = 0;
  for (let n = 0; n < real.length; n++) energy += real[n]! ** 2 + imaginary[n]! ** 2;
  return energy;
}

/** Duration of the sine window with the noise bandwidth of the band, energy / |response at the band's frequency|^2. */
function bandDurationSeconds(band: FilterBand, rate: Hertz): Seconds {
  const step = (2 * Math.PI * band.frequencyHertz) / rate;
  let realSum = 0;
  let imaginarySum = 0;
  band.real.forEach((real, n) => {
    const imaginary = band.imaginary[n]!;
    realSum += real * Math.cos(step * n) - imaginary * Math.sin(step * n);
    imaginarySum += imaginary * Math.cos(step * n) + real * Math.sin(step * n);
  });
  const bandwidthHertz = (kernelEnergy(band) / (realSum ** 2 + imaginarySum ** 2)) * rate;
  return Math.PI ** 2 / 8 / bandwidthHertz;
}

/** Geometric series of frequencies from `minimumHertz` up to at most `maximumHertz`. */
export function octaveFrequencies(minimumHertz: Hertz, maximumHertz: Hertz, binsPerOctave: number): Float64Array {
  const count = Math.floor(binsPerOctave * Math.log2(maximumHertz / minimumHertz) + 1e-9) + 1;
  return Float64Array.from({ length: Math.max(0, count) }, (_, k) => minimumHertz * 2 ** (k / binsPerOctave));
}

/** Distance between the midpoints to the lower and to the upper neighbour in a geometric series. */
export function octaveWidthHertz(frequencyHertz: Hertz, binsPerOctave: number): Hertz {
  return frequencyHertz * (2 ** (0.5 / binsPerOctave) - 2 ** (-0.5 / binsPerOctave));
}
