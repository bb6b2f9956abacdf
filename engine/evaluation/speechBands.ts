import type { Hertz, Samples } from '../core/units.ts';
import { Float64Fft } from './Float64Fft.ts';

/** Sample rate at which STOI is defined: frequencies below 5 kHz determine intelligibility. */
export const STOI_RATE_HERTZ: Hertz = 10_000;
/** 25.6 ms at 10 kHz. */
export const FRAME_SAMPLES: Samples = 256;
export const HOP_SAMPLES: Samples = 128;
export const BAND_COUNT = 15;

const TRANSFORM_SAMPLES: Samples = 512;
const LOWEST_BAND_HERTZ: Hertz = 150;

/** [256] Hann window without the two zeros at its ends. */
export function hannWindow(): Float64Array {
  return Float64Array.from(
    { length: FRAME_SAMPLES },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 1)) / (FRAME_SAMPLES + 1)),
  );
}

/**
 * Norms of the spectrum within 15 third-octave bands, the lowest centred at 150 Hz (Taal et al. 2011, eq. 1).
 * @param samples at 10 kHz, at least 256
 * @returns [frames x 15], >= 0; frames = ceil((samples - 256) / 128). A frame that ends exactly with the signal is omitted, as in Taal's
 * code, on which the published figures are based
 */
export function thirdOctaveBands(samples: Float64Array): Float64Array {
  const fft = new Float64Fft(TRANSFORM_SAMPLES);
  const window = hannWindow();
  const edges = bandEdges();
  const frames = Math.ceil((samples.length - FRAME_SAMPLES) / HOP_SAMPLES);
  const bands = new Float64Array(frames * BAND_COUNT);
  for (let frame = 0; frame < frames; frame++) {
    fft.samples.fill(0);
    for (let n = 0; n < FRAME_SAMPLES; n++) fft.samples[n] = window[n]! * samples[frame * HOP_SAMPLES + n]!;
    fft.forward();
    for (let band = 0; band < BAND_COUNT; band++) {
      let energy = 0;
      for (let bin = edges[band]!; bin < edges[band + 1]!; bin++) {
        energy += fft.spectrum[2 * bin]! ** 2 + fft.spectrum[2 * bin + 1]! ** 2;
      }
      bands[frame * BAND_COUNT + band] = Math.sqrt(energy);
    }
  }
  return bands;
}

/** [16] first bin of each band, then the end of the last: the bins nearest to a sixth of an octave below and above the centres. */
function bandEdges(): number[] {
  return Array.from({ length: BAND_COUNT + 1 }, (_, edge) => {
    const edgeHertz = LOWEST_BAND_HERTZ * 2 ** ((2 * edge - 1) / 6);
    return Math.round((edgeHertz * TRANSFORM_SAMPLES) / STOI_RATE_HERTZ);
  });
}
