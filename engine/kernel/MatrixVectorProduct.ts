import { Kernel, type KernelArray } from './Kernel.ts';
import { TILE_BINS } from './KernelFunctions.ts';
import { PackedTemplates, paddedShape, type TemplateShape } from './PackedTemplates.ts';

/**
 * A speaker's model of a frame: output[bin] = sum over its templates of template * activation.
 * @thread audio, except the constructor and `setTemplates`. Allocates nothing.
 */
export class MatrixVectorProduct {
  /** [bins]; overwritten by `multiply` */
  readonly output: Float32Array;

  private readonly shape: TemplateShape;
  private readonly kernel: Kernel;
  private readonly packed: PackedTemplates;
  private readonly activations: KernelArray;
  private readonly model: KernelArray;

  static requiredBytes(shape: TemplateShape): number {
    const { tiles, templates } = paddedShape(shape);
    return PackedTemplates.requiredBytes(shape) + Kernel.bytesFor(templates) + Kernel.bytesFor(tiles * TILE_BINS);
  }

  constructor(kernel: Kernel, shape: TemplateShape) {
    this.shape = shape;
    this.kernel = kernel;
    this.packed = new PackedTemplates(kernel, shape);
    this.activations = kernel.float32(this.packed.templates);
    this.model = kernel.float32(this.packed.tiles * TILE_BINS);
    this.output = this.model.values;
  }

  /**
   * @thread control
   * @param templates [templates x bins] row-major, finite and >= 0
   * @throws InputError naming the first wrong value
   */
  setTemplates(templates: Float32Array): void {
    this.packed.set(templates);
  }

  /** A matrix of any sign, for products that are no models. @thread control @param values [templates x bins] row-major, finite */
  setSigned(values: Float32Array): void {
    this.packed.setSigned(values);
  }

  /** @param activations of which `templates` from `firstTemplate` on are taken */
  multiply(activations: Float32Array, firstTemplate: number): void {
    const { packed, kernel, model } = this;
    const { values } = this.activations;
    for (let k = 0; k < this.shape.templates; k++) values[k] = activations[firstTemplate + k]!;
    kernel.functions.multiplyTemplates(
      packed.packed.address,
      packed.tiles,
      packed.templates,
      this.activations.address,
      model.address,
    );
  }
}
