import { InputError } from '../../engine/core/errors.ts';
import type { Hertz } from '../../engine/core/units.ts';
import { conversionAdvice } from './audioFormats.ts';
import type { FileBytes } from './FileBytes.ts';
import type { SoundData } from './SoundData.ts';
import { soundLength } from './soundLength.ts';
import {
  FIRST_CHUNK_OFFSET,
  isEndOfSound,
  MAXIMUM_CHUNKS,
  readChunk,
  type WavChunk,
  type WavContainer,
} from './wavChunks.ts';

interface WavFormat {
  readonly code: number;
  readonly channels: number;
  readonly sampleRateHertz: Hertz;
  readonly bytesPerSecond: number;
  readonly frameBytes: number;
  readonly sampleBits: number;
  readonly chunk: Uint8Array<ArrayBuffer>;
}

const CODE_EXTENSIBLE = 0xfffe;
const ENCODINGS: Readonly<Record<number, SoundData['encoding']>> = {
  1: 'integer',
  2: 'other', // ADPCM by Microsoft
  3: 'float',
  6: 'alaw',
  7: 'mulaw',
  17: 'other', // ADPCM by IMA
  85: 'mp3',
};
/** Names for error texts. */
const UNSUPPORTED_ENCODINGS: Readonly<Record<number, string>> = {
  34: 'TrueSpeech',
  49: 'GSM 6.10',
  64: 'G.721 ADPCM',
  66: 'G.723.1',
  69: 'G.726 ADPCM',
  80: 'MPEG layer I or II',
  100: 'G.726 ADPCM',
  101: 'G.722 ADPCM',
  131: 'G.729',
  255: 'AAC',
  352: 'WMA',
  353: 'WMA',
  8192: 'AC-3',
};
const MAXIMUM_CHANNELS = 64;
const RATE_RANGE_HERTZ = { minimum: 1000, maximum: 768_000 } as const;
/** Long enough for the format chunks of all encodings that are read. */
const MAXIMUM_FORMAT_BYTES = 256;

/**
 * Reads the header of RIFF, RF64, BW64 and Wave64 files; chunks before the data are skipped.
 * @throws InputError that names the file and the fault
 */
export async function readWavHeader(file: FileBytes, container: WavContainer): Promise<SoundData> {
  let format: WavFormat | null = null;
  /** RF64 stores the length of the data in a separate chunk. */
  let longDataBytes: number | null = null;
  let offset: number = FIRST_CHUNK_OFFSET[container];
  for (let count = 0; count < MAXIMUM_CHUNKS; count++) {
    const chunk = await readChunk(file, offset, container);
    if (chunk === null) break;
    const { name, bodyOffset, bodyBytes } = chunk;
    if (name === 'ds64') longDataBytes = await readLongDataBytes(file, bodyOffset);
    if (name === 'fmt ') {
      format = parseFormat(await file.read(bodyOffset, Math.min(bodyBytes, MAXIMUM_FORMAT_BYTES)));
      if (format === null) fail(file, 'its WAV header is truncated');
    }
    if (name === 'data') {
      if (format === null) return fail(file, 'its WAV header has no format before the data');
      return completeHeader(file, container, format, chunk, longDataBytes);
    }
    offset = chunk.nextOffset;
  }
  return fail(
    file,
    file.size <= 44
      ? 'is truncated: it ends within the WAV header'
      : 'is a WAV file without sound data, or truncated before it',
  );
}

function fail(file: FileBytes, text: string): never {
  throw new InputError(`${file.name}: ${text}`);
}

/** @returns null if the chunk does not state the length */
async function readLongDataBytes(file: FileBytes, bodyOffset: number): Promise<number | null> {
  const body = await file.read(bodyOffset, 16);
  if (body.length < 16) return null;
  const bytes = Number(new DataView(body.buffer).getBigUint64(8, true));
  return bytes === 0 ? null : bytes;
}

function parseFormat(chunk: Uint8Array<ArrayBuffer>): WavFormat | null {
  if (chunk.length < 16) return null;
  const view = new DataView(chunk.buffer);
  const code = view.getUint16(0, true);
  return {
    // In extensible headers the code is the start of a GUID.
    code: code === CODE_EXTENSIBLE && chunk.length >= 26 ? view.getUint16(24, true) : code,
    channels: view.getUint16(2, true),
    sampleRateHertz: view.getUint32(4, true),
    bytesPerSecond: view.getUint32(8, true),
    frameBytes: view.getUint16(12, true),
    sampleBits: view.getUint16(14, true),
    chunk,
  };
}

async function completeHeader(
  file: FileBytes,
  container: WavContainer,
  format: WavFormat,
  { bodyOffset, bodyBytes }: WavChunk,
  longDataBytes: number | null,
): Promise<SoundData> {
  const { channels, sampleRateHertz, frameBytes, chunk } = format;
  if (channels < 1 || channels > MAXIMUM_CHANNELS) {
    fail(file, `the number of channels in its WAV header must be 1 to ${MAXIMUM_CHANNELS}, got ${channels}`);
  }
  if (sampleRateHertz < RATE_RANGE_HERTZ.minimum || sampleRateHertz > RATE_RANGE_HERTZ.maximum) {
    const { minimum, maximum } = RATE_RANGE_HERTZ;
    fail(file, `the sample rate in its WAV header must be ${minimum} to ${maximum} Hz, got ${sampleRateHertz} Hz`);
  }
  const encoding = encodingOf(file, format);
  const isPcm = encoding !== 'mp3' && encoding !== 'other';
  const { bytes, remark } = await soundLength(file, {
    offset: bodyOffset,
    bytes: longDataBytes ?? bodyBytes,
    bytesPerSecond: isPcm ? frameBytes * sampleRateHertz : codedBytesPerSecond(format),
    isEndOfSound: (offset) => isEndOfSound(file, offset, container),
  });
  return {
    encoding,
    isBigEndian: false,
    sampleBytes: frameBytes / channels,
    channels,
    sampleRateHertz,
    dataOffset: bodyOffset,
    dataBytes: bytes,
    formatChunk: chunk,
    remark,
  };
}

/** The stated rate of bytes is often wrong; ADPCM also states how many samples a block of `frameBytes` holds. */
function codedBytesPerSecond({ chunk, bytesPerSecond, frameBytes, sampleRateHertz }: WavFormat): number {
  const blockSamples = chunk.length < 20 ? 0 : new DataView(chunk.buffer).getUint16(18, true);
  return blockSamples > 1 ? (frameBytes * sampleRateHertz) / blockSamples : bytesPerSecond;
}

/** @throws InputError for an encoding that is not read, or that contradicts the other fields */
function encodingOf(file: FileBytes, { code, channels, frameBytes, sampleBits }: WavFormat): SoundData['encoding'] {
  const encoding = ENCODINGS[code];
  if (encoding === undefined) {
    const hexadecimal = `0x${code.toString(16)}`;
    const name = UNSUPPORTED_ENCODINGS[code];
    const label = name === undefined ? hexadecimal : `${name} (${hexadecimal})`;
    return fail(file, `its encoding, ${label}, is not supported; ${conversionAdvice(file.name)}`);
  }
  const allowedBytes = ALLOWED_SAMPLE_BYTES[encoding];
  if (allowedBytes === undefined) return encoding;
  const sampleBytes = frameBytes / channels;
  if (!allowedBytes.includes(sampleBytes) || Math.ceil(sampleBits / 8) > sampleBytes) {
    fail(
      file,
      `its WAV header contradicts itself: ${channels} x ${sampleBits} bits (${encoding}) in ${frameBytes} bytes`,
    );
  }
  return encoding === 'integer' && sampleBytes === 1 ? 'unsigned' : encoding;
}

const ALLOWED_SAMPLE_BYTES: Readonly<Partial<Record<SoundData['encoding'], readonly number[]>>> = {
  integer: [1, 2, 3, 4],
  float: [4, 8],
  alaw: [1],
  mulaw: [1],
};
