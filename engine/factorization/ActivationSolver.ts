import { requireInteger } from '../core/errors.ts';
import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import { Kernel, type KernelArray } from '../kernel/Kernel.ts';
import { TILE_BINS } from '../kernel/KernelFunctions.ts';
import { PackedTemplates, paddedShape, type TemplateShape } from '../kernel/PackedTemplates.ts';

export interface ActivationSolverConfig extends TemplateShape {
  /** Frames solved at once, 1 to 8; four at once cost a third less each. */
  readonly frames: number;
  /**
   * Part of a warm start that is spread over all templates, 0 to 1: without it a template that vanished would need many iterations to
   * come back. 0.2 converges fastest. @default 0.2
   */
  readonly uniformPart?: number;
}

const LARGEST_FRAMES = 8;
const DEFAULT_UNIFORM_PART = 0.2;
/** Fall of the divergence in one iteration, relative to the sum of V, at which a frame is left: 1 % above the optimum on speech. */
const DEFAULT_TOLERANCE = 5e-5;
/** Mean magnitude per bin below which a frame is silent: -400 dB for |X|^0.5. */
const SILENT_MAGNITUDE = 1e-10;
/** Numbers of a frame's state before its rows. */
const STATE_HEADER_LENGTH = 48;

/**
 * Activations of one block of frames, templates held fixed: min over h >= 0 of sum V log(V / W h) - V + W h (Lee and Seung 2001).
 * Each iteration goes along the multiplicative update and the previous change, as far as is best (sequential subspace optimisation,
 * Narkiss and Zibulevsky 2005): on speech, 1 % above the optimum after about 14 iterations where Nesterov's momentum needs 27.
 * @thread audio, except the constructor and `setTemplates`. Allocates nothing.
 */
export class ActivationSolver {
  /** V, [frames x magnitudeStride]; written by the caller before `solve`, finite and >= 0 */
  readonly magnitudes: Float32Array;
  readonly magnitudeStride: number;
  /** h, [frames x activationStride]; the latest solution and the next start */
  readonly activations: KernelArray;
  readonly activationStride: number;
  /**
   * Upper bound of (D(h) - min D) / sum V after `solve`, of the worst frame: from the dual problem, with r the factors of the
   * multiplicative update and c the column sums, D(h) - min D <= c h - sum V + sum V log max r. About ten times the true gap.
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

  /** @throws InputError for frames out of range */
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
   * @thread control
   * @param templates W, [templates x bins] row-major, finite and >= 0
   * @throws InputError naming the first wrong value
   */
  setTemplates(templates: Float32Array): void {
    this.packed.set(templates);
    this.reset();
  }

  /**
   * Solves all frames in `magnitudes`, each starting from its latest solution; silent frames get zero.
   * @param iterations at most
   * @param tolerance stop as soon as no frame's divergence falls by more than this part of the sum of V in one iteration; 0: never
   * @returns iterations done
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

  /** The next `solve` starts from uniform activations. */
  reset(): void {
    this.isCold.fill(1);
    this.activations.values.fill(0);
  }

  /** What the next `solve` starts from. */
  save(state: StateWriter): void {
    state.addAll(this.isCold);
    state.addAll(this.activations.values);
  }

  restore(state: StateReader): void {
    state.fill(this.isCold);
    state.fill(this.activations.values);
  }

  /** Puts a frame's start where `solve` wants it. @returns false where the frame is silent */
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

  /** No activations; the frame's next start is a cold one. */
  private silence(frame: number): void {
    const first = frame * this.activationStride;
    this.activations.values.fill(0, first, first + this.activationStride);
    this.isCold[frame] = 1;
  }
}

/** A tile of four frames, and the state of each frame that is solved at once: see frame.ts of the kernel. */
function scratchLength(config: ActivationSolverConfig): number {
  const { tiles, templates } = paddedShape(config);
  const states = config.frames < 4 ? 1 : 4;
  return 4 * TILE_BINS + states * (STATE_HEADER_LENGTH + 8 * templates + 3 * tiles * TILE_BINS);
}
