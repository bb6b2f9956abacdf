import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { BatchedProducts } from '../../../engine/kernel/BatchedProducts.ts';
import { KERNEL_VARIANTS, Kernel } from '../../../engine/kernel/Kernel.ts';

const SHAPES = [
  { bins: 1, templates: 1, frames: 4 },
  { bins: 24, templates: 4, frames: 8 },
  { bins: 131, templates: 37, frames: 100 },
];

describe.each(KERNEL_VARIANTS.filter((variant) => Kernel.runs(variant)))('%s', (variant) => {
  it.each(SHAPES)('computes both products with $bins bins, $templates templates, $frames frames', (shape) => {
    const { bins, templates, frames } = shape;
    const random = new Random(5);
    const draw = (length: number) => Float32Array.from({ length }, () => random.uniform());
    const products = new BatchedProducts(shape, variant);
    const matrix = draw(templates * bins);
    const activations = draw(frames * templates);
    const gradients = draw(frames * bins).map((value) => value - 0.5);
    for (let frame = 0; frame < frames; frame++) {
      const row = activations.subarray(frame * templates, (frame + 1) * templates);
      products.activations.values.set(row, frame * products.templateStride);
      products.gradients.values.set(gradients.subarray(frame * bins, (frame + 1) * bins), frame * products.binStride);
    }
    const product = new Float32Array(templates * bins);
    // The result of an earlier call must not be added.
    for (let round = 0; round < 2; round++) {
      products.multiply(matrix);
      products.multiplyTransposed(product);
    }
    for (let bin = 0; bin < bins; bin += 5) {
      const frame = bin % frames;
      let model = 0;
      for (let k = 0; k < templates; k++) model += activations[frame * templates + k]! * matrix[k * bins + bin]!;
      expect(products.models.values[frame * products.binStride + bin]!).toBeCloseTo(model, 3);
      const template = bin % templates;
      let sum = 0;
      for (let n = 0; n < frames; n++) sum += activations[n * templates + template]! * gradients[n * bins + bin]!;
      expect(product[template * bins + bin]!).toBeCloseTo(sum, 3);
    }
  });
});
