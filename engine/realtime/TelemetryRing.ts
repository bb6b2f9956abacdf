const WRITTEN = 0;
const READ = 1;
const HEADER_BYTES = 8;
const SLOTS = 8;
/** Eight speakers with 128 templates each need 2.6 kB. */
const SLOT_BYTES = 4096;

/**
 * Telemetry frames from the engine's thread to the one that sends them: a full ring drops the new frame.
 * @thread one that writes and one that reads
 */
export class TelemetryRing {
  readonly buffer: SharedArrayBuffer;
  private readonly header: Int32Array;
  private readonly bytes: Uint8Array;
  private readonly lengths: Int32Array;

  constructor(buffer = new SharedArrayBuffer(HEADER_BYTES + SLOTS * (4 + SLOT_BYTES))) {
    this.buffer = buffer;
    this.header = new Int32Array(buffer, 0, 2);
    this.lengths = new Int32Array(buffer, HEADER_BYTES, SLOTS);
    this.bytes = new Uint8Array(buffer, HEADER_BYTES + 4 * SLOTS);
  }

  /** @returns false where there is no room; then the frame is lost. Allocates nothing. */
  write(frame: Uint8Array, length: number): boolean {
    const written = Atomics.load(this.header, WRITTEN);
    if (((written - Atomics.load(this.header, READ)) | 0) >= SLOTS || length > SLOT_BYTES) return false;
    const slot = (written >>> 0) % SLOTS;
    this.lengths[slot] = length;
    for (let n = 0; n < length; n++) this.bytes[slot * SLOT_BYTES + n] = frame[n]!;
    Atomics.store(this.header, WRITTEN, (written + 1) | 0);
    return true;
  }

  /** @returns the next frame, a copy; null where there is none */
  read(): Uint8Array | null {
    const read = Atomics.load(this.header, READ);
    if (read === Atomics.load(this.header, WRITTEN)) return null;
    const slot = (read >>> 0) % SLOTS;
    const frame = this.bytes.slice(slot * SLOT_BYTES, slot * SLOT_BYTES + this.lengths[slot]!);
    Atomics.store(this.header, READ, (read + 1) | 0);
    return frame;
  }
}
