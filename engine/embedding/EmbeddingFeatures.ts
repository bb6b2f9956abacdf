import type { Hertz, Samples } from '../core/units.ts';
import { Kernel, type KernelVariant } from '../kernel/Kernel.ts';
import { RealFft } from '../kernel/RealFft.ts';

/** Sample rate of everything that is embedded. */
export const EMBEDDING_RATE_HERTZ: Hertz = 16_000;
export const FRAME_SAMPLES: Samples = 1024;
export const FRAME_HOP_SAMPLES: Samples = 160;
/** Bands of two bins up to 1 kHz, where harmonics are resolved, and of equal width in octaves above, up to 7.6 kHz. */
const LOWEST_BIN = 4;
const LOW_BAND_BINS = 2;
const BIN_OF_1_KHZ = 64;
const HIGH_BANDS = 30;
const HIGHEST_BIN = 486;
const EDGES = bandEdges();
export const EMBEDDING_BANDS = EDGES.length - 1;
/** Bands 50 dB below the mean level count as silent. */
const FLOOR = 1e-5;

/** Powers in the bands that the embedding network reads, every 10 ms. */
export class EmbeddingFeatures {
  private readonly fft: RealFft;
  private readonly window: Float32Array;

  constructor(variant?: KernelVariant) {
    this.fft = new RealFft(new Kernel(RealFft.requiredBytes(FRAME_SAMPLES), variant), FRAME_SAMPLES);
    this.window = Float32Array.from(
      { length: FRAME_SAMPLES },
      (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME_SAMPLES),
    );
  }

  /**
   * @param samples at `EMBEDDING_RATE_HERTZ`, `FRAME_SAMPLES` from `start` on
   * @param powers [EMBEDDING_BANDS] from `offset` on: mean of |X|^2 over the bins of each band
   */
  measure(samples: Float32Array, start: Samples, powers: Float32Array, offset: number): void {
    const { fft, window } = this;
    for (let n = 0; n < FRAME_SAMPLES; n++) fft.samples[n] = samples[start + n]! * window[n]!;
    fft.forward();
    const { spectrum } = fft;
    for (let band = 0; band < EMBEDDING_BANDS; band++) {
      const first = EDGES[band]!;
      const end = EDGES[band + 1]!;
      let sum = 0;
      for (let bin = first; bin < end; bin++) sum += spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
      powers[offset + band] = sum / (end - first);
    }
  }
}

/**
 * @param powers [frames x EMBEDDING_BANDS]
 * @param meanPower of a band, over all frames and bands of the stretch
 * @returns [frames x EMBEDDING_BANDS] inputs of the network
 */
export function embeddingInputs(powers: Float32Array, meanPower: number): Float32Array {
  return powers.map((power) => 0.5 * Math.log10(power / (meanPower + 1e-12) + FLOOR));
}

/** @returns [EMBEDDING_BANDS + 1] first bin of each band, and the end of the last */
function bandEdges(): readonly number[] {
  const low = Array.from(
    { length: (BIN_OF_1_KHZ - LOWEST_BIN) / LOW_BAND_BINS },
    (_, band) => LOWEST_BIN + LOW_BAND_BINS * band,
  );
  const high = Array.from({ length: HIGH_BANDS + 1 }, (_, band) =>
    Math.round(BIN_OF_1_KHZ * (HIGHEST_BIN / BIN_OF_1_KHZ) ** (band / HIGH_BANDS)),
  );
  return [...low, ...high];
}
