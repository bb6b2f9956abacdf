import type { DecodedBlock } from './DecodedBlock.ts';
import type { FileBytes } from './FileBytes.ts';
import type { WavHeader } from './wavHeader.ts';

/** A third of a second at 48 kHz; larger blocks are not faster. */
const BLOCK_SAMPLES = 16_384;

type SampleReader = (view: DataView, offset: number) => number;

/**
 * Decodes integer and float WAV data. Integers are divided by 2^(bits - 1), so that sums of integer signals stay exact, and a 16-bit file
 * written from these samples equals the one that was read.
 */
export async function* wavBlocks(file: FileBytes, header: WavHeader): AsyncGenerator<DecodedBlock> {
  const { channels, sampleBytes, sampleRateHertz, dataOffset, dataBytes } = header;
  const frameBytes = channels * sampleBytes;
  const end = dataOffset + Math.floor(dataBytes / frameBytes) * frameBytes;
  const readSample = sampleReader(header);
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
}

function sampleReader({ encoding, sampleBytes }: WavHeader): SampleReader {
  if (encoding === 'float') {
    return sampleBytes === 4
      ? (view, offset) => view.getFloat32(offset, true)
      : (view, offset) => view.getFloat64(offset, true);
  }
  switch (sampleBytes) {
    case 1: // The only unsigned encoding.
      return (view, offset) => (view.getUint8(offset) - 128) / 128;
    case 2:
      return (view, offset) => view.getInt16(offset, true) / 32_768;
    case 3:
      return (view, offset) => ((view.getInt8(offset + 2) << 16) | view.getUint16(offset, true)) / 8_388_608;
    default:
      return (view, offset) => view.getInt32(offset, true) / 2_147_483_648;
  }
}
