import type { KernelVariant } from '../kernel/Kernel.ts';
import { KernelLayers } from '../network/KernelLayers.ts';
import {
  EMBEDDING_CONVOLUTIONS,
  EMBEDDING_DIMENSIONS,
  EMBEDDING_LAYERS,
  EMBEDDING_UNITS,
  type EmbeddingConvolution,
  type EmbeddingLayer,
  embeddingWeights,
  FRAME_LOGITS,
} from './EmbeddingNetwork.ts';

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
  private readonly layers: KernelLayers<EmbeddingLayer>;

  constructor(variant?: KernelVariant) {
    this.layers = new KernelLayers(EMBEDDING_LAYERS, embeddingWeights(), variant);
  }

  /** @param inputs [frames x EMBEDDING_BANDS]; before and after them, there is nothing */
  frames(inputs: Float32Array): FrameUnits {
    const { layers } = this;
    let values = inputs;
    for (const name of CONVOLUTION_NAMES) values = layers.convolve(name, EMBEDDING_CONVOLUTIONS[name], values);
    const frames = values.length / EMBEDDING_UNITS;
    const logits = new Float32Array(frames * FRAME_LOGITS.length);
    const operand = layers.operand('frame');
    for (let frame = 0; frame < frames; frame++) {
      operand.set(values.subarray(frame * EMBEDDING_UNITS, (frame + 1) * EMBEDDING_UNITS));
      logits.set(layers.multiply('frame'), frame * FRAME_LOGITS.length);
    }
    return { units: values, logits };
  }

  /** @param parts of one stretch; those without speech have little weight */
  embed(parts: readonly UnitSums[]): Embedding {
    const { weight, units, squares } = sumOf(parts);
    const operand = this.layers.operand('stretch');
    const scale = 1 / (weight + 1e-6);
    for (let unit = 0; unit < EMBEDDING_UNITS; unit++) {
      const mean = units[unit]! * scale;
      operand[unit] = mean;
      operand[EMBEDDING_UNITS + unit] = Math.sqrt(Math.max(0, squares[unit]! * scale - mean ** 2) + VARIANCE_FLOOR);
    }
    const output = this.layers.multiply('stretch');
    const vector = output.slice(0, EMBEDDING_DIMENSIONS);
    const length = Math.hypot(...vector);
    return {
      vector: vector.map((value) => value / length),
      reverberation: 1 / (1 + Math.exp(-output[EMBEDDING_DIMENSIONS]!)),
    };
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
