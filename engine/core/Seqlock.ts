/** Attempts of one read. Publishing takes about a microsecond, so the second attempt nearly always succeeds. */
const READ_ATTEMPTS = 16;
const WORDS_PER_VALUE = Float64Array.BYTES_PER_ELEMENT / Int32Array.BYTES_PER_ELEMENT;
/** Index of the version, which is odd while values are being written; the second word keeps the values aligned. */
const VERSION = 0;
const HEADER_WORDS = 2;

/**
 * A row of numbers in shared memory that one thread publishes as a whole and other threads read as a whole (sequence lock). Neither side
 * waits: a reader that meets the writer tries again, at most `READ_ATTEMPTS` times, and keeps its previous values otherwise. All accesses
 * are atomic, because plain ones may be reordered around the version. Only the constructor allocates.
 */
export class Seqlock {
  private readonly shared: Int32Array;
  private readonly published: Int32Array;
  private readonly received: Int32Array;
  private readonly attempt: Int32Array;
  /** Values that the next `publish` makes visible. Writer only. */
  readonly draft: Float64Array;
  /** Values of the latest `refresh` that succeeded; zeros before the first. Reader only. */
  readonly values: Float64Array;

  /** @returns shared memory that `count` values occupy */
  static bytes(count: number): number {
    return (HEADER_WORDS + WORDS_PER_VALUE * count) * Int32Array.BYTES_PER_ELEMENT;
  }

  /** @param buffer its first `Seqlock.bytes(count)` bytes hold the values; writer and readers each construct a `Seqlock` on it */
  constructor(buffer: SharedArrayBuffer, count: number) {
    const words = WORDS_PER_VALUE * count;
    this.shared = new Int32Array(buffer, 0, HEADER_WORDS + words);
    this.draft = new Float64Array(count);
    this.published = new Int32Array(this.draft.buffer);
    this.values = new Float64Array(count);
    this.received = new Int32Array(this.values.buffer);
    this.attempt = new Int32Array(words);
  }

  /** Makes the draft visible to readers. Writer only; wait-free. */
  publish(): void {
    const { shared, published } = this;
    Atomics.add(shared, VERSION, 1);
    for (let word = 0; word < published.length; word++)
      Atomics.store(shared, HEADER_WORDS + word, published[word] ?? 0);
    Atomics.add(shared, VERSION, 1);
  }

  /** Updates `values`. Reader only. @returns false if the writer was busy at each attempt; then `values` are those of the last success */
  refresh(): boolean {
    const { shared, attempt, received } = this;
    for (let n = 0; n < READ_ATTEMPTS; n++) {
      const version = Atomics.load(shared, VERSION);
      if (version % 2 !== 0) continue;
      for (let word = 0; word < attempt.length; word++) attempt[word] = Atomics.load(shared, HEADER_WORDS + word);
      if (Atomics.load(shared, VERSION) !== version) continue;
      received.set(attempt);
      return true;
    }
    return false;
  }
}
