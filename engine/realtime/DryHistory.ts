import { CircularBuffer } from '../core/CircularBuffer.ts';
import type { Samples } from '../core/units.ts';

/** The latest input samples, which the dry fallback plays. Positions count samples since the stream began. Only the constructor allocates. */
export class DryHistory {
  private readonly buffer: CircularBuffer;
  private written: Samples = 0;

  /** @param capacitySamples number of samples kept */
  constructor(capacitySamples: Samples) {
    this.buffer = new CircularBuffer(Math.ceil(capacitySamples));
  }

  /** Position of the next sample to be written. */
  get writtenPosition(): Samples {
    return this.written;
  }

  write(samples: Float32Array, count: Samples): void {
    this.buffer.write(samples, 0, count);
    this.written += count;
  }

  /**
   * @param target [count] overwritten from its start
   * @param position of the first sample
   * @returns false if some of the samples are not yet written or no longer kept; then nothing is read
   */
  read(target: Float32Array, count: Samples, position: Samples): boolean {
    const index = position - (this.written - this.buffer.capacitySamples);
    if (position < 0 || position + count > this.written || index < 0) return false;
    this.buffer.read(index, target, count);
    return true;
  }
}
