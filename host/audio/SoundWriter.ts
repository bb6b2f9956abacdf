import type { Samples } from '../../engine/core/units.ts';

/** A `SoundWriter` whose sound is a file. */
export interface TrackFile extends SoundWriter {
  readonly path: string;
}

/** Writes a mono sound as a stream: a file, or a pipe to another program. */
export interface SoundWriter {
  /** Number of samples so far that were over full scale and were cut off. */
  readonly clippedSamples: Samples;
  /** Resolves when more can be written. @throws Error if nothing more can be written */
  write(samples: Float32Array): Promise<void>;
  /** Writes what is left. @throws Error if that fails */
  close(): Promise<void>;
  /** Ends without completing the sound. */
  abort(): Promise<void>;
}
