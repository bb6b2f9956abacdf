import type { Samples, Seconds } from '../core/units.ts';
import {
  EMBEDDING_BANDS,
  EMBEDDING_RATE_HERTZ,
  EmbeddingFeatures,
  embeddingInputs,
  FRAME_HOP_SAMPLES,
  FRAME_SAMPLES,
} from './EmbeddingFeatures.ts';
import { EmbeddingInference, type FrameUnits, type UnitSums } from './EmbeddingInference.ts';
import { EMBEDDING_UNITS, FRAME_LOGITS } from './EmbeddingNetwork.ts';

const BLOCK_FRAMES = 10;
/** Blocks are computed so many at a time, with so many frames before and after them. */
const CHUNK_FRAMES = 20 * BLOCK_FRAMES;
const CONTEXT_FRAMES = 5 * BLOCK_FRAMES;
export const BLOCK_SECONDS: Seconds = (BLOCK_FRAMES * FRAME_HOP_SAMPLES) / EMBEDDING_RATE_HERTZ;
/** Zeros before the recording, so that the middle of a frame is the middle of its hop. */
const LEAD_SAMPLES: Samples = (FRAME_SAMPLES - FRAME_HOP_SAMPLES) / 2;
/** A stretch counts as at least this part of the loudest one so far (-20 dB), so that a pause is not analysed as if it were loud. */
const QUIETEST_STRETCH = 0.01;

/** What the network finds in 0.1 s of a recording. */
export interface SpeechBlock extends UnitSums {
  /** Shares of its frames, 0 to 1, in which there is speech, more than one voice, and music or noise. */
  readonly speech: number;
  readonly overlap: number;
  readonly disturbance: number;
}

/** Analyses a recording in blocks of `BLOCK_SECONDS`, from which any stretch can be embedded. 1.7 kB a block, 61 MB an hour. */
export class SpeechBlocks {
  /** Complete blocks, in order; `finish` adds the last ones. */
  readonly blocks: SpeechBlock[] = [];

  private readonly features: EmbeddingFeatures;
  private readonly inference: EmbeddingInference;
  /** Samples from the first one of the next frame on. */
  private samples = new Float32Array(EMBEDDING_RATE_HERTZ);
  private filled: Samples = LEAD_SAMPLES;
  /** [frames x EMBEDDING_BANDS] powers of the frames from `CONTEXT_FRAMES` before the next block on. */
  private powers = new Float32Array(2 * (CHUNK_FRAMES + 2 * CONTEXT_FRAMES) * EMBEDDING_BANDS);
  private frames = 0;
  /** Frames of `powers` before the next block. */
  private contextFrames = 0;
  private loudest = 0;

  /** @param inference may serve several recordings, one after the other */
  constructor(inference = new EmbeddingInference(), features = new EmbeddingFeatures()) {
    this.inference = inference;
    this.features = features;
  }

  /** @param samples the next ones, at `EMBEDDING_RATE_HERTZ`, any number */
  add(samples: Float32Array): void {
    for (let offset = 0; offset < samples.length; ) {
      const count = Math.min(samples.length - offset, this.samples.length - this.filled);
      this.samples.set(samples.subarray(offset, offset + count), this.filled);
      this.filled += count;
      offset += count;
      this.measureFrames();
    }
  }

  /** Analyses what is left; the last block is completed by silence. */
  finish(): void {
    this.add(new Float32Array(FRAME_SAMPLES - LEAD_SAMPLES - 1));
    while (this.frames > this.contextFrames) this.analyse(Math.min(CHUNK_FRAMES, this.frames - this.contextFrames));
  }

  private measureFrames(): void {
    let start = 0;
    for (; start + FRAME_SAMPLES <= this.filled; start += FRAME_HOP_SAMPLES) {
      this.features.measure(this.samples, start, this.powers, this.frames * EMBEDDING_BANDS);
      if (++this.frames === this.contextFrames + CHUNK_FRAMES + CONTEXT_FRAMES) this.analyse(CHUNK_FRAMES);
    }
    this.samples.copyWithin(0, start, this.filled);
    this.filled -= start;
  }

  /** Turns the next `count` frames into blocks, and keeps the last of them as context. */
  private analyse(count: number): void {
    const { contextFrames } = this;
    const end = contextFrames + count;
    const stretch = this.powers.subarray(0, Math.min(this.frames, end + CONTEXT_FRAMES) * EMBEDDING_BANDS);
    const mean = stretch.reduce((sum, power) => sum + power, 0) / stretch.length;
    this.loudest = Math.max(this.loudest, mean);
    const analysed = this.inference.frames(embeddingInputs(stretch, Math.max(mean, QUIETEST_STRETCH * this.loudest)));
    for (let first = contextFrames; first < end; first += BLOCK_FRAMES)
      this.blocks.push(blockOf(analysed, first, Math.min(end, first + BLOCK_FRAMES)));
    const kept = Math.max(0, end - CONTEXT_FRAMES);
    this.powers.copyWithin(0, kept * EMBEDDING_BANDS, this.frames * EMBEDDING_BANDS);
    this.frames -= kept;
    this.contextFrames = end - kept;
  }
}

function blockOf({ units, logits }: FrameUnits, first: number, end: number): SpeechBlock {
  const sums = new Float32Array(EMBEDDING_UNITS);
  const squares = new Float32Array(EMBEDDING_UNITS);
  const shares = [0, 0, 0, 0];
  for (let frame = first; frame < end; frame++) {
    const chances = FRAME_LOGITS.map((_, index) => sigmoid(logits[frame * FRAME_LOGITS.length + index]!));
    chances.forEach((chance, index) => {
      shares[index]! += chance;
    });
    const weight = chances[3]!;
    for (let unit = 0; unit < EMBEDDING_UNITS; unit++) {
      const value = units[frame * EMBEDDING_UNITS + unit]!;
      sums[unit]! += weight * value;
      squares[unit]! += weight * value * value;
    }
  }
  const [speech, overlap, disturbance] = shares.map((sum) => sum / BLOCK_FRAMES);
  return { speech: speech!, overlap: overlap!, disturbance: disturbance!, weight: shares[3]!, units: sums, squares };
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** @returns the duration in blocks, rounded */
export function blocksIn(seconds: Seconds): number {
  return Math.round(seconds / BLOCK_SECONDS);
}
