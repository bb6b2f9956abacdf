import type { Hertz } from '../../engine/core/units.ts';
import { SignalResampler } from './SignalResampler.ts';

/**
 * Changes the sample rate of one whole signal, as `SignalResampler` does for several.
 * @param samples mono
 * @returns round(samples.length * to / from) samples; `samples` itself if both rates are equal
 */
export async function resample(samples: Float32Array, fromHertz: Hertz, toHertz: Hertz): Promise<Float32Array> {
  const resampler = new SignalResampler(toHertz);
  try {
    return await resampler.convert(samples, fromHertz);
  } finally {
    resampler.close();
  }
}
