import type { FileBytes } from './FileBytes.ts';

/** `riff`: WAV, RF64 and BW64. `w64`: Sony Wave64, whose chunks have GUIDs, 64-bit lengths and a multiple of 8 bytes. */
export type WavContainer = 'riff' | 'w64';

export interface WavChunk {
  /** Four characters; of a GUID, its first four bytes. */
  readonly name: string;
  readonly bodyOffset: number;
  readonly bodyBytes: number;
  readonly nextOffset: number;
}

/** Offset of the first chunk inside the outermost one. */
export const FIRST_CHUNK_OFFSET = { riff: 12, w64: 40 } as const;

const W64_HEAD_BYTES = 24;
/** Chunks and tags that programs write after the sound. */
const TRAILING_NAMES = [
  ...['LIST', 'list', 'fact', 'cue ', 'plst', 'smpl', 'inst', 'bext', 'iXML', 'axml', 'chna', 'JUNK', 'junk', 'PAD '],
  ...['PEAK', 'acid', 'cart', 'afsp', '_PMX', 'levl', 'umid', 'strc', 'DISP', 'FLLR', 'id3 ', 'ID3 ', 'note', 'labl'],
];
const TRAILING_TAGS = ['TAG', 'ID3', 'APETAGEX'];
/** Writers that align the end of a file fill it with zeros, at most a page. */
const MAXIMUM_PADDING_BYTES = 4096;
/** Real files have a few chunks; a malicious file could have millions. */
export const MAXIMUM_CHUNKS = 10_000;

/** @returns null at the end of the file */
export async function readChunk(file: FileBytes, offset: number, container: WavContainer): Promise<WavChunk | null> {
  const headBytes = container === 'riff' ? 8 : W64_HEAD_BYTES;
  const head = await file.read(offset, headBytes);
  if (head.length < headBytes) return null;
  const name = String.fromCharCode(...head.subarray(0, 4));
  const view = new DataView(head.buffer);
  const bodyOffset = offset + headBytes;
  if (container === 'riff') {
    const bodyBytes = view.getUint32(4, true);
    return { name, bodyOffset, bodyBytes, nextOffset: bodyOffset + bodyBytes + (bodyBytes % 2) };
  }
  // The length of a Wave64 chunk includes its head.
  const bytes = Number(view.getBigUint64(16, true));
  const bodyBytes = Math.max(0, bytes - headBytes);
  return { name, bodyOffset, bodyBytes, nextOffset: offset + Math.max(headBytes, Math.ceil(bytes / 8) * 8) };
}

/** @returns whether what follows at `offset` is the end of the file, padding, a tag or chunks, rather than more sound */
export async function isEndOfSound(file: FileBytes, offset: number, container: WavContainer): Promise<boolean> {
  const start = container === 'riff' ? offset + (offset % 2) : Math.ceil(offset / 8) * 8;
  const tail = await file.read(start, MAXIMUM_PADDING_BYTES + 1);
  if (tail.length < 8) return true;
  if (tail.length <= MAXIMUM_PADDING_BYTES && tail.every((byte) => byte === 0)) return true;
  const mark = String.fromCharCode(...tail.subarray(0, 8));
  if (TRAILING_NAMES.includes(mark.slice(0, 4)) || TRAILING_TAGS.some((tag) => mark.startsWith(tag))) return true;
  return isChunkChain(file, start, container);
}

/** @returns whether unknown chunks with plausible names fill the file exactly up to its end */
async function isChunkChain(file: FileBytes, start: number, container: WavContainer): Promise<boolean> {
  let offset = start;
  for (let count = 0; count < MAXIMUM_CHUNKS; count++) {
    const chunk = await readChunk(file, offset, container);
    if (chunk === null || !/^[ -~]{4}$/.test(chunk.name)) return false;
    const end = chunk.bodyOffset + chunk.bodyBytes;
    if (end === file.size || chunk.nextOffset === file.size) return true;
    offset = chunk.nextOffset;
  }
  return false;
}
