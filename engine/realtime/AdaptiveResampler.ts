import { CircularBuffer } from '../core/CircularBuffer.ts';
import { requireNumber } from '../core/errors.ts';
import type { Samples } from '../core/units.ts';

/** Half the length of the interpolation filter. */
const HALF_TAPS = 16;
/** Filter phases stored per input sample; those in between are interpolated. */
const PHASES = 256;
/** Kaiser window parameter beta: images and aliases are attenuated by 90 dB. */
const KAISER_BETA = 9;
/** Pass band as a share of the narrower of the two bands; the rest is the transition band. */
const PASS_BAND = 0.92;

/**
 * Resamples a stream by a ratio that may change at any time: for devices whose clocks drift apart or whose rates differ.
 * Windowed-sinc interpolation (Smith, "Digital Audio Resampling Home Page"), 32 taps, phases interpolated linearly.
 * No library is used because the ratio must change per block without allocation. At a ratio of exactly 1 and without a
 * fractional position left over, samples pass unchanged.
 * @thread audio, except the constructor. Allocates nothing after construction.
 */
export class AdaptiveResampler {
  /** Delay from input to output, in input samples. */
  readonly latencySamples: Samples = HALF_TAPS + 1;
  /** Input samples per output sample. */
  ratio: number;

  private readonly taps: Float32Array;
  private readonly history = new CircularBuffer(2 * HALF_TAPS);
  /** Position of the next output sample after the centre of the history, in input samples, 0 to 1. */
  private fraction = 0;

  /** @param ratio input rate / output rate, 1/16 to 16 @throws InputError */
  constructor(ratio: number) {
    requireNumber('ratio', ratio, 1 / 16, 16);
    this.ratio = ratio;
    this.taps = filterBank(Math.min(1, 1 / ratio) * (ratio === 1 ? 1 : PASS_BAND));
  }

  /** Input samples that the next `count` output samples consume. */
  needed(count: Samples): Samples {
    return Math.floor(this.fraction + count * this.ratio);
  }

  /**
   * @param input [needed(count)] read from its start
   * @param output [count] overwritten from its start
   */
  process(input: Float32Array, output: Float32Array, count: Samples): void {
    const start = this.fraction;
    let position = 0;
    for (let n = 0; n < count; n++) {
      output[n] = this.interpolate();
      // Measured from the start of the block, as in `needed`, so that both round the same way.
      const end = start + (n + 1) * this.ratio;
      const whole = Math.floor(end);
      while (position < whole) this.history.push(input[position++]!);
      this.fraction = end - whole;
    }
  }

  reset(): void {
    this.history.reset();
    this.fraction = 0;
  }

  private interpolate(): number {
    const { history, taps } = this;
    const length = history.capacitySamples;
    if (this.fraction === 0 && this.ratio === 1) return history.at(HALF_TAPS - 1);
    const phase = this.fraction * PHASES;
    const lower = Math.floor(phase);
    const weight = phase - lower;
    const first = lower * length;
    let sum = 0;
    for (let tap = 0; tap < length; tap++) {
      const gain = taps[first + tap]! + (taps[first + length + tap]! - taps[first + tap]!) * weight;
      sum += gain * history.at(tap);
    }
    return sum;
  }
}

/** @param cutoff share of the input's band that passes, 0 to 1 @returns [PHASES + 1 x 2 * HALF_TAPS] gains, oldest sample first; each phase sums to 1 */
function filterBank(cutoff: number): Float32Array {
  const length = 2 * HALF_TAPS;
  const bank = new Float32Array((PHASES + 1) * length);
  for (let phase = 0; phase <= PHASES; phase++) {
    let sum = 0;
    for (let tap = 0; tap < length; tap++) {
      const distance = tap - (HALF_TAPS - 1) - phase / PHASES;
      bank[phase * length + tap] = cutoff * sinc(cutoff * distance) * kaiser(distance / HALF_TAPS);
      sum += bank[phase * length + tap]!;
    }
    for (let tap = 0; tap < length; tap++) bank[phase * length + tap]! /= sum;
  }
  return bank;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser window, nonzero for x in (-1, 1). */
function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
