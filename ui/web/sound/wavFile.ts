import type { Hertz } from '../../../engine/core/units.ts';

const HEADER_BYTES = 44;
const SAMPLE_BYTES = 2;
const PCM_FORMAT = 1;

/** @param pcm one channel of little-endian 16-bit samples @returns a WAV file of them */
export function wavFile(pcm: Blob, sampleRateHertz: Hertz): Blob {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  const text = (offset: number, word: string) => {
    for (let index = 0; index < word.length; index++) header.setUint8(offset + index, word.charCodeAt(index));
  };
  text(0, 'RIFF');
  header.setUint32(4, HEADER_BYTES - 8 + pcm.size, true);
  text(8, 'WAVE');
  text(12, 'fmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, PCM_FORMAT, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, sampleRateHertz, true);
  header.setUint32(28, SAMPLE_BYTES * sampleRateHertz, true);
  header.setUint16(32, SAMPLE_BYTES, true);
  header.setUint16(34, 8 * SAMPLE_BYTES, true);
  text(36, 'data');
  header.setUint32(40, pcm.size, true);
  return new Blob([header.buffer, pcm], { type: 'audio/wav' });
}
