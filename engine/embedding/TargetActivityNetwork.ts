import { decodeLayers } from '../network/int8Layers.ts';
import { convolutionShape } from '../network/KernelLayers.ts';
import { EMBEDDING_DIMENSIONS, EMBEDDING_UNITS } from './EmbeddingNetwork.ts';
import { targetActivityWeightsBase64 } from './targetActivityWeights.ts';

/** Units of each block: the mean of the embedding network's units, what else it finds, and the block's weight. */
export const TARGET_INPUTS = EMBEDDING_UNITS + 4;
export const TARGET_UNITS = 64;
/** A block is compared with both profiles by the embeddings of its longer and its shorter surroundings. */
export const TARGET_SIMILARITIES = 4;

/** Convolutions over the blocks; the output of each is added to its input. */
export const TARGET_CONVOLUTIONS = {
  near: { frames: 5, dilation: 1, inputs: TARGET_UNITS, outputs: TARGET_UNITS },
  middle: { frames: 5, dilation: 2, inputs: TARGET_UNITS, outputs: TARGET_UNITS },
  far: { frames: 3, dilation: 5, inputs: TARGET_UNITS, outputs: TARGET_UNITS },
} as const;

/** Dense layers as they are stored, in this order. */
export const TARGET_LAYERS = {
  input: { inputs: TARGET_INPUTS, outputs: TARGET_UNITS },
  /** From the embeddings of the voice and of the others to a factor and an offset for each unit. */
  profile: { inputs: 2 * EMBEDDING_DIMENSIONS, outputs: 2 * TARGET_UNITS },
  similarity: { inputs: TARGET_SIMILARITIES, outputs: TARGET_UNITS },
  near: convolutionShape(TARGET_CONVOLUTIONS.near),
  middle: convolutionShape(TARGET_CONVOLUTIONS.middle),
  far: convolutionShape(TARGET_CONVOLUTIONS.far),
  /** Two logits for each block: that the voice speaks, and that anybody else does. */
  output: { inputs: TARGET_UNITS, outputs: 2 },
} as const;
export type TargetLayer = keyof typeof TARGET_LAYERS;

let weights: Readonly<Record<TargetLayer, Float32Array>> | undefined;

/** The layers as matrices for the kernel; learnt by test/experiments/quality/targetActivity. Decoded at the first call. */
export function targetActivityWeights(): Readonly<Record<TargetLayer, Float32Array>> {
  weights ??= decodeLayers(targetActivityWeightsBase64, TARGET_LAYERS);
  return weights;
}
