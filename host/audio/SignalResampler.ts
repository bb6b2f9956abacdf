import type { Hertz } from '../../engine/core/units.ts';
import { Resampler } from './Resampler.ts';

/** Changes the sample rate of whole signals, one after another, with one converter as long as their rate stays the same. */
export class SignalResampler {
  private readonly toHertz: Hertz;
  private resampler: Resampler | null = null;
  private fromHertz: Hertz = 0;

  /** Call `close` after use. */
  constructor(toHertz: Hertz) {
    this.toHertz = toHertz;
  }

  /**
   * @param samples mono
   * @returns round(samples.length * to / from) samples; `samples` itself if both rates are equal
   */
  async convert(samples: Float32Array, fromHertz: Hertz): Promise<Float32Array> {
    if (fromHertz === this.toHertz) return samples;
    const resampler = await this.started(fromHertz);
    const start = resampler.process(samples);
    const end = resampler.flush();
    const output = new Float32Array(start.length + end.length);
    output.set(start);
    output.set(end, start.length);
    return output;
  }

  close(): void {
    this.resampler?.close();
    this.resampler = null;
  }

  private async started(fromHertz: Hertz): Promise<Resampler> {
    if (this.resampler !== null && this.fromHertz === fromHertz) {
      this.resampler.restart();
      return this.resampler;
    }
    this.close();
    this.resampler = await Resampler.create(fromHertz, this.toHertz);
    this.fromHertz = fromHertz;
    return this.resampler;
  }
}
