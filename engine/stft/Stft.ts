import { InputError, requireInteger } from '../core/errors.ts';
import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Samples } from '../core/units.ts';
import type { Kernel } from '../kernel/Kernel.ts';
import { RealFft } from '../kernel/RealFft.ts';

/**
 * Short-time Fourier transform, frame by frame: samples go in by any amount up to the next frame, then `transform` gives its spectrum.
 * The first frame ends `hopSamples` after the start; what lies before the start counts as silence.
 * @thread audio, except the constructor. Allocates nothing.
 */
export class Stft {
  readonly windowSamples: Samples;
  readonly hopSamples: Samples;
  /** [2 * (N/2 + 1)] interleaved real and imaginary parts of the latest frame; borrowed until the next `transform`. */
  readonly spectrum: Float32Array;

  private readonly fft: RealFft;
  private readonly window: Float32Array;
  /** Twice the window long: the latest window is always one contiguous run, and is moved back once per window. */
  private readonly history: Float32Array;
  private historyEnd: number;
  private pendingSamples = 0;

  static requiredBytes(windowSamples: Samples): number {
    return RealFft.requiredBytes(windowSamples);
  }

  /**
   * @param window [N] analysis window; N is a size that `RealFft` supports
   * @param hopSamples step between frames, 1 to N
   * @throws InputError
   */
  constructor(kernel: Kernel, window: Float32Array, hopSamples: Samples) {
    if (!RealFft.isSupportedSize(window.length)) {
      throw new InputError(`windowSamples must be even with prime factors 2, 3 and 5 only, got ${window.length}`);
    }
    requireInteger('hopSamples', hopSamples, 1, window.length);
    this.windowSamples = window.length;
    this.hopSamples = hopSamples;
    this.window = window;
    this.fft = new RealFft(kernel, window.length);
    this.spectrum = this.fft.spectrum;
    this.history = new Float32Array(2 * window.length);
    this.historyEnd = window.length;
  }

  /** Samples still to come before the next frame is complete; 0 when `transform` is due. */
  get samplesUntilFrame(): Samples {
    return this.hopSamples - this.pendingSamples;
  }

  /** Takes `count` samples of `input` from `offset` on; count must not exceed `samplesUntilFrame`. */
  push(input: Float32Array, offset: number, count: number): void {
    const { history, windowSamples } = this;
    if (this.historyEnd + count > history.length) {
      history.copyWithin(0, this.historyEnd - windowSamples, this.historyEnd);
      this.historyEnd = windowSamples;
    }
    const end = this.historyEnd;
    for (let n = 0; n < count; n++) history[end + n] = input[offset + n]!;
    this.historyEnd = end + count;
    this.pendingSamples += count;
  }

  /** Windows and transforms the latest N samples into `spectrum`; starts the next hop. */
  transform(): void {
    const { samples } = this.fft;
    const { history, window, windowSamples } = this;
    const start = this.historyEnd - windowSamples;
    for (let n = 0; n < windowSamples; n++) samples[n] = history[start + n]! * window[n]!;
    this.fft.forward();
    this.pendingSamples = 0;
  }

  /** Starts the next hop without transforming this one. */
  skip(): void {
    this.pendingSamples = 0;
  }

  save(state: StateWriter): void {
    state.add(this.historyEnd);
    state.add(this.pendingSamples);
    state.addAll(this.history);
  }

  restore(state: StateReader): void {
    this.historyEnd = state.nextInteger(this.windowSamples, this.history.length);
    this.pendingSamples = state.nextInteger(0, this.hopSamples - 1);
    state.fill(this.history);
  }

  /** Back to the state after construction. */
  reset(): void {
    this.history.fill(0);
    this.historyEnd = this.windowSamples;
    this.pendingSamples = 0;
  }
}
