import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { ActivationSolver } from '../../../engine/factorization/ActivationSolver.ts';
import { KERNEL_VARIANTS, Kernel, type KernelVariant } from '../../../engine/kernel/Kernel.ts';
import { divergenceOf, referenceActivations } from './reference.ts';

function createSolver(bins: number, templates: number, frames: number, variant?: KernelVariant): ActivationSolver {
  const config = { bins, templates, frames };
  return new ActivationSolver(new Kernel(ActivationSolver.requiredBytes(config), variant), config);
}

/** Templates with sharp peaks, and frames that mix a few of them with multiplicative noise, similar to spectra of speech. */
function problem(seed: number, bins: number, templates: number, frames: number) {
  const random = new Random(seed);
  const matrix = Float32Array.from({ length: bins * templates }, () => random.uniform() ** 6 + 1e-4);
  const magnitudes = new Float32Array(frames * bins);
  for (let frame = 0; frame < frames; frame++) {
    for (let part = 0; part < 5; part++) {
      const template = random.integer(templates);
      const level = random.uniform();
      for (let bin = 0; bin < bins; bin++) magnitudes[frame * bins + bin]! += level * matrix[template * bins + bin]!;
    }
    for (let bin = 0; bin < bins; bin++) magnitudes[frame * bins + bin]! *= 0.5 + random.uniform();
  }
  return { matrix, magnitudes };
}

function write(solver: ActivationSolver, magnitudes: Float32Array, bins: number): void {
  for (let at = 0; at < magnitudes.length; at++) {
    solver.magnitudes[Math.floor(at / bins) * solver.magnitudeStride + (at % bins)] = magnitudes[at]!;
  }
}

const activationsOf = (solver: ActivationSolver, frame: number, templates: number) =>
  solver.activations.values.slice(frame * solver.activationStride, frame * solver.activationStride + templates);

const sumOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0);

const variants = KERNEL_VARIANTS.filter((variant) => Kernel.runs(variant));
const shapes = [
  [129, 1, 1],
  [129, 3, 2],
  [513, 5, 3],
  [513, 64, 4],
  [1025, 128, 5],
  [161, 384, 8],
] as const;

/** Divergences of the optimum, the same for every kernel. */
const optima = new Map<string, number>();
function optimumOf(key: string, matrix: Float32Array, spectrum: Float32Array): number {
  const optimum = optima.get(key) ?? divergenceOf(matrix, spectrum, referenceActivations(matrix, spectrum, 1500));
  optima.set(key, optimum);
  return optimum;
}

describe.each(variants)('ActivationSolver (%s)', (variant) => {
  it.each(shapes)(
    'reaches the optimum of the multiplicative update with %i bins, %i templates, %i frames',
    (bins, templates, frames) => {
      const { matrix, magnitudes } = problem(bins + templates, bins, templates, frames);
      const solver = createSolver(bins, templates, frames, variant);
      solver.setTemplates(matrix);
      write(solver, magnitudes, bins);
      solver.solve(300, 0);
      for (const frame of [0, frames - 1]) {
        const spectrum = magnitudes.subarray(frame * bins, (frame + 1) * bins);
        const optimum = optimumOf(`${bins} ${templates} ${frame}`, matrix, spectrum);
        const reached = divergenceOf(matrix, spectrum, activationsOf(solver, frame, templates));
        expect(reached).toBeLessThan(optimum * 1.0005 + 1e-6);
        expect(reached - optimum).toBeLessThan((solver.relativeGap + 1e-6) * sumOf(spectrum));
      }
    },
  );

  it('agrees with the JavaScript fallback to 1e-4 after 12 iterations', () => {
    const { matrix, magnitudes } = problem(3, 513, 128, 4);
    const solvers = [variant, 'javascript' as const].map((kernel) => createSolver(513, 128, 4, kernel));
    for (const solver of solvers) {
      solver.setTemplates(matrix);
      write(solver, magnitudes, 513);
      solver.solve(12, 0);
    }
    const [actual, expected] = solvers.map((solver) => solver.activations.values) as [Float32Array, Float32Array];
    const largest = expected.reduce((most, value) => Math.max(most, value), 0);
    actual.forEach((value, at) => {
      expect(Math.abs(value - expected[at]!) / largest).toBeLessThan(1e-4);
    });
  });

  it('solves frames in a batch as it solves each of them alone', () => {
    const { matrix, magnitudes } = problem(4, 200, 30, 7);
    const block = createSolver(200, 30, 7, variant);
    block.setTemplates(matrix);
    write(block, magnitudes, 200);
    block.solve(12, 0);
    const single = createSolver(200, 30, 1, variant);
    single.setTemplates(matrix);
    for (let frame = 0; frame < 7; frame++) {
      single.reset();
      write(single, magnitudes.subarray(frame * 200, (frame + 1) * 200), 200);
      single.solve(12, 0);
      const expected = activationsOf(single, 0, 30);
      const largest = Math.max(...expected);
      activationsOf(block, frame, 30).forEach((value, k) => {
        expect(Math.abs(value - expected[k]!) / largest).toBeLessThan(1e-4);
      });
    }
  });

  it('recovers after silence, and stays finite for extreme magnitudes', () => {
    const { matrix, magnitudes } = problem(5, 129, 20, 1);
    const solver = createSolver(129, 20, 1, variant);
    solver.setTemplates(matrix);
    write(solver, magnitudes, 129);
    solver.solve(12, 0);
    const before = activationsOf(solver, 0, 20);
    for (let silent = 0; silent < 50; silent++) {
      solver.magnitudes.fill(0);
      expect(solver.solve(12)).toBe(0);
      expect(activationsOf(solver, 0, 20).every((value) => value === 0)).toBe(true);
    }
    write(solver, magnitudes, 129);
    solver.solve(12, 0);
    activationsOf(solver, 0, 20).forEach((value, k) => {
      expect(value).toBeCloseTo(before[k]!, 5);
    });
    for (const level of [1e-30, 1e-9, 1e-4, 1e4]) {
      write(
        solver,
        magnitudes.map((value) => value * level),
        129,
      );
      solver.solve(12, 0);
      expect(
        activationsOf(solver, 0, 20).every((value) => Number.isFinite(value) && (value === 0 || value > 1e-30)),
      ).toBe(true);
    }
  });

  it('handles identical templates and a silent one', () => {
    const { matrix, magnitudes } = problem(6, 129, 4, 1);
    matrix.copyWithin(129, 0, 129);
    matrix.fill(0, 3 * 129);
    const solver = createSolver(129, 4, 1, variant);
    solver.setTemplates(matrix);
    write(solver, magnitudes, 129);
    solver.solve(50, 0);
    const activations = activationsOf(solver, 0, 4);
    expect(activations[0]).toBeCloseTo(activations[1]!, 4);
    expect(activations.every(Number.isFinite)).toBe(true);
  });

  it('stops early, near the optimum, when the divergence no longer decreases', () => {
    const { matrix, magnitudes } = problem(8, 257, 40, 1);
    const solver = createSolver(257, 40, 1, variant);
    solver.setTemplates(matrix);
    write(solver, magnitudes, 257);
    expect(solver.solve(500)).toBeLessThan(40);
    const optimum = divergenceOf(matrix, magnitudes, referenceActivations(matrix, magnitudes, 1500));
    expect(divergenceOf(matrix, magnitudes, activationsOf(solver, 0, 40))).toBeLessThan(1.02 * optimum);
  });

  it('returns zero for a silent frame in a batch, and the optimum for the others', () => {
    const { matrix, magnitudes } = problem(9, 129, 10, 4);
    magnitudes.fill(0, 2 * 129, 3 * 129);
    const solver = createSolver(129, 10, 4, variant);
    solver.setTemplates(matrix);
    write(solver, magnitudes, 129);
    solver.solve(100, 0);
    expect(activationsOf(solver, 2, 10).every((value) => value === 0)).toBe(true);
    for (const frame of [0, 1, 3]) {
      const spectrum = magnitudes.subarray(frame * 129, (frame + 1) * 129);
      const optimum = divergenceOf(matrix, spectrum, referenceActivations(matrix, spectrum, 1500));
      expect(divergenceOf(matrix, spectrum, activationsOf(solver, frame, 10))).toBeLessThan(1.001 * optimum);
    }
  });

  it('reaches the optimum from a warm start when the sound changes', () => {
    const { matrix, magnitudes } = problem(10, 257, 30, 12);
    const solver = createSolver(257, 30, 1, variant);
    solver.setTemplates(matrix);
    for (let frame = 0; frame < 12; frame++) {
      const spectrum = magnitudes.subarray(frame * 257, (frame + 1) * 257);
      write(solver, spectrum, 257);
      solver.solve(60, 0);
      const optimum = divergenceOf(matrix, spectrum, referenceActivations(matrix, spectrum, 1500));
      expect(divergenceOf(matrix, spectrum, activationsOf(solver, 0, 30))).toBeLessThan(1.005 * optimum);
    }
  });
});

describe('ActivationSolver', () => {
  it('rejects templates that are negative or not finite, naming the value', () => {
    const solver = createSolver(3, 2, 1);
    expect(() => solver.setTemplates(Float32Array.from([1, 1, 1, 1, Number.NaN, 1]))).toThrow(
      'templates[1][1] must be finite and not negative, got NaN',
    );
    expect(() => solver.setTemplates(new Float32Array(5))).toThrow('templates must be 2 x 3 values, got 5');
    expect(() => createSolver(3, 2, 9)).toThrow('frames must be an integer between 1 and 8, got 9');
  });
});
