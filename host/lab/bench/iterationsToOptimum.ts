import { ActivationSolver } from '../../../engine/factorization/ActivationSolver.ts';
import { klDivergence } from '../../../engine/factorization/divergence.ts';
import { Nmf } from '../../../engine/factorization/Nmf.ts';
import { Kernel } from '../../../engine/kernel/Kernel.ts';
import { median, quantile } from './interleavedMedians.ts';

/** Input of the solver for a mixture. */
export interface MixtureSpectra {
  readonly bins: number;
  /** [frames x bins] */
  readonly magnitudes: Float32Array;
  /** [templates x bins] of all speakers */
  readonly templates: Float32Array;
}

export interface IterationsToOptimum {
  /** Number of frames examined: not silent, spread over the mixture. */
  readonly frames: number;
  /** Iterations to a divergence 1 % above the minimum, each frame starting from the previous one's activations. */
  readonly iterations: { readonly median: number; readonly p90: number };
  /** Lee and Seung's multiplicative updates to the same divergence, starting from equal activations. */
  readonly multiplicativeUpdates: { readonly median: number; readonly p90: number };
  /** The solver with its own stopping rule. */
  readonly adaptive: { readonly meanIterations: number; readonly meanGap: number; readonly p90Gap: number };
}

const GAP = 0.01;
/** Frames examined, in runs of neighbours, so that warm starts are realistic. */
const RUNS = 12;
const RUN_FRAMES = 10;
/** Iterations whose result counts as the optimum. */
const OPTIMUM_ITERATIONS = 2000;
const MOST_ITERATIONS = 128;
/** Upper limit when counting multiplicative updates. */
export const MOST_UPDATES = 512;
/** A frame below this fraction of the loudest one counts as silent. */
const SILENCE = 0.01;

/** Counts the iterations that bring frames of a real mixture within 1 % of the smallest divergence. */
export function measureIterations(mixture: MixtureSpectra, onRun: (fraction: number) => void): IterationsToOptimum {
  const { bins, magnitudes, templates } = mixture;
  const config = { bins, templates: templates.length / bins, frames: 1 };
  const kernel = new Kernel(3 * ActivationSolver.requiredBytes(config));
  const [solver, adaptive, converged] = [0, 1, 2].map(() => new ActivationSolver(kernel, config)) as [
    ActivationSolver,
    ActivationSolver,
    ActivationSolver,
  ];
  for (const each of [solver, adaptive, converged]) each.setTemplates(templates);
  const spectra = Array.from({ length: magnitudes.length / bins }, (_, frame) =>
    magnitudes.subarray(frame * bins, (frame + 1) * bins),
  );
  const levels = spectra.map((spectrum) => spectrum.reduce((sum, value) => sum + value, 0));
  const audible = spectra.filter((_, frame) => levels[frame]! > SILENCE * Math.max(...levels));
  const counts: number[] = [];
  const updates: number[] = [];
  const adaptiveIterations: number[] = [];
  const adaptiveGaps: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    onRun(run / RUNS);
    const first = Math.floor((run * Math.max(0, audible.length - RUN_FRAMES)) / RUNS);
    solver.reset();
    adaptive.reset();
    audible.slice(first, first + RUN_FRAMES).forEach((spectrum, position) => {
      const gapOf = (activations: Float32Array) => divergenceOf(mixture, spectrum, activations) / optimum - 1;
      for (const each of [solver, adaptive, converged]) each.magnitudes.set(spectrum);
      converged.reset();
      converged.solve(OPTIMUM_ITERATIONS, 0);
      const optimum = divergenceOf(mixture, spectrum, converged.activations.values);
      const start = solver.activations.values.slice();
      const startOver = () => (position === 0 ? solver.reset() : solver.activations.values.set(start));
      const count = fewest(MOST_ITERATIONS, (iterations) => {
        startOver();
        solver.solve(iterations, 0);
        return gapOf(solver.activations.values) <= GAP;
      });
      startOver();
      solver.solve(count, 0);
      const done = adaptive.solve(MOST_ITERATIONS);
      if (position === 0) return;
      counts.push(count);
      adaptiveIterations.push(done);
      adaptiveGaps.push(gapOf(adaptive.activations.values));
      if (position === 1) updates.push(fewest(MOST_UPDATES, (n) => gapOf(multiplicative(mixture, spectrum, n)) <= GAP));
    });
  }
  return {
    frames: counts.length,
    iterations: { median: median(counts), p90: quantile(counts, 0.9) },
    multiplicativeUpdates: { median: median(updates), p90: quantile(updates, 0.9) },
    adaptive: {
      meanIterations: mean(adaptiveIterations),
      meanGap: mean(adaptiveGaps),
      p90Gap: quantile(adaptiveGaps, 0.9),
    },
  };
}

/** @returns the smallest number up to `most` for which `isEnough` holds, by bisection; `most` if none does */
function fewest(most: number, isEnough: (count: number) => boolean): number {
  let tooFew = 0;
  let enough = most;
  // Most answers are small: approach them from below.
  for (let count = 8; count < most; count *= 2) {
    if (isEnough(count)) {
      enough = count;
      break;
    }
    tooFew = count;
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/** Lee and Seung's updates from equal activations. They take longer from a warm start, as activations near zero recover slowly. */
function multiplicative({ bins, templates }: MixtureSpectra, spectrum: Float32Array, updates: number): Float32Array {
  const config = { frames: 1, bins, templates: templates.length / bins };
  const nmf = new Nmf(new Kernel(Nmf.requiredBytes(config)), config, spectrum);
  nmf.templates.set(templates);
  nmf.activations.fill(mean(Array.from(spectrum)) / (config.templates * mean(Array.from(templates))));
  nmf.update(updates, 'activations');
  return nmf.activations;
}

function divergenceOf({ bins, templates }: MixtureSpectra, spectrum: Float32Array, activations: Float32Array): number {
  const model = new Float64Array(bins);
  for (let k = 0; k < templates.length / bins; k++) {
    for (let bin = 0; bin < bins; bin++) model[bin]! += activations[k]! * templates[k * bins + bin]!;
  }
  return klDivergence(spectrum, model);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
