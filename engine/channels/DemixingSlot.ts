import { InputError, requireInteger } from '../core/errors.ts';
import { REMAINING_BLEED } from './Demixer.ts';
import type { Demixing } from './estimateDemixing.ts';

/**
 * Power of the bleed between two microphones that is assumed until it has been estimated, and above the bins that are estimated: -9 dB.
 * Microphones have -12 dB and less; masks that assume more than there is remove more of it (two people: 15.5 and 17.5 dB, five: 10.8 and
 * 12.5 dB on average).
 */
export const ASSUMED_BLEED = 2 * 10 ** -1.2;

const OWNER = 0;
const VERSION = 1;
const CHANNELS = 2;
const BINS = 3;
const HEADER_WORDS = 4;
const FREE = 0;
const WRITING = 1;
const READING = 2;

/**
 * A demixing in shared memory, handed from the thread that estimates it to the engine thread. Neither waits: each occupies the slot if it
 * is free and tries again later otherwise, so that the engine can read it over many blocks.
 */
export class DemixingSlot {
  readonly buffer: SharedArrayBuffer;
  readonly channels: number;
  readonly bins: number;
  /** [bins][channels * channels] complex, as `Demixing.matrices` */
  readonly matrices: Float32Array;
  /** [bins][channels * channels] power of the other voice (column) that is left in each voice (row), relative to it; 0 on the diagonal */
  readonly remaining: Float32Array;
  private readonly header: Int32Array;

  /** @returns shared memory for a demixing; writer and reader each construct a `DemixingSlot` on it */
  static allocate(channels: number, bins: number): SharedArrayBuffer {
    requireInteger('channels', channels, 1, 64);
    requireInteger('bins', bins, 1, 2 ** 16);
    const words = HEADER_WORDS + 3 * bins * channels * channels;
    const buffer = new SharedArrayBuffer(words * Float32Array.BYTES_PER_ELEMENT);
    const header = new Int32Array(buffer, 0, HEADER_WORDS);
    header[CHANNELS] = channels;
    header[BINS] = bins;
    return buffer;
  }

  /** @throws InputError if `buffer` does not come from `DemixingSlot.allocate` */
  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.header = new Int32Array(buffer, 0, HEADER_WORDS);
    this.channels = this.header[CHANNELS]!;
    this.bins = this.header[BINS]!;
    const elements = this.bins * this.channels * this.channels;
    const bytes = (HEADER_WORDS + 3 * elements) * Float32Array.BYTES_PER_ELEMENT;
    if (elements === 0 || buffer.byteLength !== bytes)
      throw new InputError(`buffer must come from DemixingSlot.allocate, got ${buffer.byteLength} bytes`);
    const start = HEADER_WORDS * Float32Array.BYTES_PER_ELEMENT;
    this.matrices = new Float32Array(buffer, start, 2 * elements);
    this.remaining = new Float32Array(buffer, start + this.matrices.byteLength, elements);
  }

  /** Number of demixings written so far. */
  get version(): number {
    return Atomics.load(this.header, VERSION);
  }

  /** Writer only. @returns false if the reader occupies the slot; then nothing is written */
  write({ matrices, bleed }: Demixing): boolean {
    if (Atomics.compareExchange(this.header, OWNER, FREE, WRITING) !== FREE) return false;
    this.matrices.set(matrices);
    const size = this.channels * this.channels;
    for (let bin = 0; bin < this.bins; bin++) this.writeRemaining(bleed, bin * size);
    Atomics.add(this.header, VERSION, 1);
    Atomics.store(this.header, OWNER, FREE);
    return true;
  }

  /** Occupies the slot for reading. Reader only; allocates nothing. @returns false if the writer occupies it */
  beginReading(): boolean {
    return Atomics.compareExchange(this.header, OWNER, FREE, READING) === FREE;
  }

  /** Frees a slot that this reader, or one that has ended meanwhile, has occupied. Reader only; allocates nothing. */
  endReading(): void {
    Atomics.compareExchange(this.header, OWNER, READING, FREE);
  }

  /** A bin whose channels could not be told apart has no bleed, and is masked as before the first estimate. */
  private writeRemaining(bleed: Float32Array, first: number): void {
    const { channels, remaining } = this;
    let sum = 0;
    for (let element = 0; element < channels * channels; element++) {
      const at = 2 * (first + element);
      const isOwn = element % (channels + 1) === 0;
      const power = isOwn ? 0 : bleed[at]! ** 2 + bleed[at + 1]! ** 2;
      remaining[first + element] = REMAINING_BLEED * power;
      sum += power;
    }
    if (sum > 0) return;
    for (let element = 0; element < channels * channels; element++)
      if (element % (channels + 1) !== 0) remaining[first + element] = ASSUMED_BLEED;
  }
}
