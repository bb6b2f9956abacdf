import type { Decibels, Hertz, Samples, Seconds } from '../core/units.ts';
import { powerToDecibels } from '../core/units.ts';
import { Kernel } from '../kernel/Kernel.ts';
import { RealFft } from '../kernel/RealFft.ts';
import { Stft } from '../stft/Stft.ts';
import { sineWindow } from '../stft/window.ts';

/** Resolves 50 Hz, so that a tone stands apart from the harmonics of a voice. */
const WINDOW_SECONDS: Seconds = 0.04;
/** Frames per window. */
const OVERLAP = 4;
/** Half the main lobe of the Hann window, in bins. */
const LOBE_BINS = 2;
/** Below it lie hum and the sway of a microphone's cable. */
const LOWEST_HERTZ: Hertz = 80;

/**
 * Finds the strongest sinusoid of a signal, frame by frame.
 * @thread device. Only the constructor allocates.
 */
export class ToneFinder {
  readonly hopSeconds: Seconds;
  /** Share of the frame's power in the strongest spectral line, 0 to 1: 1 for a sinusoid, 0.8 for a square wave. */
  purity = 0;
  frequencyHertz: Hertz = 0;
  /** RMS level of the frame. */
  levelDecibels: Decibels = Number.NEGATIVE_INFINITY;
  private readonly stft: Stft;
  private readonly binHertz: Hertz;
  private readonly firstBin: number;
  private readonly bins: number;
  /** [bins] */
  private readonly powers: Float32Array;
  /** Sum of the spectrum's power to mean square of the samples. */
  private readonly scale: number;

  constructor(sampleRateHertz: Hertz) {
    const windowSamples = RealFft.nearestSupportedSize(WINDOW_SECONDS * sampleRateHertz);
    const hopSamples = Math.floor(windowSamples / OVERLAP);
    const window = sineWindow(windowSamples).map((value) => value * value);
    this.stft = new Stft(new Kernel(Stft.requiredBytes(windowSamples)), window, hopSamples);
    this.hopSeconds = hopSamples / sampleRateHertz;
    this.binHertz = sampleRateHertz / windowSamples;
    this.bins = windowSamples / 2 + 1;
    this.firstBin = Math.ceil(LOWEST_HERTZ / this.binHertz);
    this.powers = new Float32Array(this.bins);
    // Parseval for a one-sided spectrum; the mean square of the Hann window is 3/8.
    this.scale = 2 / (windowSamples * windowSamples * (3 / 8));
  }

  get samplesUntilFrame(): Samples {
    return this.stft.samplesUntilFrame;
  }

  /** Appends at most `samplesUntilFrame` samples. @returns whether a frame is complete: then the figures have changed */
  push(samples: Float32Array, offset: number, count: Samples): boolean {
    this.stft.push(samples, offset, count);
    if (this.stft.samplesUntilFrame > 0) return false;
    this.stft.transform();
    this.measure();
    return true;
  }

  private measure(): void {
    const { powers, bins, firstBin } = this;
    const { spectrum } = this.stft;
    let total = 0;
    let peak = firstBin;
    for (let bin = firstBin; bin < bins; bin++) {
      const power = spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
      powers[bin] = power;
      total += power;
      if (power > powers[peak]!) peak = bin;
    }
    let line = 0;
    let centre = 0;
    const last = Math.min(bins - 1, peak + LOBE_BINS);
    for (let bin = Math.max(firstBin, peak - LOBE_BINS); bin <= last; bin++) {
      line += powers[bin]!;
      centre += bin * powers[bin]!;
    }
    this.purity = total > 0 ? line / total : 0;
    this.frequencyHertz = line > 0 ? (centre / line) * this.binHertz : 0;
    this.levelDecibels = powerToDecibels(total * this.scale);
  }
}
