import { Kernel, type KernelArray } from './Kernel.ts';
import { TILE_BINS } from './KernelFunctions.ts';
import { PackedTemplates, paddedShape, type TemplateShape } from './PackedTemplates.ts';

/**
 * Product of a fixed matrix and a vector: output[bin] = sum over rows k of matrix[k][bin] * vector[k]. With `setTemplates` a speaker's
 * model of a frame from its activations, with `setSigned` a dense layer of a network, where "bins" are the outputs and "templates" the
 * inputs.
 * @thread audio, except the constructor and the setters. Allocates nothing.
 */
export class MatrixVectorProduct {
  /** [bins, padded to whole tiles] overwritten by `multiply` */
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
   * Sets a matrix that is not negative.
   * @param templates [templates x bins] row-major, finite and >= 0
   * @throws InputError naming the first invalid value
   */
  setTemplates(templates: Float32Array): void {
    this.packed.set(templates);
  }

  /** Sets a matrix of any sign, without checks. @param values [templates x bins] row-major, finite */
  setSigned(values: Float32Array): void {
    this.packed.setSigned(values);
  }

  /** @param activations the vector: elements `firstTemplate` to `firstTemplate + templates - 1` of it */
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

  /** Replaces `output` by its hyperbolic tangent, absolute error below 1e-6. */
  applyTanh(): void {
    this.kernel.functions.applyTanh(this.model.address, this.model.values.length);
  }
}
