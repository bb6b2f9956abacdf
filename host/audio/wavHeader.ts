import { InputError } from '../../engine/core/errors.ts';
import type { Hertz } from '../../engine/core/units.ts';
import type { FileBytes } from './FileBytes.ts';

export interface WavHeader {
  /** 'other': A-law, ADPCM and similar encodings. */
  readonly encoding: 'integer' | 'float' | 'other';
  /** Bytes per sample, padding included. */
  readonly sampleBytes: number;
  readonly channels: number;
  readonly sampleRateHertz: Hertz;
  readonly dataOffset: number;
  readonly dataBytes: number;
}

interface WavFormat {
  readonly code: number;
  readonly channels: number;
  readonly sampleRateHertz: Hertz;
  readonly frameBytes: number;
  readonly sampleBits: number;
}

const CODE_INTEGER = 1;
const CODE_FLOAT = 3;
const CODE_EXTENSIBLE = 0xfffe;
/** Data sizes that stand for "until the end of the file" (empty, ffmpeg, sox): programs that write into a pipe do not know the length. */
const UNKNOWN_SIZES: readonly number[] = [0, 0xffff_ffff, 0x7fff_f000];
const MAXIMUM_CHANNELS = 64;
const RATE_RANGE_HERTZ = { minimum: 1000, maximum: 768_000 } as const;
/** Real files have a few chunks; a malicious file could have millions. */
const MAXIMUM_CHUNKS = 10_000;

/**
 * Reads the header of RIFF, RF64 and BW64 files; chunks before the data are skipped.
 * @throws InputError that names the file and the fault
 */
export async function readWavHeader(file: FileBytes): Promise<WavHeader> {
  const fail = (text: string): never => {
    throw new InputError(`${file.path}: ${text}`);
  };
  let format: WavFormat | null = null;
  /** RF64 stores the length of the data in a separate chunk. */
  let longDataBytes: number | null = null;
  let offset = 12;
  for (let chunk = 0; chunk < MAXIMUM_CHUNKS && offset + 8 <= file.size; chunk++) {
    const head = await file.read(offset, 8);
    const name = String.fromCharCode(...head.subarray(0, 4));
    const bytes = new DataView(head.buffer).getUint32(4, true);
    const body = offset + 8;
    if (name === 'ds64') longDataBytes = Number(new DataView((await file.read(body, 16)).buffer).getBigUint64(8, true));
    if (name === 'fmt ')
      format = parseFormat(await file.read(body, Math.min(bytes, 40))) ?? fail('its WAV header is truncated');
    if (name === 'data') {
      if (format === null) return fail('its WAV header has no format before the data');
      return completeHeader(format, body, bytes, longDataBytes, file, fail);
    }
    offset = body + bytes + (bytes % 2);
  }
  return fail(
    file.size <= 44
      ? 'is truncated: it ends within the WAV header'
      : 'is a WAV file without sound data, or truncated before it',
  );
}

function parseFormat(bytes: Uint8Array<ArrayBuffer>): WavFormat | null {
  if (bytes.length < 16) return null;
  const view = new DataView(bytes.buffer);
  const code = view.getUint16(0, true);
  return {
    // In extensible headers the code is the start of a GUID.
    code: code === CODE_EXTENSIBLE && bytes.length >= 26 ? view.getUint16(24, true) : code,
    channels: view.getUint16(2, true),
    sampleRateHertz: view.getUint32(4, true),
    frameBytes: view.getUint16(12, true),
    sampleBits: view.getUint16(14, true),
  };
}

async function completeHeader(
  format: WavFormat,
  dataOffset: number,
  shortDataBytes: number,
  longDataBytes: number | null,
  file: FileBytes,
  fail: (text: string) => never,
): Promise<WavHeader> {
  const { code, channels, sampleRateHertz, frameBytes, sampleBits } = format;
  if (channels < 1 || channels > MAXIMUM_CHANNELS) {
    fail(`the number of channels in its WAV header must be 1 to ${MAXIMUM_CHANNELS}, got ${channels}`);
  }
  if (sampleRateHertz < RATE_RANGE_HERTZ.minimum || sampleRateHertz > RATE_RANGE_HERTZ.maximum) {
    fail(
      `the sample rate in its WAV header must be ${RATE_RANGE_HERTZ.minimum} to ${RATE_RANGE_HERTZ.maximum} Hz, got ${sampleRateHertz} Hz`,
    );
  }
  // A running recording may have grown since the file was opened, together with its header.
  if (shortDataBytes > file.size - dataOffset) await file.measure();
  const heldBytes = file.size - dataOffset;
  const isUnknown = longDataBytes === null && UNKNOWN_SIZES.includes(shortDataBytes) && shortDataBytes !== heldBytes;
  const dataBytes = isUnknown ? heldBytes : (longDataBytes ?? shortDataBytes);
  const encoding = code === CODE_INTEGER ? 'integer' : code === CODE_FLOAT ? 'float' : 'other';
  const sampleBytes = frameBytes / channels;
  const allowedBytes = encoding === 'float' ? [4, 8] : [1, 2, 3, 4];
  const isConsistent = allowedBytes.includes(sampleBytes) && Math.ceil(sampleBits / 8) <= sampleBytes;
  if (encoding !== 'other' && !isConsistent) {
    fail(`its WAV header contradicts itself: ${channels} x ${sampleBits} bits (${encoding}) in ${frameBytes} bytes`);
  }
  if (dataBytes > heldBytes) {
    fail(`is truncated: its header promises ${dataBytes} bytes of sound, the file holds ${heldBytes}`);
  }
  return { encoding, sampleBytes, channels, sampleRateHertz, dataOffset, dataBytes };
}
