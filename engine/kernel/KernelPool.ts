import { Kernel, type KernelVariant } from './Kernel.ts';

/** One chain plays, one is loaded, one waits: at most two kernels are without a chain. */
const MOST_SPARES = 2;

/**
 * Kernels for reuse, because a new one takes 0.3 ms and leaves a memory to the garbage collector. Capacities are rounded up to powers of
 * two, so that a slightly larger image fits; untouched memory costs only addresses.
 */
export class KernelPool {
  private readonly variant: KernelVariant | undefined;
  private readonly spares = new Array<Kernel | null>(MOST_SPARES).fill(null);

  /** @param variant default: the fastest one that runs here */
  constructor(variant?: KernelVariant) {
    this.variant = variant;
  }

  /** Creates spare kernels of this capacity ahead of time; their memory is occupied only where it is written. */
  reserve(bytes: number): void {
    while (this.spares.includes(null)) this.give(new Kernel(bytes, this.variant));
  }

  /** @returns a kernel ready for an image of `bytes`, allocated only if no spare one is large enough */
  take(bytes: number): Kernel {
    const index = this.spares.findIndex((spare) => spare !== null && spare.capacityBytes >= bytes);
    const kernel = this.spares[index] ?? new Kernel(2 ** Math.ceil(Math.log2(Math.max(1, bytes))), this.variant);
    if (index >= 0) this.spares[index] = null;
    kernel.prepareForImage();
    return kernel;
  }

  /** Keeps a kernel whose arrays are no longer used; drops the smallest one if there are too many. @thread audio. Allocates nothing. */
  give(kernel: Kernel): void {
    let kept = kernel;
    for (let index = 0; index < MOST_SPARES; index++) {
      const spare = this.spares[index] ?? null;
      if (spare !== null && spare.capacityBytes >= kept.capacityBytes) continue;
      this.spares[index] = kept;
      if (spare === null) return;
      kept = spare;
    }
  }
}
