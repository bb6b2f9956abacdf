import { InputError, requireInteger } from '../core/errors.ts';
import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Samples } from '../core/units.ts';
import { Kernel } from '../kernel/Kernel.ts';
import { RealFft } from '../kernel/RealFft.ts';
import type { WindowPair } from './window.ts';

/** Lower limit of the overlap-add sum of the windows' product: dividing by less would amplify noise. */
const SMALLEST_OVERLAP = 1e-3;

/**
 * Inverse STFT by overlap-add, divided by the actual sum of the windows, so that any window pair and hop reconstruct perfectly.
 * Each `synthesize` completes the next hop of `output`, delayed against the input by the length of the synthesis window.
 * @thread audio, except the constructor. Allocates nothing.
 */
export class InverseStft {
  /** [2 * (N/2 + 1)] interleaved real and imaginary parts: written by the caller, overwritten by `synthesize`. */
  readonly spectrum: Float32Array;
  /** [hop] the latest complete samples; borrowed until the next `synthesize`. */
  readonly output: Float32Array;

  private readonly fft: RealFft;
  /** [synthesis] synthesis window divided by the overlap-add sum. */
  private readonly window: Float32Array;
  private readonly overlap: Float32Array;
  private readonly offset: number;

  /** Sufficient for any synthesis window and hop. */
  static requiredBytes(windowSamples: Samples): number {
    return RealFft.requiredBytes(windowSamples) + 3 * Kernel.bytesFor(windowSamples);
  }

  /** @param hopSamples 1 to the length of the synthesis window @throws InputError for a hop out of range, or at which the windows leave gaps */
  constructor(kernel: Kernel, windows: WindowPair, hopSamples: Samples) {
    requireInteger('hopSamples', hopSamples, 1, windows.synthesis.length);
    this.fft = new RealFft(kernel, windows.analysis.length);
    this.spectrum = this.fft.spectrum;
    this.output = kernel.float32(hopSamples).values;
    this.offset = windows.analysis.length - windows.synthesis.length;
    this.window = kernel.filled(windows.synthesis.length, (values) => {
      values.set(normalizedSynthesis(windows, hopSamples));
    }).values;
    this.overlap = kernel.float32(windows.synthesis.length).values;
  }

  /** Adds the frame in `spectrum` and completes the next hop of `output`. */
  synthesize(): void {
    this.fft.inverse();
    const { samples } = this.fft;
    const { overlap, output, window, offset } = this;
    const hopSamples = output.length;
    const synthesisSamples = window.length;
    for (let n = 0; n < synthesisSamples; n++) overlap[n] = overlap[n]! + samples[offset + n]! * window[n]!;
    for (let n = 0; n < hopSamples; n++) output[n] = overlap[n]!;
    overlap.copyWithin(0, hopSamples);
    overlap.fill(0, synthesisSamples - hopSamples);
  }

  save(state: StateWriter): void {
    state.addAll(this.overlap);
    state.addAll(this.output);
  }

  restore(state: StateReader): void {
    state.fill(this.overlap);
    state.fill(this.output);
  }

  /** Back to the state after construction. */
  reset(): void {
    this.overlap.fill(0);
    this.output.fill(0);
  }
}

/** Synthesis window divided by the sum of analysis times synthesis window over all frames, which is periodic with the hop. */
function normalizedSynthesis(windows: WindowPair, hopSamples: Samples): Float32Array {
  const { analysis, synthesis } = windows;
  const offset = analysis.length - synthesis.length;
  const overlapSum = new Float64Array(hopSamples);
  for (let n = 0; n < synthesis.length; n++) overlapSum[n % hopSamples]! += synthesis[n]! * analysis[offset + n]!;
  const smallest = overlapSum.reduce((least, value) => Math.min(least, value));
  if (!(smallest > SMALLEST_OVERLAP)) {
    throw new InputError(
      `hopSamples ${hopSamples} leaves gaps between windows: their overlap-add sum must be above ${SMALLEST_OVERLAP}, got ${smallest}`,
    );
  }
  return synthesis.map((value, n) => value / overlapSum[n % hopSamples]!);
}
