import { CircularBuffer } from '../core/CircularBuffer.ts';
import { InputError, requireInteger } from '../core/errors.ts';
import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Samples } from '../core/units.ts';
import { Kernel } from '../kernel/Kernel.ts';
import { RealFft } from '../kernel/RealFft.ts';

/**
 * Short-time Fourier transform, frame by frame: `push` appends samples, in any portions up to the next frame; `transform` computes the
 * spectrum of the frame. The first frame ends `hopSamples` after the start of the stream, which is preceded by silence.
 * @thread audio, except the constructor. Allocates nothing.
 */
export class Stft {
  readonly windowSamples: Samples;
  readonly hopSamples: Samples;
  /** [2 * (N/2 + 1)] interleaved real and imaginary parts of the latest frame; borrowed until the next `transform`. */
  readonly spectrum: Float32Array;

  private readonly fft: RealFft;
  private readonly window: Float32Array;
  /** [N] */
  private readonly history: CircularBuffer;
  private pendingSamples = 0;

  static requiredBytes(windowSamples: Samples): number {
    return RealFft.requiredBytes(windowSamples) + Kernel.bytesFor(windowSamples);
  }

  /**
   * @param window [N] analysis window; N must be a size that `RealFft` supports
   * @param hopSamples step between frames, 1 to N
   * @throws InputError for a window or hop out of range
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
    this.history = new CircularBuffer(window.length, kernel.float32(window.length).values);
  }

  /** Samples missing until the next frame is complete; 0 when `transform` is due. */
  get samplesUntilFrame(): Samples {
    return this.hopSamples - this.pendingSamples;
  }

  /** Appends `count` samples of `input` from `offset` on; `count` must not exceed `samplesUntilFrame`. */
  push(input: Float32Array, offset: number, count: number): void {
    this.history.write(input, offset, count);
    this.pendingSamples += count;
  }

  /** Computes the spectrum of the latest N samples and starts the next hop. */
  transform(): void {
    this.history.readScaled(this.window, this.fft.samples);
    this.fft.forward();
    this.pendingSamples = 0;
  }

  /** Starts the next hop without computing a spectrum. */
  skip(): void {
    this.pendingSamples = 0;
  }

  save(state: StateWriter): void {
    state.add(this.pendingSamples);
    this.history.save(state);
  }

  restore(state: StateReader): void {
    this.pendingSamples = state.nextInteger(0, this.hopSamples - 1);
    this.history.restore(state);
  }

  /** Back to the state after construction. */
  reset(): void {
    this.history.reset();
    this.pendingSamples = 0;
  }
}
