import type { Samples } from '../core/units.ts';

/** The latest input, for whoever must do without the engine. @thread the devices'. Only the constructor allocates. */
export class DryHistory {
  private readonly samples: Float32Array;
  private readonly mask: number;
  private count = 0;

  /** @param capacitySamples at least so many are kept */
  constructor(capacitySamples: Samples) {
    this.samples = new Float32Array(2 ** Math.ceil(Math.log2(capacitySamples)));
    this.mask = this.samples.length - 1;
  }

  /** Samples since the start. */
  get writtenPosition(): Samples {
    return this.count;
  }

  write(samples: Float32Array, count: Samples): void {
    for (let n = 0; n < count; n++) this.samples[(this.count + n) & this.mask] = samples[n]!;
    this.count += count;
  }

  /** @param position of the first sample wanted @returns false where not all are there, or not any more; then nothing is read */
  read(target: Float32Array, count: Samples, position: Samples): boolean {
    if (position < 0 || position + count > this.count || position < this.count - this.samples.length) return false;
    for (let n = 0; n < count; n++) target[n] = this.samples[(position + n) & this.mask]!;
    return true;
  }
}
