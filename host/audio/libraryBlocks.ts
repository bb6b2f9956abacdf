import { decodeChunked } from 'audio-decode/stream';
import { InputError } from '../../engine/core/errors.ts';
import { AUDIO_FORMATS, conversionAdvice } from './audioFormats.ts';
import type { DecodedBlock } from './DecodedBlock.ts';
import type { LibraryStream } from './decoderMessages.ts';
import type { FileBytes } from './FileBytes.ts';

/**
 * Bytes decoded at a time. Decoded blocks are freed by the garbage collectors of two threads, late: with 64 kB, an hour of FLAC occupied 20 MB
 * more, and was decoded 10 % faster.
 */
const CHUNK_BYTES = 8192;
/** Longest FLAC frame header, 16 bytes, plus one byte of look-ahead in the decoder. */
const FLAC_HEADER_BYTES = 17;

/**
 * Decodes with `audio-decode`, chunk by chunk.
 * @thread worker: `decodeInThread` calls it elsewhere
 * @param chunkBytes bytes read at a time; the samples do not depend on it
 * @returns a line for the user if the file is truncated or damaged, null if it is whole
 * @throws InputError if nothing can be decoded
 */
export async function* libraryBlocks(
  file: FileBytes,
  { format, facts, start, end, header }: LibraryStream,
  chunkBytes = CHUNK_BYTES,
): AsyncGenerator<DecodedBlock, string | null> {
  const chunks = withHeader(header, file.chunks(start, end ?? file.size, chunkBytes));
  const source = format === 'flac' ? cutOutsideFlacHeaders(chunks) : chunks;
  // The declarations of audio-decode 3.12 do not list all of its decoders.
  const decoded = decodeChunked(source, format as Parameters<typeof decodeChunked>[1]);
  let samples = 0;
  let seconds = 0;
  try {
    for (;;) {
      const { done, value } = await decoded.next();
      if (done) break;
      const channels = value.channelData;
      if (channels[0] === undefined || channels[0].length === 0) continue;
      if (format === 'flac') for (const channel of channels) rescaleIntegers(channel, facts.sampleBits ?? 16);
      samples += channels[0].length;
      seconds += channels[0].length / value.sampleRate;
      yield { channels, sampleRateHertz: value.sampleRate };
    }
  } catch (failure) {
    if (failure instanceof InputError) throw failure;
    const reason = (failure instanceof Error ? failure.message : String(failure)).split('\n')[0];
    const { label } = AUDIO_FORMATS[format];
    if (samples === 0) {
      throw new InputError(`${file.name}: cannot be decoded as ${label}: ${reason}; ${conversionAdvice(file.name)}`);
    }
    return `${file.name}: is damaged after ${seconds.toFixed(3)} s (${label}: ${reason}); what is before it was read`;
  } finally {
    await decoded.return(undefined);
  }
  if (facts.fault !== null) return `${file.name}: ${facts.fault}; ${seconds.toFixed(3)} s were read`;
  if (facts.totalSamples !== null && samples !== facts.totalSamples) {
    return `${file.name}: is truncated or damaged: its header states ${facts.totalSamples} samples, ${samples} could be read`;
  }
  return null;
}

async function* withHeader(
  header: Uint8Array<ArrayBuffer> | null,
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (header !== null) yield header;
  yield* chunks;
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
