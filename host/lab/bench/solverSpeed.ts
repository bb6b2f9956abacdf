import { Random } from '../../../engine/core/Random.ts';
import { ActivationSolver } from '../../../engine/factorization/ActivationSolver.ts';
import { Kernel, type KernelVariant } from '../../../engine/kernel/Kernel.ts';
import { interleavedMedians } from './interleavedMedians.ts';
import { createPeakLoop, PEAK_LOOP_OPERATIONS } from './peakLoop.ts';
import { TensorflowUpdates } from './TensorflowUpdates.ts';
import { textbookUpdates } from './textbookUpdates.ts';

export interface SolverSpeed {
  readonly variant: KernelVariant;
  readonly bins: number;
  readonly templates: number;
  readonly iterations: number;
  /** Time for all iterations of one frame, solved alone and in blocks of four. */
  readonly microsecondsPerFrame: { readonly one: number; readonly four: number };
  /** Gflop/s, counting the operations of matrix products only. */
  readonly gigaflops: { readonly one: number; readonly four: number; readonly peak: number };
  /** Fraction of the speed of the multiply+add peak loop. */
  readonly shareOfPeak: { readonly one: number; readonly four: number };
  /** Time of other implementations over the kernel's, one frame, same iterations; null for one that does not load. */
  readonly timesAsFastAs: {
    readonly tiledJavaScript: number;
    readonly textbookJavaScript: number;
    readonly tensorflowWasm: number | null;
  };
}

export const SOLVER_ITERATIONS = 30;
const ROUNDS = 25;
const PEAK_ROUNDS = 200_000;
const SHAPES = [
  { bins: 257, templates: 40 },
  { bins: 513, templates: 80 },
  { bins: 1025, templates: 80 },
  { bins: 1025, templates: 128 },
] as const;

/** @param onShape called before each shape with the fraction done, 0 to 1 */
export async function measureSolverSpeed(onShape: (fraction: number) => void): Promise<SolverSpeed[]> {
  const speeds: SolverSpeed[] = [];
  for (const { bins, templates } of SHAPES) {
    onShape(speeds.length / SHAPES.length);
    // Lets the event loop draw progress and handle Ctrl-C.
    await new Promise((resolve) => setImmediate(resolve));
    speeds.push(await measureShape(bins, templates));
  }
  return speeds;
}

async function measureShape(bins: number, templates: number): Promise<SolverSpeed> {
  const random = new Random(bins + templates);
  const matrix = Float32Array.from({ length: templates * bins }, () => random.uniform() ** 4);
  const spectra = Float32Array.from({ length: 4 * bins }, () => random.uniform() ** 2);
  const variant = Kernel.bestVariant();
  const peakLoop = variant === 'javascript' ? () => 0 : createPeakLoop(variant);
  const textbookActivations = new Float32Array(templates).fill(1);
  const frame = spectra.subarray(0, bins);
  const tensorflow = await TensorflowUpdates.create(matrix, frame);
  const medians = interleavedMedians(
    {
      peak: { run: () => peakLoop(PEAK_ROUNDS) },
      one: { run: solverRun(matrix, spectra, bins, 1, variant) },
      four: { run: solverRun(matrix, spectra, bins, 4, variant) },
      tiled: { run: solverRun(matrix, spectra, bins, 1, 'javascript') },
      textbook: { run: () => textbookUpdates(matrix, frame, textbookActivations, SOLVER_ITERATIONS) },
      tensorflow: { run: () => tensorflow?.run(SOLVER_ITERATIONS) },
    },
    ROUNDS,
  );
  tensorflow?.dispose();
  const operations = 4 * bins * templates * SOLVER_ITERATIONS;
  const gigaflops = {
    one: operations / medians.one / 1e6,
    four: (4 * operations) / medians.four / 1e6,
    peak: (PEAK_LOOP_OPERATIONS * PEAK_ROUNDS) / medians.peak / 1e6,
  };
  return {
    variant,
    bins,
    templates,
    iterations: SOLVER_ITERATIONS,
    microsecondsPerFrame: { one: 1000 * medians.one, four: (1000 * medians.four) / 4 },
    gigaflops,
    shareOfPeak: { one: gigaflops.one / gigaflops.peak, four: gigaflops.four / gigaflops.peak },
    timesAsFastAs: {
      tiledJavaScript: medians.tiled / medians.one,
      textbookJavaScript: medians.textbook / medians.one,
      tensorflowWasm: tensorflow === undefined ? null : medians.tensorflow / medians.one,
    },
  };
}

function solverRun(
  matrix: Float32Array,
  spectra: Float32Array,
  bins: number,
  frames: number,
  variant: KernelVariant,
): () => void {
  const config = { bins, templates: matrix.length / bins, frames };
  const solver = new ActivationSolver(new Kernel(ActivationSolver.requiredBytes(config), variant), config);
  solver.setTemplates(matrix);
  for (let frame = 0; frame < frames; frame++) {
    solver.magnitudes.set(spectra.subarray(frame * bins, (frame + 1) * bins), frame * solver.magnitudeStride);
  }
  return () => solver.solve(SOLVER_ITERATIONS, 0);
}
