import type { DecodedBlock } from './DecodedBlock.ts';
import type { FileBytes } from './FileBytes.ts';
import type { SoundData } from './SoundData.ts';

/** A third of a second at 48 kHz; larger blocks are not faster. */
const BLOCK_SAMPLES = 16_384;

type SampleReader = (view: DataView, offset: number) => number;

/**
 * Decodes integer, float, A-law and mu-law samples. Integers are divided by 2^(bits - 1), so that sums of integer signals stay exact, and a
 * 16-bit file written from these samples equals the one that was read.
 */
export async function* pcmBlocks(file: FileBytes, sound: SoundData): AsyncGenerator<DecodedBlock, null> {
  const { channels, sampleBytes, sampleRateHertz, dataOffset, dataBytes } = sound;
  const frameBytes = channels * sampleBytes;
  const end = dataOffset + Math.floor(dataBytes / frameBytes) * frameBytes;
  const readSample = sampleReader(sound);
  for await (const bytes of file.chunks(dataOffset, end, BLOCK_SAMPLES * frameBytes)) {
    const view = new DataView(bytes.buffer);
    const samples = Math.floor(bytes.length / frameBytes);
    const channelSamples = Array.from({ length: channels }, (_, channel) => {
      const values = new Float32Array(samples);
      let offset = channel * sampleBytes;
      for (let n = 0; n < samples; n++, offset += frameBytes) values[n] = readSample(view, offset);
      return values;
    });
    yield { channels: channelSamples, sampleRateHertz };
  }
  return null;
}

function sampleReader({ encoding, sampleBytes, isBigEndian }: SoundData): SampleReader {
  const isLittle = !isBigEndian;
  if (encoding === 'alaw' || encoding === 'mulaw') {
    const table = encoding === 'alaw' ? ALAW : MULAW;
    return (view, offset) => table[view.getUint8(offset)]!;
  }
  if (encoding === 'unsigned') return (view, offset) => (view.getUint8(offset) - 128) / 128;
  if (encoding === 'float') {
    return sampleBytes === 4
      ? (view, offset) => view.getFloat32(offset, isLittle)
      : (view, offset) => view.getFloat64(offset, isLittle);
  }
  switch (sampleBytes) {
    case 1:
      return (view, offset) => view.getInt8(offset) / 128;
    case 2:
      return (view, offset) => view.getInt16(offset, isLittle) / 32_768;
    case 3:
      return isBigEndian
        ? (view, offset) => ((view.getInt16(offset) << 8) | view.getUint8(offset + 2)) / 8_388_608
        : (view, offset) => ((view.getInt8(offset + 2) << 16) | view.getUint16(offset, true)) / 8_388_608;
    default:
      return (view, offset) => view.getInt32(offset, isLittle) / 2_147_483_648;
  }
}

/** Expansion of 8-bit codes to samples (ITU-T G.711). */
const ALAW = Float32Array.from({ length: 256 }, (_, code) => expandALaw(code) / 32_768);
const MULAW = Float32Array.from({ length: 256 }, (_, code) => expandMuLaw(code) / 32_768);

/** Every second bit is inverted; then sign, 3 bits segment and 4 bits step. */
function expandALaw(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = ((bits & 15) << 4) + 8;
  const level = segment === 0 ? step : (step + 256) << (segment - 1);
  return (bits & 0x80) !== 0 ? level : -level;
}

/** All bits are inverted; then sign, 3 bits segment and 4 bits step, with a bias of 132. */
function expandMuLaw(code: number): number {
  const bits = ~code & 0xff;
  const level = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return (bits & 0x80) !== 0 ? -level : level;
}
