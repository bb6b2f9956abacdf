import type { Seconds } from '../../engine/core/units.ts';

/** Sound is fetched and scheduled in chunks of this length, counted from the start of the recording. */
export const CHUNK_SECONDS: Seconds = 5;
/** Chunks that are held after the one that plays. */
const CHUNKS_AHEAD = 2;

/** Division of a recording into chunks. */
export interface ChunkPlan {
  readonly sampleRateHertz: number;
  readonly totalSamples: number;
}

/** Maps the recording to the audio context's clock: sample `positionSample` sounds at `contextSeconds`. */
export interface PlayAnchor {
  readonly positionSample: number;
  readonly contextSeconds: Seconds;
}

export interface ChunkStart {
  /** Time of the audio context at which the chunk's buffer starts. */
  readonly contextSeconds: Seconds;
  /** Samples of the chunk that are skipped. */
  readonly skippedSamples: number;
}

function chunkSamples({ sampleRateHertz }: ChunkPlan): number {
  return Math.round(CHUNK_SECONDS * sampleRateHertz);
}

/** @returns the samples of a chunk; the last one is shorter */
export function chunkRange(plan: ChunkPlan, chunk: number): { readonly fromSample: number; readonly samples: number } {
  const fromSample = chunk * chunkSamples(plan);
  return { fromSample, samples: Math.max(0, Math.min(chunkSamples(plan), plan.totalSamples - fromSample)) };
}

/** The chunk that contains a sample. */
export function chunkAt(plan: ChunkPlan, sample: number): number {
  return Math.floor(sample / chunkSamples(plan));
}

/** The chunk that plays and those to hold ready after it; none at the end of the recording. */
export function wantedChunks(plan: ChunkPlan, positionSample: number): readonly number[] {
  const first = chunkAt(plan, positionSample);
  const last = Math.ceil(plan.totalSamples / chunkSamples(plan)) - 1;
  const count = Math.max(0, Math.min(last, first + CHUNKS_AHEAD) - first + 1);
  return Array.from({ length: count }, (_, index) => first + index);
}

/**
 * When a chunk has to start so that it is aligned, to the sample, with all others.
 * @param earliestSeconds of the context; what should have sounded before is skipped
 * @returns null if all of it is over
 */
export function chunkStart(
  plan: ChunkPlan,
  anchor: PlayAnchor,
  chunk: number,
  earliestSeconds: Seconds,
): ChunkStart | null {
  const { sampleRateHertz } = plan;
  const { fromSample, samples } = chunkRange(plan, chunk);
  const anchorFrame = Math.round(anchor.contextSeconds * sampleRateHertz);
  const frame = anchorFrame + fromSample - anchor.positionSample;
  const earliestFrame = Math.max(anchorFrame, Math.ceil(earliestSeconds * sampleRateHertz - 1e-6));
  const skippedSamples = Math.max(0, earliestFrame - frame);
  if (skippedSamples >= samples) return null;
  return { contextSeconds: (frame + skippedSamples) / sampleRateHertz, skippedSamples };
}

/** @returns the sample that sounds at a time of the context; before the anchor the one at the anchor */
export function positionAt(
  { sampleRateHertz, totalSamples }: ChunkPlan,
  anchor: PlayAnchor,
  contextSeconds: Seconds,
): number {
  const elapsed = Math.max(0, contextSeconds - anchor.contextSeconds);
  return Math.min(totalSamples, anchor.positionSample + Math.floor(elapsed * sampleRateHertz));
}
