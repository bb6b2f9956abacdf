import type { Samples } from '../core/units.ts';
import { Kernel } from '../kernel/Kernel.ts';
import { Stft } from '../stft/Stft.ts';
import type { StftPlan } from '../stft/StftPlan.ts';

/** One STFT for each channel, all in step. Only the constructor allocates. */
export class ChannelSpectra {
  /** [channels][2 * bins] of the latest frame, interleaved real and imaginary parts; borrowed until the next one */
  readonly spectra: readonly Float32Array[];
  private readonly transforms: readonly Stft[];

  /** @param channels at least 1 */
  constructor(channels: number, { windows, windowSamples, hopSamples }: StftPlan) {
    const kernel = new Kernel(channels * Stft.requiredBytes(windowSamples));
    this.transforms = Array.from({ length: channels }, () => new Stft(kernel, windows.analysis, hopSamples));
    this.spectra = this.transforms.map(({ spectrum }) => spectrum);
  }

  /** Samples missing until the next frame is complete. */
  get samplesUntilFrame(): Samples {
    return this.transforms[0]!.samplesUntilFrame;
  }

  /**
   * Appends `count` samples of each channel from `offset` on; `count` must not exceed `samplesUntilFrame`.
   * @returns whether a frame was completed and transformed
   */
  push(channels: readonly Float32Array[], offset: Samples, count: Samples): boolean {
    this.append(channels, offset, count);
    if (this.samplesUntilFrame > 0) return false;
    for (let c = 0; c < this.transforms.length; c++) this.transforms[c]!.transform();
    return true;
  }

  /** As `push`, without transforming a frame that is completed. @returns whether a frame was completed */
  skip(channels: readonly Float32Array[], offset: Samples, count: Samples): boolean {
    this.append(channels, offset, count);
    if (this.samplesUntilFrame > 0) return false;
    for (let c = 0; c < this.transforms.length; c++) this.transforms[c]!.skip();
    return true;
  }

  private append(channels: readonly Float32Array[], offset: Samples, count: Samples): void {
    for (let c = 0; c < this.transforms.length; c++) this.transforms[c]!.push(channels[c]!, offset, count);
  }
}
