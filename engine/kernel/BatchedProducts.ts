import { Kernel, type KernelArray, type KernelVariant } from './Kernel.ts';
import { GATHERED_FRAMES, TILE_BINS } from './KernelFunctions.ts';
import { PackedTemplates, paddedShape, type TemplateShape } from './PackedTemplates.ts';

export interface ProductShape extends TemplateShape {
  /** Multiple of 4. */
  readonly frames: number;
}

/** Matrix products over a batch of frames, for learning: H D (forward pass) and Hᵀ G (gradient of D). Owns a kernel. */
export class BatchedProducts {
  /** [frames x padded templates] H */
  readonly activations: KernelArray;
  /** [frames x padded bins] H D, the result of `multiply` */
  readonly models: KernelArray;
  /** [frames x padded bins] G, the operand of `multiplyTransposed` */
  readonly gradients: KernelArray;
  /** Elements from one frame of `models` or `gradients` to the next: the padded number of bins. */
  readonly binStride: number;
  /** Elements from one frame of `activations` to the next: the padded number of templates. */
  readonly templateStride: number;

  private readonly kernel: Kernel;
  private readonly shape: ProductShape;
  private readonly templates: PackedTemplates;
  private readonly gathered: PackedTemplates;
  private readonly scratch: KernelArray;

  constructor(shape: ProductShape, variant?: KernelVariant) {
    const { tiles, templates } = paddedShape(shape);
    const { frames } = shape;
    this.binStride = tiles * TILE_BINS;
    this.templateStride = templates;
    this.kernel = new Kernel(
      2 * PackedTemplates.requiredBytes(shape) +
        Kernel.bytesFor(frames * templates) +
        2 * Kernel.bytesFor(frames * this.binStride) +
        Kernel.bytesFor(GATHERED_FRAMES * TILE_BINS),
      variant,
    );
    this.shape = shape;
    this.templates = new PackedTemplates(this.kernel, shape);
    this.gathered = new PackedTemplates(this.kernel, shape);
    this.activations = this.kernel.float32(frames * templates);
    this.models = this.kernel.float32(frames * this.binStride);
    this.gradients = this.kernel.float32(frames * this.binStride);
    this.scratch = this.kernel.float32(GATHERED_FRAMES * TILE_BINS);
  }

  /** Computes `models` from `activations`. @param templates D, [templates x bins] row-major, finite, any sign */
  multiply(templates: Float32Array): void {
    this.templates.setSigned(templates);
    const { packed, tiles, templates: count } = this.templates;
    const { frames } = this.shape;
    this.kernel.functions.multiplyFrames(
      packed.address,
      tiles,
      count,
      this.activations.address,
      frames,
      this.models.address,
    );
  }

  /** Computes Hᵀ G from `activations` and `gradients`. @param result [templates x bins], overwritten */
  multiplyTransposed(result: Float32Array): void {
    const { packed, tiles, templates: count } = this.gathered;
    packed.values.fill(0);
    this.kernel.functions.gatherFrames(
      packed.address,
      tiles,
      count,
      this.activations.address,
      this.shape.frames,
      this.gradients.address,
      this.scratch.address,
    );
    this.gathered.get(result);
  }
}
