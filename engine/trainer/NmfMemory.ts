import { Nmf } from '../factorization/Nmf.ts';
import { Kernel } from '../kernel/Kernel.ts';
import type { Spectra } from './spectra.ts';

/** Room for the factorization at another window, whose frames and bins are padded differently. What is not used is not resident. */
const SPARE_SHARE = 2;

/**
 * Kernel memory for one factorization after another. WebAssembly memory is freed by the garbage collector only, which may let those of
 * five windows add up: 80 MB for a minute of speech at 48 kHz.
 */
export class NmfMemory {
  private kernel: Kernel | null = null;

  /** @returns a factorization of the spectra; the one returned before must no longer be used */
  create(spectra: Spectra, templates: number): Nmf {
    const config = { frames: spectra.frames, bins: spectra.bins, templates };
    const bytes = Nmf.requiredBytes(config);
    if (this.kernel === null || this.kernel.capacityBytes < bytes) this.kernel = new Kernel(SPARE_SHARE * bytes);
    else this.kernel.clear();
    return new Nmf(this.kernel, config, spectra.values);
  }
}
