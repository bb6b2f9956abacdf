import { InputError } from '../../engine/core/errors.ts';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { AudioFileReader } from './AudioFileReader.ts';

/** The samples of a whole file, mixed down to mono. */
export interface AudioRecording {
  readonly name: string;
  readonly samples: Float32Array;
  readonly sampleRateHertz: Hertz;
  /** Number of channels in the file. */
  readonly channels: number;
}

/**
 * Reads a whole file into memory.
 * @param maximumSeconds longer files are refused
 * @throws InputError as AudioFileReader, or if the file is too long
 */
export async function readRecording(path: string, maximumSeconds: Seconds = 3 * 3600): Promise<AudioRecording> {
  const reader = await AudioFileReader.open(path);
  const blocks: Float32Array[] = [];
  let length = 0;
  for await (const block of reader.blocks()) {
    blocks.push(block);
    length += block.length;
    if (length > maximumSeconds * reader.sampleRateHertz) {
      throw new InputError(`${path}: is too long: at most ${maximumSeconds} s are allowed`);
    }
  }
  const samples = new Float32Array(length);
  let offset = 0;
  for (const block of blocks) {
    samples.set(block, offset);
    offset += block.length;
  }
  return { name: path, samples, sampleRateHertz: reader.sampleRateHertz, channels: reader.channels };
}
