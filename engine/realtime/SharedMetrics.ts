import { Seqlock } from '../core/Seqlock.ts';

/** Metrics of the engine thread, in the order in which they lie in shared memory. */
const FIELDS = [
  'samples',
  'iterations',
  'relativeGap',
  'overloadLevel',
  'overloads',
  'bypassedSamples',
  'shortenings',
  'shortenedSamples',
  'invalidSamples',
  'clippedSamples',
  'droppedSamples',
  'telemetryDropped',
  'tapDroppedSamples',
  'swaps',
  'latencySamples',
  'secondsComputing',
] as const;
export type EngineMetric = (typeof FIELDS)[number];

const POSITIONS = Object.fromEntries(FIELDS.map((name, position) => [name, position])) as Record<EngineMetric, number>;

/** Histogram of loads: buckets of an eighth of an octave, up to a load of 16. */
const BUCKETS = 128;
const BUCKETS_PER_OCTAVE = 8;
const BUCKET_OF_FULL_LOAD = 96;

/** Load of the blocks between two readings: processing time / duration of the block. */
export interface LoadFigures {
  readonly median: number;
  readonly p99: number;
  readonly largest: number;
}

/** Metrics of one publication. */
export interface MetricsSnapshot {
  get(name: EngineMetric): number;
}

/**
 * Metrics of the engine in shared memory, which the engine thread publishes together and any thread reads together, both without
 * waiting. Loads are counted apart from them, one bucket at a time.
 */
export class SharedMetrics {
  readonly buffer: SharedArrayBuffer;
  private readonly lock: Seqlock;
  private readonly histogram: Uint32Array;
  private readonly snapshot: MetricsSnapshot;
  /** Histogram at the last `takeLoads`. */
  private readonly taken = new Uint32Array(BUCKETS);

  constructor(buffer = new SharedArrayBuffer(Seqlock.bytes(FIELDS.length) + Uint32Array.BYTES_PER_ELEMENT * BUCKETS)) {
    this.buffer = buffer;
    const lock = new Seqlock(buffer, FIELDS.length);
    this.lock = lock;
    this.snapshot = { get: (name) => lock.values[POSITIONS[name]]! };
    this.histogram = new Uint32Array(buffer, Seqlock.bytes(FIELDS.length), BUCKETS);
  }

  /**
   * Metrics of the latest publication; of an earlier one if the engine thread was publishing throughout or ended meanwhile.
   * @returns the same object at each call, updated
   */
  read(): MetricsSnapshot {
    this.lock.refresh();
    return this.snapshot;
  }

  /** One metric of the latest publication. Several that belong together must come from one `read`. */
  get(name: EngineMetric): number {
    return this.read().get(name);
  }

  /** Visible after the next `publish`. Engine thread only. */
  set(name: EngineMetric, value: number): void {
    this.lock.draft[POSITIONS[name]] = value;
  }

  /** Visible after the next `publish`. Engine thread only. */
  add(name: EngineMetric, value: number): void {
    this.lock.draft[POSITIONS[name]]! += value;
  }

  /** Makes all changes visible at once. Engine thread only. */
  publish(): void {
    this.lock.publish();
  }

  /** Visible at once. Engine thread only. @param load processing time / duration of the block */
  addLoad(load: number): void {
    const bucket = Math.round(BUCKETS_PER_OCTAVE * Math.log2(Math.max(load, 1e-9))) + BUCKET_OF_FULL_LOAD;
    Atomics.add(this.histogram, Math.max(0, Math.min(BUCKETS - 1, bucket)), 1);
  }

  /** @returns load of the blocks since the last call; null if there were none. Single reader only. */
  takeLoads(): LoadFigures | null {
    const counts = Array.from(this.taken, (before, bucket) => {
      const count = Atomics.load(this.histogram, bucket);
      this.taken[bucket] = count;
      return (count - before) >>> 0;
    });
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) return null;
    return {
      median: quantile(counts, total / 2),
      p99: quantile(counts, total * 0.99),
      largest: quantile(counts, total),
    };
  }
}

function quantile(counts: readonly number[], rank: number): number {
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    below += count;
    if (below >= rank) return 2 ** ((bucket - BUCKET_OF_FULL_LOAD) / BUCKETS_PER_OCTAVE);
  }
  return 0;
}
