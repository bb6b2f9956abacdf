import { requireInteger } from '../core/errors.ts';
import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import { Kernel, type KernelArray } from '../kernel/Kernel.ts';
import { TILE_BINS } from '../kernel/KernelFunctions.ts';
import { PackedTemplates, paddedShape, type TemplateShape } from '../kernel/PackedTemplates.ts';

export interface ActivationSolverConfig extends TemplateShape {
  /** Frames solved together, 1 to 8. In groups of four, a frame needs a third less time. */
  readonly frames: number;
  /**
   * Fraction of a warm start that is spread evenly over all templates, 0 to 1: without it a template that vanished would need many
   * iterations to return. 0.2 converges fastest. @default 0.2
   */
  readonly uniformPart?: number;
}

const LARGEST_FRAMES = 8;
const DEFAULT_UNIFORM_PART = 0.2;
/** Decrease of the divergence per iteration, relative to the sum of V, at which iterations end: 1 % above the optimum on speech. */
const DEFAULT_TOLERANCE = 5e-5;
/** Mean magnitude per bin at or below which a frame counts as silent: -400 dB for |X|^0.5. */
const SILENT_MAGNITUDE = 1e-10;
/** Length of the scalar part of a frame's state, before its rows (assembly/frame.ts). */
const STATE_HEADER_LENGTH = 48;

/**
 * Activations of a batch of frames, templates held fixed: min over h >= 0 of sum V log(V / W h) - V + W h (Lee and Seung 2001).
 * Each iteration searches the plane spanned by the multiplicative update and the previous change (sequential subspace optimisation,
 * Narkiss and Zibulevsky 2005): on speech, 1 % above the optimum after about 14 iterations, where Nesterov's momentum needs 27.
 * @thread audio, except the constructor and `setTemplates`. Allocates nothing.
 */
export class ActivationSolver {
  /** V, [frames x magnitudeStride]; written by the caller before `solve`, finite and >= 0 */
  readonly magnitudes: Float32Array;
  readonly magnitudeStride: number;
  /** h, [frames x activationStride]; the last solution and the next starting point */
  readonly activations: KernelArray;
  readonly activationStride: number;
  /**
   * Optimality gap after `solve`: upper bound of (D(h) - min D) / sum V over all frames. From the dual problem, with the factors r of the
   * multiplicative update and the column sums c, D(h) - min D <= c h - sum V + sum V log max r. About ten times the true gap.
   */
  relativeGap = 0;

  private readonly config: ActivationSolverConfig;
  private readonly kernel: Kernel;
  private readonly packed: PackedTemplates;
  private readonly magnitudeArray: KernelArray;
  private readonly gaps: KernelArray;
  private readonly scratch: KernelArray;
  private readonly isCold: Uint8Array;

  static requiredBytes(config: ActivationSolverConfig): number {
    const { tiles, templates } = paddedShape(config);
    return (
      PackedTemplates.requiredBytes(config) +
      Kernel.bytesFor(config.frames * tiles * TILE_BINS) +
      Kernel.bytesFor(config.frames * templates) +
      Kernel.bytesFor(config.frames) +
      Kernel.bytesFor(scratchLength(config))
    );
  }

  /** @throws InputError if `frames` is out of range */
  constructor(kernel: Kernel, config: ActivationSolverConfig) {
    requireInteger('frames', config.frames, 1, LARGEST_FRAMES);
    this.config = config;
    this.kernel = kernel;
    this.packed = new PackedTemplates(kernel, config);
    const { tiles, templates } = this.packed;
    this.magnitudeStride = tiles * TILE_BINS;
    this.activationStride = templates;
    this.magnitudeArray = kernel.float32(config.frames * this.magnitudeStride);
    this.magnitudes = this.magnitudeArray.values;
    this.activations = kernel.float32(config.frames * templates);
    this.gaps = kernel.float32(config.frames);
    this.scratch = kernel.float32(scratchLength(config));
    this.isCold = new Uint8Array(config.frames).fill(1);
  }

  /**
   * Sets the templates and resets the activations.
   * @param templates W, [templates x bins] row-major, finite and >= 0
   * @throws InputError naming the first invalid value
   */
  setTemplates(templates: Float32Array): void {
    this.packed.set(templates);
    this.reset();
  }

  /**
   * Solves all frames in `magnitudes`, each starting from its last solution. Activations of silent frames become zero.
   * @param iterations maximum
   * @param tolerance iterations end when none lowers a frame's divergence by this fraction of its sum of V; 0: all are performed
   * @returns iterations performed
   */
  solve(iterations: number, tolerance = DEFAULT_TOLERANCE): number {
    const { packed, kernel, config, gaps } = this;
    let audible = 0;
    for (let frame = 0; frame < config.frames; frame++) if (this.begin(frame)) audible++;
    this.relativeGap = 0;
    if (audible === 0) return 0;
    const done = kernel.functions.solve(
      packed.packed.address,
      packed.tiles,
      packed.templates,
      packed.columnSums.address,
      this.magnitudeArray.address,
      this.activations.address,
      gaps.address,
      this.scratch.address,
      config.frames,
      iterations,
      tolerance,
    );
    for (let frame = 0; frame < config.frames; frame++) {
      if (this.isCold[frame] === 1) this.silence(frame);
      else this.relativeGap = Math.max(this.relativeGap, gaps.values[frame]!);
    }
    return done;
  }

  /** Makes the next `solve` start from uniform activations. */
  reset(): void {
    this.isCold.fill(1);
    this.activations.values.fill(0);
  }

  /** Saves the starting point of the next `solve`. */
  save(state: StateWriter): void {
    state.addAll(this.isCold);
    state.addAll(this.activations.values);
  }

  restore(state: StateReader): void {
    state.fill(this.isCold);
    state.fill(this.activations.values);
  }

  /** Prepares the starting point of a frame. @returns false if the frame is silent */
  private begin(frame: number): boolean {
    const { bins, templates } = this.config;
    const { values } = this.activations;
    const { columnSums } = this.packed;
    const firstMagnitude = frame * this.magnitudeStride;
    const firstActivation = frame * this.activationStride;
    let total = 0;
    for (let bin = 0; bin < bins; bin++) total += this.magnitudes[firstMagnitude + bin]!;
    if (!(total > SILENT_MAGNITUDE * bins)) {
      this.silence(frame);
      return false;
    }
    let modelled = 0;
    for (let k = 0; k < templates; k++) modelled += values[firstActivation + k]! * columnSums.values[k]!;
    const isCold = this.isCold[frame] === 1 || !(modelled > 0);
    const uniformPart = isCold ? 1 : (this.config.uniformPart ?? DEFAULT_UNIFORM_PART);
    const scale = isCold ? 0 : ((1 - uniformPart) * total) / modelled;
    for (let k = 0; k < templates; k++) {
      const uniform = (uniformPart * total) / (templates * columnSums.values[k]!);
      values[firstActivation + k] = scale * values[firstActivation + k]! + uniform;
    }
    values.fill(0, firstActivation + templates, firstActivation + this.activationStride);
    this.isCold[frame] = 0;
    return true;
  }

  /** Sets the frame's activations to zero; its next `solve` starts from uniform ones. */
  private silence(frame: number): void {
    const first = frame * this.activationStride;
    this.activations.values.fill(0, first, first + this.activationStride);
    this.isCold[frame] = 1;
  }
}

/** One tile of four frames, and the state of the frames that are solved at once: see assembly/frame.ts of the kernel. */
function scratchLength(config: ActivationSolverConfig): number {
  const { tiles, templates } = paddedShape(config);
  const states = config.frames < 4 ? 1 : 4;
  return 4 * TILE_BINS + states * (STATE_HEADER_LENGTH + 8 * templates + 3 * tiles * TILE_BINS);
}
