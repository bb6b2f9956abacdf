import { InputError } from '../../engine/core/errors.ts';
import { conversionAdvice } from './audioFormats.ts';
import type { FileBytes } from './FileBytes.ts';
import type { SoundData } from './SoundData.ts';
import { soundLength } from './soundLength.ts';

/** Codes of the encodings that are read, with the bytes of a sample. */
const ENCODINGS: Readonly<Record<number, readonly [SoundData['encoding'], number]>> = {
  1: ['mulaw', 1],
  2: ['integer', 1],
  3: ['integer', 2],
  4: ['integer', 3],
  5: ['integer', 4],
  6: ['float', 4],
  7: ['float', 8],
  27: ['alaw', 1],
};
const HEADER_BYTES = 24;
const MAXIMUM_CHANNELS = 64;

/**
 * Reads the header of an AU file (Sun, NeXT): six big-endian 32-bit fields.
 * @throws InputError that names the file and the fault
 */
export async function readAuHeader(file: FileBytes): Promise<SoundData> {
  const head = await file.read(0, HEADER_BYTES);
  if (head.length < HEADER_BYTES) throw new InputError(`${file.name}: is truncated: it ends within the AU header`);
  const view = new DataView(head.buffer);
  const [dataOffset, statedBytes, code, sampleRateHertz, channels] = [4, 8, 12, 16, 20].map((offset) =>
    view.getUint32(offset),
  ) as [number, number, number, number, number];
  const known = ENCODINGS[code];
  if (known === undefined) {
    throw new InputError(
      `${file.name}: its encoding, number ${code} of AU files, is not supported; ${conversionAdvice(file.name)}`,
    );
  }
  if (channels < 1 || channels > MAXIMUM_CHANNELS || dataOffset < HEADER_BYTES) {
    throw new InputError(
      `${file.name}: its AU header must state 1 to ${MAXIMUM_CHANNELS} channels and an offset from ${HEADER_BYTES} on, got ${channels} and ${dataOffset}`,
    );
  }
  const [encoding, sampleBytes] = known;
  const { bytes, remark } = await soundLength(file, {
    offset: dataOffset,
    bytes: statedBytes,
    bytesPerSecond: sampleBytes * channels * sampleRateHertz,
    // Nothing follows the sound in this format.
    isEndOfSound: async (offset) => file.size - offset < sampleBytes * channels,
  });
  return {
    encoding,
    isBigEndian: true,
    sampleBytes,
    channels,
    sampleRateHertz,
    dataOffset,
    dataBytes: bytes,
    formatChunk: null,
    remark,
  };
}
