import type { Samples } from '../../../../engine/core/units.ts';

const FENCE_SAMPLES: Samples = 64;

/** Samples between fences of NaN: reading beyond either end yields NaN, and writing there is detected. */
export class FencedBuffer {
  private readonly whole: Float32Array;

  constructor(capacitySamples: Samples) {
    this.whole = new Float32Array(capacitySamples + 2 * FENCE_SAMPLES);
  }

  /** Fills `count` samples and the fences around them with NaN. @returns the samples and the fence after them */
  open(count: Samples): Float32Array {
    const end = count + 2 * FENCE_SAMPLES;
    this.whole.fill(Number.NaN, 0, end);
    return this.whole.subarray(FENCE_SAMPLES, end);
  }

  /** @returns whether both fences, `count` samples apart, are intact */
  stands(count: Samples): boolean {
    for (let n = 0; n < FENCE_SAMPLES; n++) {
      if (!Number.isNaN(this.whole[n]!) || !Number.isNaN(this.whole[FENCE_SAMPLES + count + n]!)) return false;
    }
    return true;
  }
}
