import { requireInteger } from '../core/errors.ts';
import { Kernel, type KernelArray } from '../kernel/Kernel.ts';
import { TILE_BINS } from '../kernel/KernelFunctions.ts';
import { PackedTemplates, paddedShape, type TemplateShape } from '../kernel/PackedTemplates.ts';

export interface ActivationSolverConfig extends TemplateShape {
  /** Frames solved at once, 1 to 8; four at once cost a third less each. */
  readonly frames: number;
}

const LARGEST_FRAMES = 8;
/** Part of a warm start that is spread over all templates: without it a template that vanished would never come back. */
const UNIFORM_PART = 0.1;
/** Mean magnitude per bin below which a frame is silent: -400 dB for |X|^0.5. */
const SILENT_MAGNITUDE = 1e-10;

/**
 * Activations of one block of frames, templates held fixed: min over h >= 0 of sum V log(V / W h) - V + W h (Lee and Seung 2001).
 * The direction is that of the multiplicative update; in the logarithm of h it is a gradient step, which Nesterov's momentum with
 * restarts makes four times as fast at the same cost per iteration.
 * @thread audio, except the constructor and `setTemplates`. Allocates nothing.
 */
export class ActivationSolver {
  /** V, [frames x magnitudeStride]; written by the caller before `solve`, finite and >= 0 */
  readonly magnitudes: Float32Array;
  readonly magnitudeStride: number;
  /** h, [frames x activationStride]; the latest solution and the next start */
  readonly activations: KernelArray;
  readonly activationStride: number;

  private readonly config: ActivationSolverConfig;
  private readonly kernel: Kernel;
  private readonly packed: PackedTemplates;
  private readonly magnitudeArray: KernelArray;
  private readonly scratch: KernelArray;
  private readonly isCold: Uint8Array;

  static requiredBytes(config: ActivationSolverConfig): number {
    const { tiles, templates } = paddedShape(config);
    return (
      PackedTemplates.requiredBytes(config) +
      Kernel.bytesFor(config.frames * tiles * TILE_BINS) +
      Kernel.bytesFor(config.frames * templates) +
      Kernel.bytesFor(scratchLength(templates))
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
    this.scratch = kernel.float32(scratchLength(templates));
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
   * @param tolerance stop earlier when activations move less than this many octaves per iteration, weighted by level; 0: never
   * @returns iterations of the frame that took longest
   */
  solve(iterations: number, tolerance = 0): number {
    const { packed, kernel } = this;
    let audible = 0;
    for (let frame = 0; frame < this.config.frames; frame++) if (this.begin(frame)) audible++;
    if (audible === 0) return 0;
    return kernel.functions.solve(
      packed.packed.address,
      packed.tiles,
      packed.templates,
      packed.columnSums.address,
      this.magnitudeArray.address,
      this.activations.address,
      this.scratch.address,
      this.config.frames,
      iterations,
      tolerance,
    );
  }

  /**
   * Upper bound of (D(h) - min D) / sum V for the latest solution of a frame, from the dual problem: with c the column sums of W and
   * r the largest of the multiplicative update's factors, D(h) - min D <= c h - sum V + sum V log r.
   * Costs as much as half an iteration: for measurements, not for every frame.
   */
  relativeGap(frame: number): number {
    const { packed, magnitudes, magnitudeStride, activationStride } = this;
    const { bins } = this.config;
    const model = new Float64Array(bins);
    const h = this.activations.values.subarray(frame * activationStride, (frame + 1) * activationStride);
    const dense = new Float32Array(bins * this.config.templates);
    packed.get(dense);
    let modelSum = 0;
    for (let k = 0; k < this.config.templates; k++) {
      for (let bin = 0; bin < bins; bin++) model[bin]! += h[k]! * dense[k * bins + bin]!;
      modelSum += h[k]! * packed.columnSums.values[k]!;
    }
    let largest = 0;
    let total = 0;
    for (let bin = 0; bin < bins; bin++) total += magnitudes[frame * magnitudeStride + bin]!;
    for (let k = 0; k < this.config.templates; k++) {
      let sum = 0;
      for (let bin = 0; bin < bins; bin++) {
        sum += (dense[k * bins + bin]! * magnitudes[frame * magnitudeStride + bin]!) / Math.max(1e-12, model[bin]!);
      }
      largest = Math.max(largest, sum / packed.columnSums.values[k]!);
    }
    return total > 0 ? (modelSum - total) / total + Math.log(largest) : 0;
  }

  /** The next `solve` starts from uniform activations. */
  reset(): void {
    this.isCold.fill(1);
    this.activations.values.fill(0);
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
      for (let k = 0; k < templates; k++) values[firstActivation + k] = 0;
      this.isCold[frame] = 1;
      return false;
    }
    let modelled = 0;
    for (let k = 0; k < templates; k++) modelled += values[firstActivation + k]! * columnSums.values[k]!;
    const isCold = this.isCold[frame] === 1 || !(modelled > 0);
    const uniformPart = isCold ? 1 : UNIFORM_PART;
    const scale = isCold ? 0 : ((1 - uniformPart) * total) / modelled;
    for (let k = 0; k < templates; k++) {
      const uniform = (uniformPart * total) / (templates * columnSums.values[k]!);
      values[firstActivation + k] = scale * values[firstActivation + k]! + uniform;
    }
    this.isCold[frame] = 0;
    return true;
  }
}

/** Four frames' states of 8 rows each, and the tiles they work on. */
function scratchLength(templates: number): number {
  return 4 * TILE_BINS + 4 * 8 * templates;
}
