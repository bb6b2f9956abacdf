import { decodeChunked } from 'audio-decode/stream';
import { InputError } from '../../engine/core/errors.ts';
import type { AudioFormat } from './audioFormat.ts';
import type { DecodedBlock } from './DecodedBlock.ts';
import type { FileBytes } from './FileBytes.ts';
import { silentConsole } from './silentConsole.ts';
import type { StreamFacts } from './streamFacts.ts';

/** The longest FLAC frame header, 16 bytes, and the one byte by which the decoder looks further. */
const FLAC_HEADER_BYTES = 17;

/**
 * Decodes with `audio-decode`, chunk by chunk.
 * @param start where the stream begins, in bytes
 * @param chunkBytes read at a time; the sound does not depend on it
 * @throws InputError where the content is damaged beyond decoding, or less sound comes out than the file promises
 */
export async function* libraryBlocks(
  file: FileBytes,
  format: AudioFormat,
  facts: StreamFacts,
  start: number,
  chunkBytes?: number,
): AsyncGenerator<DecodedBlock> {
  const chunks = file.chunks(start, file.size, chunkBytes);
  const source = format === 'flac' ? cutOutsideFlacHeaders(chunks) : chunks;
  const decoded = decodeChunked(source, format);
  let samples = 0;
  try {
    for (;;) {
      const { done, value } = await nextQuietly(decoded, file.path, format);
      if (done) break;
      const channels = value.channelData;
      if (channels[0] === undefined || channels[0].length === 0) continue;
      if (format === 'flac') for (const channel of channels) rescaleIntegers(channel, facts.sampleBits ?? 16);
      samples += channels[0].length;
      yield { channels, sampleRateHertz: value.sampleRate };
    }
  } finally {
    await decoded.return(undefined);
  }
  if (facts.totalSamples !== null && samples !== facts.totalSamples) {
    throw new InputError(
      `${file.path}: is truncated or damaged: its header promises ${facts.totalSamples} samples, ${samples} could be decoded`,
    );
  }
}

/** The MP3 decoder prints a line for every damaged frame it skips; such frames are no error, so the lines are suppressed. */
async function nextQuietly<T>(
  iterator: AsyncIterator<T>,
  path: string,
  format: AudioFormat,
): Promise<IteratorResult<T>> {
  silentConsole.acquire();
  try {
    return await iterator.next();
  } catch (failure) {
    if (failure instanceof InputError) throw failure;
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new InputError(`${path}: cannot be decoded as ${format}: ${reason.split('\n')[0]}`);
  } finally {
    silentConsole.release();
  }
}

/**
 * The FLAC decoder of audio-decode 3 loses a frame whose header lies across two chunks (an hour in chunks of 64 kB loses 3 or 4).
 * So a chunk ends before whatever may be the start of a header.
 */
async function* cutOutsideFlacHeaders(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array> {
  let held = new Uint8Array(0);
  for await (const chunk of chunks) {
    const bytes = new Uint8Array(held.length + chunk.length);
    bytes.set(held);
    bytes.set(chunk, held.length);
    let cut = bytes.length;
    for (let offset = Math.max(0, bytes.length - FLAC_HEADER_BYTES); offset < cut; offset++) {
      if (bytes[offset] === 0xff) cut = offset;
    }
    held = bytes.slice(cut);
    if (cut > 0) yield bytes.subarray(0, cut);
  }
  if (held.length > 0) yield held;
}

/** The decoder divides integers by 2^(bits - 1) - 1, WAV and everybody else by 2^(bits - 1): the same recording shall be the same. */
function rescaleIntegers(samples: Float32Array, sampleBits: number): void {
  const scale = 2 ** (sampleBits - 1);
  for (let n = 0; n < samples.length; n++) samples[n] = Math.round(samples[n]! * (scale - 1)) / scale;
}
