import { RingPositions } from '../core/RingPositions.ts';

const SLOTS = 8;
/** A frame of eight speakers with 128 templates each takes 2.6 kB. */
const SLOT_BYTES = 4096;

/** Lock-free single-producer single-consumer ring of telemetry frames in shared memory. A full ring drops the new frame. */
export class TelemetryRing {
  readonly buffer: SharedArrayBuffer;
  private readonly positions: RingPositions;
  private readonly lengths: Int32Array;
  private readonly bytes: Uint8Array;

  constructor(
    buffer = new SharedArrayBuffer(RingPositions.BYTES + SLOTS * (Int32Array.BYTES_PER_ELEMENT + SLOT_BYTES)),
  ) {
    this.buffer = buffer;
    this.positions = new RingPositions(buffer, SLOTS);
    this.lengths = new Int32Array(buffer, RingPositions.BYTES, SLOTS);
    this.bytes = new Uint8Array(buffer, RingPositions.BYTES + this.lengths.byteLength);
  }

  /** Writer only. Allocates nothing. @returns false if the frame was dropped: the ring is full or the frame exceeds a slot */
  write(frame: Uint8Array, length: number): boolean {
    const { positions, lengths, bytes } = this;
    if (positions.writable === 0 || length > SLOT_BYTES) return false;
    const slot = positions.slot(positions.written);
    lengths[slot] = length;
    for (let n = 0; n < length; n++) bytes[slot * SLOT_BYTES + n] = frame[n]!;
    positions.publish(1);
    return true;
  }

  /** Reader only. @returns a copy of the oldest frame; null if the ring is empty */
  read(): Uint8Array | null {
    const { positions, lengths, bytes } = this;
    if (positions.readable === 0) return null;
    const slot = positions.slot(positions.read);
    const start = slot * SLOT_BYTES;
    const frame = bytes.slice(start, start + lengths[slot]!);
    positions.release(1);
    return frame;
  }
}
