import type { Samples } from '../../../../engine/core/units.ts';

const FENCE_SAMPLES: Samples = 64;

/** Samples between fences of NaN: who reads beyond the end hears NaN, who writes there is found out. */
export class FencedBuffer {
  private readonly whole: Float32Array;

  constructor(capacitySamples: Samples) {
    this.whole = new Float32Array(capacitySamples + 2 * FENCE_SAMPLES);
  }

  /** Puts up the fences around `count` samples of NaN. @returns the samples, and behind them the fence */
  open(count: Samples): Float32Array {
    const end = count + 2 * FENCE_SAMPLES;
    this.whole.fill(Number.NaN, 0, end);
    return this.whole.subarray(FENCE_SAMPLES, end);
  }

  /** Whether both fences stand, `count` samples apart. */
  stands(count: Samples): boolean {
    for (let n = 0; n < FENCE_SAMPLES; n++) {
      if (!Number.isNaN(this.whole[n]!) || !Number.isNaN(this.whole[FENCE_SAMPLES + count + n]!)) return false;
    }
    return true;
  }
}
