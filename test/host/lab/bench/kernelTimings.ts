import type { KernelTimings } from '../../../../host/lab/bench/kernelBench.ts';

/** Figures of the kernel as a machine may have them. */
export const KERNEL_TIMINGS: KernelTimings = {
  solver: [
    {
      variant: 'simd',
      bins: 1025,
      templates: 128,
      iterations: 30,
      microsecondsPerFrame: { one: 500, four: 400 },
      gigaflops: { one: 20, four: 30, peak: 40 },
      shareOfPeak: { one: 0.5, four: 0.95 },
      timesAsFastAs: { tiledJavaScript: 8, textbookJavaScript: 30, tensorflowWasm: 1.9 },
    },
  ],
  factorization: { frames: 1500, bins: 1025, templates: 40, millisecondsPerUpdate: 25, gigaflops: 20 },
  fft: [{ sizeSamples: 1024, forwardMicroseconds: 5, inverseMicroseconds: 5, timesAsFastAsJavaScript: 3 }],
  iterations: [
    {
      bins: 513,
      templates: 128,
      frames: 100,
      iterations: { median: 20, p90: 26 },
      multiplicativeUpdates: { median: 75, p90: 100 },
      adaptive: { meanIterations: 14, meanGap: 0.01, p90Gap: 0.02 },
    },
  ],
};
