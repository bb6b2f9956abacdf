import type { Hertz } from '../../engine/core/units.ts';
import { Resampler } from './Resampler.ts';

/**
 * Changes the sample rate of a whole signal, as `Resampler` does that of a stream.
 * @param samples mono
 * @returns round(samples.length * to / from) samples
 */
export async function resample(samples: Float32Array, fromHertz: Hertz, toHertz: Hertz): Promise<Float32Array> {
  if (fromHertz === toHertz) return samples;
  const resampler = await Resampler.create(fromHertz, toHertz);
  try {
    const start = resampler.process(samples);
    const end = resampler.flush();
    const output = new Float32Array(start.length + end.length);
    output.set(start);
    output.set(end, start.length);
    return output;
  } finally {
    resampler.close();
  }
}
