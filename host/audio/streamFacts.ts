import { InputError } from '../../engine/core/errors.ts';
import type { Samples, Seconds } from '../../engine/core/units.ts';
import type { AudioFormat } from './audioFormats.ts';
import { containerExtent } from './containerExtent.ts';
import { soundStart } from './detectFormat.ts';
import type { FileBytes } from './FileBytes.ts';
import { findMp3Frame } from './mp3Frame.ts';

/** Properties of a compressed file, known before decoding; null: its format does not state them. */
export interface StreamFacts {
  readonly seconds: Seconds | null;
  /** Number of samples per channel in the complete file. */
  readonly totalSamples: Samples | null;
  /** Width of the coded integers; lossless formats only. */
  readonly sampleBits: number | null;
  /** Why the file is evidently truncated, for the user; null: it seems whole. */
  readonly fault: string | null;
}

/** Facts of a format that states none. */
export const NO_FACTS: StreamFacts = { seconds: null, totalSamples: null, sampleBits: null, fault: null };
/** Ogg pages have at most 65,307 bytes, so the last page starts within this distance from the end. */
const OGG_TAIL_BYTES = 131_072;
/** Offset of the usual FLAC header: after the Ogg page header and the mapping header of the first packet. */
const OGG_FLAC_OFFSET = 28 + 9;
const OPUS_RATE_HERTZ = 48_000;

/** @throws InputError if the file ends within its header */
export async function readStreamFacts(file: FileBytes, format: AudioFormat): Promise<StreamFacts> {
  const start = await soundStart(file);
  const isOgg = String.fromCharCode(...(await file.read(start, 4))) === 'OggS';
  if (isOgg) return oggFacts(file, format, start);
  if (format === 'flac') return flacFacts(file, start);
  if (format === 'mp3') return mp3Facts(file, start);
  if (format === 'tta') return totalFacts(file, start + 14);
  if (format === 'wv') return totalFacts(file, start + 12);
  const extent = await containerExtent(file, format);
  if (extent === null || extent <= file.size) return NO_FACTS;
  return { ...NO_FACTS, fault: `is truncated: it states a length of ${extent} bytes, the file holds ${file.size}` };
}

/** Reads the number of samples from a 32-bit field of the header; all bits set: unknown. */
async function totalFacts(file: FileBytes, offset: number): Promise<StreamFacts> {
  const bytes = await file.read(offset, 4);
  const totalSamples = bytes.length < 4 ? 0 : new DataView(bytes.buffer).getUint32(0, true);
  return totalSamples === 0 || totalSamples === 0xffff_ffff ? NO_FACTS : { ...NO_FACTS, totalSamples };
}

/** Reads STREAMINFO from byte 18: 20 bits sample rate, 3 bits channels - 1, 5 bits sample bits - 1, 36 bits samples. */
async function flacFacts(file: FileBytes, start: number): Promise<StreamFacts> {
  const bytes = await file.read(start + 18, 8);
  if (bytes.length < 8) throw new InputError(`${file.name}: is truncated: it ends within the FLAC header`);
  const packed = new DataView(bytes.buffer).getBigUint64(0);
  const sampleRateHertz = Number(packed >> 44n);
  const totalSamples = Number(packed & 0xf_ffff_ffffn);
  const sampleBits = Number((packed >> 36n) & 31n) + 1;
  if (totalSamples === 0 || sampleRateHertz === 0) return { ...NO_FACTS, sampleBits };
  return { ...NO_FACTS, seconds: totalSamples / sampleRateHertz, totalSamples, sampleBits };
}

/** The last page of a stream has flag 4 and states the position of the last sample. */
async function oggFacts(file: FileBytes, format: AudioFormat, start: number): Promise<StreamFacts> {
  const tailOffset = Math.max(start, file.size - OGG_TAIL_BYTES);
  const tail = await file.read(tailOffset, OGG_TAIL_BYTES);
  const page = lastPage(tail);
  const isWhole = page !== null && (tail[page + 5]! & 4) !== 0;
  const fault = isWhole ? null : 'is truncated: the end of its Ogg stream is missing';
  if (format === 'flac') return { ...(await flacFacts(file, start + OGG_FLAC_OFFSET)), fault };
  if (!isWhole) return { ...NO_FACTS, fault };
  const view = new DataView(tail.buffer);
  const endSample = Number(view.getBigInt64(page + 6, true));
  const firstPacket = await file.read(start + 28, 32);
  const isSingleStream =
    view.getUint32(page + 14, true) === new DataView((await file.read(start + 14, 4)).buffer).getUint32(0, true);
  if (!isSingleStream || firstPacket.length < 32) return NO_FACTS;
  const packet = new DataView(firstPacket.buffer);
  if (format === 'opus') return { ...NO_FACTS, seconds: (endSample - packet.getUint16(10, true)) / OPUS_RATE_HERTZ };
  return { ...NO_FACTS, seconds: endSample / packet.getUint32(12, true) };
}

/** @returns offset of the last complete page */
function lastPage(bytes: Uint8Array): number | null {
  for (let offset = bytes.length - 27; offset >= 0; offset--) {
    if (
      bytes[offset] !== 0x4f ||
      bytes[offset + 1] !== 0x67 ||
      bytes[offset + 2] !== 0x67 ||
      bytes[offset + 3] !== 0x53
    )
      continue;
    const segments = bytes[offset + 26]!;
    let end = offset + 27 + segments;
    if (end > bytes.length) return null;
    for (let segment = offset + 27; segment < offset + 27 + segments; segment++) end += bytes[segment]!;
    return end <= bytes.length ? offset : null;
  }
  return null;
}

async function mp3Facts(file: FileBytes, start: number): Promise<StreamFacts> {
  const frame = findMp3Frame(await file.read(start, 65_536));
  if (frame?.streamBytes == null) return NO_FACTS;
  const heldBytes = file.size - start - frame.offset;
  if (heldBytes >= frame.streamBytes) return NO_FACTS;
  return {
    ...NO_FACTS,
    fault: `is truncated: its header states ${frame.streamBytes} bytes of MP3, the file holds ${heldBytes}`,
  };
}
