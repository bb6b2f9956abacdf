const WRITTEN = 0;
const READ = 1;

/**
 * Write and read positions of a single-producer single-consumer ring in shared memory. Positions count slots since the ring was made,
 * modulo 2^32; each is stored by one side only and only after the slots were filled or copied, so no lock is needed.
 */
export class RingPositions {
  /** Shared memory that the positions take. */
  static readonly BYTES = 2 * Int32Array.BYTES_PER_ELEMENT;

  private readonly positions: Int32Array;
  private readonly capacity: number;

  /** @param buffer its first `BYTES` bytes hold the positions @param capacity slots of the ring, a power of two */
  constructor(buffer: SharedArrayBuffer, capacity: number) {
    this.positions = new Int32Array(buffer, 0, 2);
    this.capacity = capacity;
  }

  get written(): number {
    return Atomics.load(this.positions, WRITTEN);
  }

  get read(): number {
    return Atomics.load(this.positions, READ);
  }

  /** Slots that hold data for the reader. */
  get readable(): number {
    return (this.written - this.read) | 0;
  }

  /** Free slots. */
  get writable(): number {
    return this.capacity - this.readable;
  }

  /** Index of the slot at a position. */
  slot(position: number): number {
    return position & (this.capacity - 1);
  }

  /** Hands `count` filled slots to the reader and wakes it. Writer only. */
  publish(count: number): void {
    Atomics.store(this.positions, WRITTEN, (this.written + count) | 0);
    Atomics.notify(this.positions, WRITTEN);
  }

  /** Hands `count` slots back to the writer. Reader only. */
  release(count: number): void {
    Atomics.store(this.positions, READ, (this.read + count) | 0);
  }

  /** Blocks until a slot is readable, `wake` is called or the time is over. Reader only, on a thread that may block. */
  wait(milliseconds: number): void {
    const { written } = this;
    if (written === this.read) Atomics.wait(this.positions, WRITTEN, written, milliseconds);
  }

  /** Ends a `wait` early. */
  wake(): void {
    Atomics.notify(this.positions, WRITTEN);
  }
}
