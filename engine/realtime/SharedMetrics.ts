/** What the engine's thread tells of itself, in the order of its numbers in shared memory. */
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

/** Of loads on a logarithmic scale: an eighth of an octave each, up to 16 times the time there is. */
const BUCKETS = 128;
const BUCKETS_PER_OCTAVE = 8;
const BUCKET_OF_FULL_LOAD = 96;

/** Load of the blocks between two looks: time taken as a share of the block's duration. */
export interface LoadFigures {
  readonly median: number;
  readonly p99: number;
  readonly largest: number;
}

/**
 * Figures in shared memory: the engine writes, anybody reads, nobody waits. A reader may see one figure a block newer than another.
 */
export class SharedMetrics {
  readonly buffer: SharedArrayBuffer;
  private readonly figures: Float64Array;
  private readonly histogram: Uint32Array;
  private readonly seen = new Uint32Array(BUCKETS);

  constructor(buffer = new SharedArrayBuffer(8 * FIELDS.length + 4 * BUCKETS)) {
    this.buffer = buffer;
    this.figures = new Float64Array(buffer, 0, FIELDS.length);
    this.histogram = new Uint32Array(buffer, 8 * FIELDS.length, BUCKETS);
  }

  get(name: EngineMetric): number {
    return this.figures[POSITIONS[name]]!;
  }

  /** @thread engine */
  set(name: EngineMetric, value: number): void {
    this.figures[POSITIONS[name]] = value;
  }

  /** @thread engine */
  add(name: EngineMetric, value: number): void {
    this.figures[POSITIONS[name]]! += value;
  }

  /** @thread engine @param load time taken / duration of the block */
  addLoad(load: number): void {
    const bucket = Math.round(BUCKETS_PER_OCTAVE * Math.log2(Math.max(load, 1e-9))) + BUCKET_OF_FULL_LOAD;
    this.histogram[Math.max(0, Math.min(BUCKETS - 1, bucket))]!++;
  }

  /** Of the blocks since the last call; null where there were none. For one reader. */
  takeLoads(): LoadFigures | null {
    const counts = Array.from(this.histogram, (count, bucket) => (count - this.seen[bucket]!) >>> 0);
    this.seen.set(this.histogram);
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
