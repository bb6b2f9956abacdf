import { InputError } from '../../../engine/core/errors.ts';
import type { Hertz } from '../../../engine/core/units.ts';
import { decodedRate } from './soundRate.ts';

/** A decoded file. */
export interface DecodedSound {
  /** [channels][samples] */
  readonly channels: readonly Float32Array<ArrayBuffer>[];
  readonly sampleRateHertz: Hertz;
}

/** Enough of a WAV file for the chunks before its format. */
const HEAD_BYTES = 4096;

/**
 * Decodes a file with the browser's decoder, at the file's own rate where that is known, else at 48 kHz.
 * @throws InputError if the browser cannot decode it, or has too little memory for all of its sound
 */
export async function decodeFile(file: Blob, name: string): Promise<DecodedSound> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const context = new OfflineAudioContext(1, 1, decodedRate(head));
  let buffer: AudioBuffer;
  try {
    buffer = await context.decodeAudioData(await file.arrayBuffer());
  } catch (error) {
    throw new InputError(
      `${name}: this browser cannot decode it (${reasonOf(error)}); open a WAV, FLAC, MP3, Ogg or M4A file, or a shorter one`,
    );
  }
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel));
  return { channels, sampleRateHertz: buffer.sampleRate };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
