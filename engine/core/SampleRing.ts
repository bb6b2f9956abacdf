import { InputError, requireInteger } from './errors.ts';
import type { Samples } from './units.ts';

const WRITTEN = 0;
const READ = 1;
const CHANNELS = 2;
const HEADER_BYTES = 16;
const LARGEST_CAPACITY_SAMPLES = 2 ** 24;

/**
 * Samples from one thread to another through shared memory: one writer, one reader, no lock. Frames of several channels lie
 * interleaved. A full ring takes nothing more, an empty one gives nothing; who needs to know asks for the count that is returned.
 * @thread any; one that writes and one that reads. Only the constructor allocates.
 */
export class SampleRing {
  readonly buffer: SharedArrayBuffer;
  readonly channels: number;
  /** Frames that fit in, a power of two. */
  readonly capacitySamples: Samples;

  private readonly header: Int32Array;
  private readonly samples: Float32Array;
  private readonly mask: number;

  /** @returns the memory of a ring for at least so many frames; both ends construct theirs from it */
  static allocate(capacitySamples: Samples, channels = 1): SharedArrayBuffer {
    requireInteger('capacitySamples', capacitySamples, 1, LARGEST_CAPACITY_SAMPLES);
    requireInteger('channels', channels, 1, 64);
    const capacity = 2 ** Math.ceil(Math.log2(capacitySamples));
    const buffer = new SharedArrayBuffer(HEADER_BYTES + capacity * channels * Float32Array.BYTES_PER_ELEMENT);
    new Int32Array(buffer)[CHANNELS] = channels;
    return buffer;
  }

  /** @throws InputError for memory that `allocate` has not made */
  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.header = new Int32Array(buffer, 0, HEADER_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.samples = new Float32Array(buffer, HEADER_BYTES);
    this.channels = this.header[CHANNELS]!;
    this.capacitySamples = this.samples.length / this.channels;
    this.mask = this.capacitySamples - 1;
    if (!Number.isInteger(Math.log2(this.capacitySamples))) {
      throw new InputError(`buffer must come from SampleRing.allocate, got ${buffer.byteLength} bytes`);
    }
  }

  /** Frames that wait for the reader. Positions count modulo 2^32. */
  get readable(): Samples {
    return (Atomics.load(this.header, WRITTEN) - Atomics.load(this.header, READ)) | 0;
  }

  /** Frames written since the start, modulo 2^32. */
  get writtenPosition(): number {
    return Atomics.load(this.header, WRITTEN);
  }

  /** Frames read or skipped since the start, modulo 2^32. */
  get readPosition(): number {
    return Atomics.load(this.header, READ);
  }

  /** Frames that the writer may add. */
  get writable(): Samples {
    return this.capacitySamples - this.readable;
  }

  /**
   * @thread the writer's
   * @param frames [count * channels] interleaved, taken from frame `offset` on
   * @returns frames written: fewer than `count` where the ring is full
   */
  write(frames: Float32Array, offset: Samples, count: Samples): Samples {
    const { header, samples, mask, channels } = this;
    const written = Math.min(count, this.writable);
    const start = Atomics.load(header, WRITTEN);
    for (let frame = 0; frame < written; frame++) {
      const to = ((start + frame) & mask) * channels;
      const from = (offset + frame) * channels;
      for (let channel = 0; channel < channels; channel++) samples[to + channel] = frames[from + channel]!;
    }
    Atomics.store(header, WRITTEN, (start + written) | 0);
    Atomics.notify(header, WRITTEN);
    return written;
  }

  /**
   * @thread the reader's
   * @param frames overwritten from frame `offset` on
   * @returns frames read: fewer than `count` where the ring ran empty
   */
  read(frames: Float32Array, offset: Samples, count: Samples): Samples {
    const read = this.peek(frames, offset, count, 0);
    this.skip(read);
    return read;
  }

  /**
   * Reads without taking.
   * @thread the reader's
   * @param ahead frames from the next one on
   * @returns frames read
   */
  peek(frames: Float32Array, offset: Samples, count: Samples, ahead: Samples): Samples {
    const { header, samples, mask, channels } = this;
    const read = Math.max(0, Math.min(count, this.readable - ahead));
    const start = Atomics.load(header, READ) + ahead;
    for (let frame = 0; frame < read; frame++) {
      const from = ((start + frame) & mask) * channels;
      const to = (offset + frame) * channels;
      for (let channel = 0; channel < channels; channel++) frames[to + channel] = samples[from + channel]!;
    }
    return read;
  }

  /**
   * Fades from other samples into those that wait, linearly: what was skipped before is then no click.
   * @thread the reader's
   * @param from [count * channels] interleaved; at most `readable` frames
   */
  blend(from: Float32Array, count: Samples): void {
    const { samples, mask, channels } = this;
    const start = Atomics.load(this.header, READ);
    for (let frame = 0; frame < count; frame++) {
      const weight = (frame + 1) / (count + 1);
      const position = ((start + frame) & mask) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const old = from[frame * channels + channel]!;
        samples[position + channel] = old + (samples[position + channel]! - old) * weight;
      }
    }
  }

  /** @thread the reader's @returns frames thrown away */
  skip(count: Samples): Samples {
    const skipped = Math.min(count, this.readable);
    Atomics.store(this.header, READ, (Atomics.load(this.header, READ) + skipped) | 0);
    return skipped;
  }

  /**
   * Sleeps until there is something to read, somebody calls `wake`, or the time is over.
   * @thread the reader's, where it may block
   */
  wait(milliseconds: number): void {
    const written = Atomics.load(this.header, WRITTEN);
    if (written === Atomics.load(this.header, READ)) Atomics.wait(this.header, WRITTEN, written, milliseconds);
  }

  /** Ends a `wait` early. @thread any */
  wake(): void {
    Atomics.notify(this.header, WRITTEN);
  }
}
