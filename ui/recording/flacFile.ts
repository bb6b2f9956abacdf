import { FLAC_SAMPLE_COUNT_OFFSET, flacSampleCount } from '../../engine/core/flacHeader.ts';
import type { Hertz, Samples } from '../../engine/core/units.ts';

/** Sound of 16 bits, read in parts. */
export interface Sound16 {
  readonly sampleRateHertz: Hertz;
  readonly totalSamples: Samples;
  /** @returns [samples] */
  readonly read: (fromSample: Samples, samples: Samples) => Promise<Int16Array>;
}

const BITS = 16;
const FULL_SCALE = 2 ** (BITS - 1) - 1;
/** Encoded at once, in some hundredths of a second: the page stays responsive. */
const PART_SAMPLES: Samples = 96_000;

/** @returns mono FLAC file with exactly these samples. @throws whatever `read` throws */
export async function flacFile({ sampleRateHertz, totalSamples, read }: Sound16): Promise<Blob> {
  // A megabyte of code, for those who save FLAC.
  const { default: createEncoder } = await import('@audio/encode-flac');
  const encoder = await createEncoder({ sampleRate: sampleRateHertz, channels: 1, bitDepth: BITS });
  const parts: BlobPart[] = [];
  try {
    for (let start = 0; start < totalSamples; start += PART_SAMPLES) {
      const samples = await read(start, Math.min(PART_SAMPLES, totalSamples - start));
      const bytes = encoder.encode([Float32Array.from(samples, (sample) => sample / FULL_SCALE)]);
      if (start === 0) bytes.set(flacSampleCount(BITS, totalSamples), FLAC_SAMPLE_COUNT_OFFSET);
      parts.push(new Uint8Array(bytes));
    }
    parts.push(new Uint8Array(encoder.flush()));
  } finally {
    encoder.free();
  }
  return new Blob(parts, { type: 'audio/flac' });
}
