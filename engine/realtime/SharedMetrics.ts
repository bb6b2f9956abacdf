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

/**
 * Metrics of the engine in shared memory, written by the engine thread and read by any thread without waiting. They are not updated
 * together: a reader may see one metric a block newer than another.
 */
export class SharedMetrics {
  readonly buffer: SharedArrayBuffer;
  private readonly values: Float64Array;
  private readonly histogram: Uint32Array;
  /** Histogram at the last `takeLoads`. */
  private readonly taken = new Uint32Array(BUCKETS);

  constructor(buffer = new SharedArrayBuffer(8 * FIELDS.length + 4 * BUCKETS)) {
    this.buffer = buffer;
    this.values = new Float64Array(buffer, 0, FIELDS.length);
    this.histogram = new Uint32Array(buffer, 8 * FIELDS.length, BUCKETS);
  }

  get(name: EngineMetric): number {
    return this.values[POSITIONS[name]]!;
  }

  /** Engine thread only. */
  set(name: EngineMetric, value: number): void {
    this.values[POSITIONS[name]] = value;
  }

  /** Engine thread only. */
  add(name: EngineMetric, value: number): void {
    this.values[POSITIONS[name]]! += value;
  }

  /** Engine thread only. @param load processing time / duration of the block */
  addLoad(load: number): void {
    const bucket = Math.round(BUCKETS_PER_OCTAVE * Math.log2(Math.max(load, 1e-9))) + BUCKET_OF_FULL_LOAD;
    this.histogram[Math.max(0, Math.min(BUCKETS - 1, bucket))]!++;
  }

  /** @returns load of the blocks since the last call; null if there were none. Single reader only. */
  takeLoads(): LoadFigures | null {
    const counts = Array.from(this.histogram, (count, bucket) => (count - this.taken[bucket]!) >>> 0);
    this.taken.set(this.histogram);
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
  for (let bucket = 0; bucket < counts.length; bucket++) {
    below += counts[bucket]!;
    if (below >= rank) return 2 ** ((bucket - BUCKET_OF_FULL_LOAD) / BUCKETS_PER_OCTAVE);
  }
  return 0;
}
