import { InputError, requireInteger } from './errors.ts';
import { RingPositions } from './RingPositions.ts';
import type { Samples } from './units.ts';

const CHANNELS_BYTE = RingPositions.BYTES;
const HEADER_BYTES = 16;
const LARGEST_CAPACITY_SAMPLES = 2 ** 24;

/**
 * Lock-free single-producer single-consumer ring of interleaved frames in shared memory: carries audio from one thread to another.
 * Writes to a full ring and reads from an empty one are truncated; the return value is the number of frames transferred.
 * Only the constructor allocates. Positions count frames since the ring was made, modulo 2^32.
 */
export class SampleRing {
  readonly buffer: SharedArrayBuffer;
  readonly channels: number;
  /** Frames that the ring holds, a power of two. */
  readonly capacitySamples: Samples;

  private readonly positions: RingPositions;
  private readonly samples: Float32Array;

  /** @returns shared memory for a ring of at least `capacitySamples` frames; writer and reader each construct a `SampleRing` on it */
  static allocate(capacitySamples: Samples, channels = 1): SharedArrayBuffer {
    requireInteger('capacitySamples', capacitySamples, 1, LARGEST_CAPACITY_SAMPLES);
    requireInteger('channels', channels, 1, 64);
    const capacity = 2 ** Math.ceil(Math.log2(capacitySamples));
    const buffer = new SharedArrayBuffer(HEADER_BYTES + capacity * channels * Float32Array.BYTES_PER_ELEMENT);
    new Int32Array(buffer, CHANNELS_BYTE, 1)[0] = channels;
    return buffer;
  }

  /** @throws InputError if `buffer` does not come from `SampleRing.allocate` */
  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.samples = new Float32Array(buffer, HEADER_BYTES);
    this.channels = new Int32Array(buffer, CHANNELS_BYTE, 1)[0] ?? 0;
    this.capacitySamples = this.samples.length / this.channels;
    this.positions = new RingPositions(buffer, this.capacitySamples);
    if (!Number.isInteger(Math.log2(this.capacitySamples))) {
      throw new InputError(`buffer must come from SampleRing.allocate, got ${buffer.byteLength} bytes`);
    }
  }

  /** Frames available to the reader. */
  get readable(): Samples {
    return this.positions.readable;
  }

  get writtenPosition(): number {
    return this.positions.written;
  }

  /** Counts skipped frames too. */
  get readPosition(): number {
    return this.positions.read;
  }

  /** Frames that the writer can add. */
  get writable(): Samples {
    return this.positions.writable;
  }

  /**
   * Writer only.
   * @param frames [frames * channels] interleaved, copied from frame `offset` on
   * @returns frames written, fewer than `count` if the ring is full
   */
  write(frames: Float32Array, offset: Samples, count: Samples): Samples {
    const { positions, samples, channels } = this;
    const written = Math.min(count, positions.writable);
    const start = positions.written;
    for (let frame = 0; frame < written; frame++) {
      const to = positions.slot(start + frame) * channels;
      const from = (offset + frame) * channels;
      for (let channel = 0; channel < channels; channel++) samples[to + channel] = frames[from + channel]!;
    }
    positions.publish(written);
    return written;
  }

  /**
   * Reader only.
   * @param frames [frames * channels] overwritten from frame `offset` on
   * @returns frames read, fewer than `count` if the ring runs empty
   */
  read(frames: Float32Array, offset: Samples, count: Samples): Samples {
    const read = this.peek(frames, offset, count);
    this.positions.release(read);
    return read;
  }

  /** Reads without advancing the read position. Reader only. @returns frames read */
  peek(frames: Float32Array, offset: Samples, count: Samples): Samples {
    const { positions, samples, channels } = this;
    const read = Math.max(0, Math.min(count, positions.readable));
    const start = positions.read;
    for (let frame = 0; frame < read; frame++) {
      const from = positions.slot(start + frame) * channels;
      const to = (offset + frame) * channels;
      for (let channel = 0; channel < channels; channel++) frames[to + channel] = samples[from + channel]!;
    }
    return read;
  }

  /** Discards frames. Reader only. @returns frames discarded, fewer than `count` if the ring runs empty */
  skip(count: Samples): Samples {
    const skipped = Math.min(count, this.positions.readable);
    this.positions.release(skipped);
    return skipped;
  }

  /** Blocks until a frame is readable, `wake` is called or the time is over. Reader only, on a thread that may block. */
  wait(milliseconds: number): void {
    this.positions.wait(milliseconds);
  }

  /** Ends a `wait` early. Any thread. */
  wake(): void {
    this.positions.wake();
  }
}
