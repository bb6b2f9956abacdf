import { decodeChunked } from 'audio-decode/stream';
import { InputError } from '../../engine/core/errors.ts';
import type { AudioFormat } from './audioFormat.ts';
import type { DecodedBlock } from './DecodedBlock.ts';
import type { FileBytes } from './FileBytes.ts';
import type { StreamFacts } from './streamFacts.ts';

/** Longest FLAC frame header, 16 bytes, plus one byte of look-ahead in the decoder. */
const FLAC_HEADER_BYTES = 17;

/**
 * Decodes with `audio-decode`, chunk by chunk.
 * @thread worker: `decodeInThread` calls it elsewhere
 * @param start offset of the stream in bytes
 * @param chunkBytes bytes read at a time; the samples do not depend on it
 * @throws InputError if the content cannot be decoded, or has fewer samples than its header states
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
      const { done, value } = await nextBlock(decoded, file.path, format);
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

async function nextBlock<T>(iterator: AsyncIterator<T>, path: string, format: AudioFormat): Promise<IteratorResult<T>> {
  try {
    return await iterator.next();
  } catch (failure) {
    if (failure instanceof InputError) throw failure;
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new InputError(`${path}: cannot be decoded as ${format}: ${reason.split('\n')[0]}`);
  }
}

/**
 * Moves chunk borders out of FLAC frame headers: the decoder of audio-decode 3 drops a frame whose header is split between two chunks (3 or
 * 4 frames per hour in chunks of 64 kB). Each chunk is cut before a byte that may start a header.
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

/**
 * Makes FLAC and WAV files of one recording equal: the decoder divides integers by 2^(bits - 1) - 1, WAV and other programs by
 * 2^(bits - 1).
 */
function rescaleIntegers(samples: Float32Array, sampleBits: number): void {
  const scale = 2 ** (sampleBits - 1);
  for (let n = 0; n < samples.length; n++) samples[n] = Math.round(samples[n]! * (scale - 1)) / scale;
}
