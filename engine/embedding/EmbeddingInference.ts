import { Kernel, type KernelVariant } from '../kernel/Kernel.ts';
import { MatrixVectorProduct } from '../kernel/MatrixVectorProduct.ts';
import { layerMatrixShape } from '../network/int8Layers.ts';
import {
  type Convolution,
  EMBEDDING_CONVOLUTIONS,
  EMBEDDING_DIMENSIONS,
  EMBEDDING_LAYERS,
  EMBEDDING_UNITS,
  type EmbeddingConvolution,
  type EmbeddingLayer,
  embeddingWeights,
  FRAME_LOGITS,
} from './EmbeddingNetwork.ts';

const LAYER_NAMES = Object.keys(EMBEDDING_LAYERS) as EmbeddingLayer[];
const CONVOLUTION_NAMES = Object.keys(EMBEDDING_CONVOLUTIONS) as EmbeddingConvolution[];
/** Keeps the square root of a variance, and its slope, finite; as in the training. */
const VARIANCE_FLOOR = 1e-4;

export interface FrameUnits {
  /** [frames x EMBEDDING_UNITS] */
  readonly units: Float32Array;
  /** [frames x FRAME_LOGITS.length] */
  readonly logits: Float32Array;
}

/** Weighted sums over the frames of a part of a recording. Those of several parts add up to those of a longer stretch. */
export interface UnitSums {
  readonly weight: number;
  /** [EMBEDDING_UNITS] sums of the weighted units, and of their squares */
  readonly units: Float32Array;
  readonly squares: Float32Array;
}

export interface Embedding {
  /** [EMBEDDING_DIMENSIONS] of unit length: the scalar product of two is 1 for the same voice, about 0 for different ones */
  readonly vector: Float32Array;
  /** Probability that the voice reverberates, 0 to 1. */
  readonly reverberation: number;
}

/** Runs the embedding network on the kernel. */
export class EmbeddingInference {
  private readonly products: Readonly<Record<EmbeddingLayer, MatrixVectorProduct>>;
  private readonly operands: Readonly<Record<EmbeddingLayer, Float32Array>>;

  constructor(variant?: KernelVariant) {
    const shapes = LAYER_NAMES.map((layer) => layerMatrixShape(EMBEDDING_LAYERS[layer]));
    const kernel = new Kernel(
      shapes.reduce((sum, shape) => sum + MatrixVectorProduct.requiredBytes(shape), 0),
      variant,
    );
    const weights = embeddingWeights();
    const each = <Value>(create: (layer: EmbeddingLayer) => Value) =>
      Object.fromEntries(LAYER_NAMES.map((layer) => [layer, create(layer)])) as Record<EmbeddingLayer, Value>;
    this.products = each((layer) => {
      const product = new MatrixVectorProduct(kernel, layerMatrixShape(EMBEDDING_LAYERS[layer]));
      product.setSigned(weights[layer]);
      return product;
    });
    // The last element stays 1, for the biases.
    this.operands = each((layer) => new Float32Array(EMBEDDING_LAYERS[layer].inputs + 1).fill(1));
  }

  /** @param inputs [frames x EMBEDDING_BANDS]; before and after them, there is nothing */
  frames(inputs: Float32Array): FrameUnits {
    let values = inputs;
    for (const name of CONVOLUTION_NAMES) values = this.convolve(name, values);
    const frames = values.length / EMBEDDING_UNITS;
    const logits = new Float32Array(frames * FRAME_LOGITS.length);
    const operand = this.operands.frame;
    for (let frame = 0; frame < frames; frame++) {
      operand.set(values.subarray(frame * EMBEDDING_UNITS, (frame + 1) * EMBEDDING_UNITS));
      logits.set(this.multiply('frame'), frame * FRAME_LOGITS.length);
    }
    return { units: values, logits };
  }

  /** @param parts of one stretch; those without speech have little weight */
  embed(parts: readonly UnitSums[]): Embedding {
    const { weight, units, squares } = sumOf(parts);
    const operand = this.operands.stretch;
    const scale = 1 / (weight + 1e-6);
    for (let unit = 0; unit < EMBEDDING_UNITS; unit++) {
      const mean = units[unit]! * scale;
      operand[unit] = mean;
      operand[EMBEDDING_UNITS + unit] = Math.sqrt(Math.max(0, squares[unit]! * scale - mean ** 2) + VARIANCE_FLOOR);
    }
    const output = this.multiply('stretch');
    const vector = output.slice(0, EMBEDDING_DIMENSIONS);
    const length = Math.hypot(...vector);
    return {
      vector: vector.map((value) => value / length),
      reverberation: 1 / (1 + Math.exp(-output[EMBEDDING_DIMENSIONS]!)),
    };
  }

  /** @param values [frames x inputs] @returns [frames x outputs], not negative */
  private convolve(name: EmbeddingConvolution, values: Float32Array): Float32Array {
    const { frames: taps, dilation, inputs, outputs }: Convolution = EMBEDDING_CONVOLUTIONS[name];
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

  /** @returns [outputs] borrowed until the next call */
  private multiply(layer: EmbeddingLayer): Float32Array {
    const product = this.products[layer];
    product.multiply(this.operands[layer], 0);
    return product.output.subarray(0, EMBEDDING_LAYERS[layer].outputs);
  }
}

function sumOf(parts: readonly UnitSums[]): UnitSums {
  const units = new Float32Array(EMBEDDING_UNITS);
  const squares = new Float32Array(EMBEDDING_UNITS);
  let weight = 0;
  for (const part of parts) {
    weight += part.weight;
    for (let unit = 0; unit < EMBEDDING_UNITS; unit++) {
      units[unit]! += part.units[unit]!;
      squares[unit]! += part.squares[unit]!;
    }
  }
  return { weight, units, squares };
}
