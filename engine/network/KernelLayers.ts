import { Kernel, type KernelVariant } from '../kernel/Kernel.ts';
import { MatrixVectorProduct } from '../kernel/MatrixVectorProduct.ts';
import { type LayerShape, layerMatrixShape } from './int8Layers.ts';

/** A convolution over time: every output sees `frames` frames of the layer below, `dilation` apart; before and after all frames there are zeros. */
export interface Convolution {
  readonly frames: number;
  readonly dilation: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** @returns a convolution as a dense layer, whose inputs are those of all its frames */
export function convolutionShape({ frames, inputs, outputs }: Convolution): LayerShape {
  return { inputs: frames * inputs, outputs };
}

/** Dense layers of a trained network on the kernel. */
export class KernelLayers<Name extends string> {
  private readonly shapes: Readonly<Record<Name, LayerShape>>;
  private readonly products: Readonly<Record<Name, MatrixVectorProduct>>;
  private readonly operands: Readonly<Record<Name, Float32Array>>;

  /** @param weights of `decodeLayers` */
  constructor(
    shapes: Readonly<Record<Name, LayerShape>>,
    weights: Readonly<Record<Name, Float32Array>>,
    variant?: KernelVariant,
  ) {
    const names = Object.keys(shapes) as Name[];
    const kernel = new Kernel(
      names.reduce((sum, name) => sum + MatrixVectorProduct.requiredBytes(layerMatrixShape(shapes[name])), 0),
      variant,
    );
    const each = <Value>(create: (name: Name) => Value) =>
      Object.fromEntries(names.map((name) => [name, create(name)])) as Record<Name, Value>;
    this.shapes = shapes;
    this.products = each((name) => {
      const product = new MatrixVectorProduct(kernel, layerMatrixShape(shapes[name]));
      product.setSigned(weights[name]);
      return product;
    });
    // The last element stays 1, for the biases.
    this.operands = each((name) => new Float32Array(shapes[name].inputs + 1).fill(1));
  }

  /** @returns [inputs + 1] what `multiply` multiplies; the last element must stay 1 */
  operand(name: Name): Float32Array {
    return this.operands[name];
  }

  /** @returns [outputs] borrowed until the next call */
  multiply(name: Name): Float32Array {
    const product = this.products[name];
    product.multiply(this.operands[name], 0);
    return product.output.subarray(0, this.shapes[name].outputs);
  }

  /** @param values [frames x inputs] @returns [frames x outputs], not negative */
  convolve(name: Name, { frames: taps, dilation, inputs, outputs }: Convolution, values: Float32Array): Float32Array {
    const frames = values.length / inputs;
    const result = new Float32Array(frames * outputs);
    const operand = this.operands[name];
    for (let frame = 0; frame < frames; frame++) {
      for (let tap = 0; tap < taps; tap++) {
        const at = frame + (tap - (taps >> 1)) * dilation;
        if (at < 0 || at >= frames) operand.fill(0, tap * inputs, (tap + 1) * inputs);
        else operand.set(values.subarray(at * inputs, (at + 1) * inputs), tap * inputs);
      }
      const output = this.multiply(name);
      for (let o = 0; o < outputs; o++) result[frame * outputs + o] = Math.max(0, output[o]!);
    }
    return result;
  }
}
