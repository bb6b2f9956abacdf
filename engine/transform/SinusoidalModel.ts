import { requireInteger, requireNumber } from '../core/errors.ts';
import { paired } from '../core/paired.ts';
import type { Decibels, Hertz, Samples } from '../core/units.ts';
import { decibelsToAmplitude } from '../core/units.ts';
import { magnitudeScale } from '../stft/magnitudes.ts';
import { equivalentNoiseBandwidthBins } from '../stft/window.ts';
import { linkTracks, type SpectralPeak } from './linkTracks.ts';
import { kernelDurationSeconds } from './StftTransform.ts';
import { visitFrames } from './signalFrames.ts';
import { PointCollector, type TimeFrequencyPoints } from './TimeFrequencyPoints.ts';
import type { TimeFrequencyTransform } from './TimeFrequencyTransform.ts';

export interface SinusoidalModelOptions {
  /** @default a quarter of the window */
  readonly hopSamples?: Samples;
  /** Level below which peaks are omitted, relative to the loudest peak of the signal; -200 to 0. @default -70 */
  readonly floorDecibels?: Decibels;
  /** Shorter tracks are omitted as noise. @default 3 */
  readonly shortestTrackFrames?: number;
  /** Largest change of a partial's frequency from frame to frame, in bins of the window. @default 1 */
  readonly largestStepBins?: number;
}

/** Factor of zero padding, at which the bias of the parabola on a Hann window is below 0.01 bins. */
const PADDING = 2;
/** Lower limit of powers relative to the largest of the frame: the logarithm of rounding errors would distort the parabola. */
const POWER_FLOOR = 1e-13;

/**
 * Sinusoidal model: peaks of the spectrum, refined by a parabola through the logarithms of three bins and linked to tracks. Only points on
 * tracks are returned (X. Serra, "Musical sound modeling with sinusoids plus noise", 1997; J. O. Smith, X. Serra, PARSHL, 1987). The
 * points do not lie on a grid.
 */
export class SinusoidalModel implements TimeFrequencyTransform {
  readonly name: string;
  private readonly windowSamples: Samples;
  private readonly hopSamples: Samples;
  private readonly floorDecibels: Decibels;
  private readonly shortestTrackFrames: number;
  private readonly largestStepBins: number;

  /** @param windowSamples length of the Hann window before zero padding to twice the length, at most 32768 */
  constructor(windowSamples: Samples, options: SinusoidalModelOptions = {}) {
    const { floorDecibels = -70, shortestTrackFrames = 3, largestStepBins = 1 } = options;
    requireNumber('floorDecibels', floorDecibels, -200, 0);
    requireInteger('shortestTrackFrames', shortestTrackFrames, 1, 1000);
    this.windowSamples = windowSamples;
    this.hopSamples = options.hopSamples ?? Math.max(1, Math.floor(windowSamples / 4));
    this.floorDecibels = floorDecibels;
    this.shortestTrackFrames = shortestTrackFrames;
    this.largestStepBins = largestStepBins;
    this.name = `sinusoidal-${windowSamples}`;
  }

  points(signal: Float32Array, sampleRateHertz: Hertz): TimeFrequencyPoints {
    const { windowSamples, hopSamples } = this;
    const window = new Float32Array(windowSamples * PADDING);
    const offset = (window.length - windowSamples) / 2;
    for (let n = 0; n < windowSamples; n++) {
      window[offset + n] = (1 - Math.cos((2 * Math.PI * n) / windowSamples)) / 2;
    }
    const scale = magnitudeScale(window, sampleRateHertz);
    const binHertz = sampleRateHertz / window.length;
    const centres: number[] = [];
    const frames: SpectralPeak[][] = [];
    visitFrames(signal, window, hopSamples, (centreSamples, spectrum) => {
      centres.push(centreSamples);
      frames.push(framePeaks(spectrum, scale, binHertz));
    });
    const loudest = frames.reduce(
      (most, peaks) => peaks.reduce((high, peak) => Math.max(high, peak.magnitude), most),
      0,
    );
    const floor = loudest * decibelsToAmplitude(this.floorDecibels);
    const audible = frames.map((peaks) => peaks.filter(({ magnitude }) => magnitude > floor));
    const largestStepHertz = (this.largestStepBins * sampleRateHertz) / windowSamples;
    const tracks = linkTracks(audible, largestStepHertz);

    const durationSeconds = kernelDurationSeconds(window, sampleRateHertz);
    // A peak represents its main lobe, whose energy is that of one noise bandwidth at the height of the peak.
    const area = (hopSamples / sampleRateHertz) * equivalentNoiseBandwidthBins(window) * binHertz;
    const collector = new PointCollector();
    for (const track of tracks) {
      if (track.peaks.length < this.shortestTrackFrames) continue;
      const times = centres.slice(track.firstFrame, track.firstFrame + track.peaks.length);
      for (const [{ frequencyHertz, magnitude }, centreSamples] of paired(track.peaks, times)) {
        collector.add(centreSamples / sampleRateHertz, frequencyHertz, magnitude, durationSeconds, area);
      }
    }
    return collector.points();
  }
}

/** Local maxima of the spectrum, refined by a parabola through log magnitudes. */
function framePeaks(spectrum: Float32Array, scale: number, binHertz: Hertz): SpectralPeak[] {
  const bins = spectrum.length / 2;
  const powers = Float64Array.from({ length: bins }, (_, bin) => spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2);
  const floor = POWER_FLOOR * powers.reduce((most, power) => Math.max(most, power));
  if (!(floor > 0)) return [];
  const logarithms = powers.map((power) => Math.log(Math.max(floor, power)) / 2);
  const peaks: SpectralPeak[] = [];
  for (let bin = 1; bin < bins - 1; bin++) {
    const before = logarithms[bin - 1]!;
    const here = logarithms[bin]!;
    const after = logarithms[bin + 1]!;
    const curvature = before - 2 * here + after;
    if (!(here > before && here >= after && curvature < 0)) continue;
    const shift = (0.5 * (before - after)) / curvature;
    const height = here - 0.25 * (before - after) * shift;
    peaks.push({ frequencyHertz: (bin + shift) * binHertz, magnitude: Math.exp(height) * scale });
  }
  return peaks;
}
