import { Kernel, type KernelArray } from '../kernel/Kernel.ts';
import { TILE_BINS } from '../kernel/KernelFunctions.ts';
import { PackedTemplates, paddedShape, type TemplateShape } from '../kernel/PackedTemplates.ts';
import { klDivergence } from './divergence.ts';

export interface NmfConfig extends TemplateShape {
  readonly frames: number;
}

/** The kernel processes this many frames at a time. */
const FRAME_MULTIPLE = 4;

/**
 * Non-negative matrix factorization V = H W under the Kullback-Leibler divergence by multiplicative updates (Lee and Seung 2001,
 * eq. 5), alternating between activations and templates. Offline, for whole recordings.
 */
export class Nmf {
  /** H, [frames x templates]: starting point of `update`, then its result */
  readonly activations: Float32Array;
  /** W, [templates x bins]: starting point of `update`, then its result */
  readonly templates: Float32Array;

  private readonly config: NmfConfig;
  private readonly kernel: Kernel;
  private readonly packed: PackedTemplates;
  private readonly paddedFrames: number;
  private readonly magnitudeArray: KernelArray;
  private readonly activationArray: KernelArray;
  private readonly gathered: KernelArray;
  private readonly activationSums: KernelArray;
  private readonly scratch: KernelArray;

  static requiredBytes(config: NmfConfig): number {
    const { tiles, templates } = paddedShape(config);
    const frames = paddedFrames(config);
    return (
      PackedTemplates.requiredBytes(config) +
      Kernel.bytesFor(frames * tiles * TILE_BINS) +
      Kernel.bytesFor(frames * templates) +
      Kernel.bytesFor(tiles * templates * TILE_BINS) +
      Kernel.bytesFor(templates) +
      Kernel.bytesFor(scratchLength(templates))
    );
  }

  /** @param magnitudes V, [frames x bins], finite and >= 0; copied */
  constructor(kernel: Kernel, config: NmfConfig, magnitudes: Float32Array) {
    this.config = config;
    this.kernel = kernel;
    this.packed = new PackedTemplates(kernel, config);
    const { tiles, templates } = this.packed;
    this.paddedFrames = paddedFrames(config);
    this.magnitudeArray = kernel.float32(this.paddedFrames * tiles * TILE_BINS);
    this.activationArray = kernel.float32(this.paddedFrames * templates);
    this.gathered = kernel.float32(tiles * templates * TILE_BINS);
    this.activationSums = kernel.float32(templates);
    this.scratch = kernel.float32(scratchLength(templates));
    this.activations = new Float32Array(config.frames * config.templates);
    this.templates = new Float32Array(config.templates * config.bins);
    for (let frame = 0; frame < config.frames; frame++) {
      const row = magnitudes.subarray(frame * config.bins, (frame + 1) * config.bins);
      this.magnitudeArray.values.set(row, frame * tiles * TILE_BINS);
    }
  }

  /**
   * Updates both factors, or the activations alone, starting from `templates` and `activations`.
   * @param iterations each of activations and, for 'both', templates
   */
  update(iterations: number, which: 'both' | 'activations'): void {
    const { kernel, packed } = this;
    packed.set(this.templates);
    this.copyActivations('in');
    for (let iteration = 0; iteration < iterations; iteration++) {
      if (which === 'both') this.gathered.values.fill(0);
      kernel.functions.updateActivations(
        packed.packed.address,
        packed.tiles,
        packed.templates,
        packed.columnSums.address,
        this.magnitudeArray.address,
        this.paddedFrames,
        this.activationArray.address,
        which === 'both' ? this.gathered.address : 0,
        this.scratch.address,
      );
      if (which === 'both') this.updateTemplates();
    }
    packed.get(this.templates);
    this.copyActivations('out');
  }

  /** D(V | H W) = sum of V log(V / HW) - V + HW, in the units of V. */
  divergence(): number {
    const { frames, bins, templates } = this.config;
    const model = new Float64Array(bins);
    let divergence = 0;
    for (let frame = 0; frame < frames; frame++) {
      model.fill(0);
      for (let template = 0; template < templates; template++) {
        const activation = this.activations[frame * templates + template]!;
        if (activation < 1e-19) continue;
        for (let bin = 0; bin < bins; bin++) model[bin]! += activation * this.templates[template * bins + bin]!;
      }
      const first = frame * this.packed.tiles * TILE_BINS;
      divergence += klDivergence(this.magnitudeArray.values.subarray(first, first + bins), model);
    }
    return divergence;
  }

  private updateTemplates(): void {
    const { packed, activationArray, activationSums } = this;
    activationSums.values.fill(0);
    for (let frame = 0; frame < this.config.frames; frame++) {
      for (let k = 0; k < packed.templates; k++) {
        activationSums.values[k]! += activationArray.values[frame * packed.templates + k]!;
      }
    }
    for (let k = 0; k < packed.templates; k++) if (!(activationSums.values[k]! > 0)) activationSums.values[k] = 1;
    this.kernel.functions.updateTemplates(
      packed.packed.address,
      packed.tiles,
      packed.templates,
      this.gathered.address,
      activationSums.address,
    );
    packed.sumColumns();
  }

  private copyActivations(direction: 'in' | 'out'): void {
    const { frames, templates } = this.config;
    const stride = this.packed.templates;
    for (let frame = 0; frame < frames; frame++) {
      for (let k = 0; k < templates; k++) {
        if (direction === 'in')
          this.activationArray.values[frame * stride + k] = this.activations[frame * templates + k]!;
        else this.activations[frame * templates + k] = this.activationArray.values[frame * stride + k]!;
      }
    }
  }
}

function paddedFrames({ frames }: NmfConfig): number {
  return Math.ceil(frames / FRAME_MULTIPLE) * FRAME_MULTIPLE;
}

/** Ratios of 32 frames for one tile, and correlations of four frames: see assembly/factors.ts of the kernel. */
function scratchLength(templates: number): number {
  return 32 * TILE_BINS + 16 * templates;
}
