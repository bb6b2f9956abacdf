import { decodeLayers } from '../network/int8Layers.ts';
import { type Convolution, convolutionShape } from '../network/KernelLayers.ts';
import { EMBEDDING_BANDS } from './EmbeddingFeatures.ts';
import { embeddingWeightsBase64 } from './embeddingWeights.ts';

/** Raised with every other set of weights or features: embeddings of different versions cannot be compared. */
export const EMBEDDING_NETWORK_VERSION = 1;
export const EMBEDDING_UNITS = 192;
/** Elements of an embedding. */
export const EMBEDDING_DIMENSIONS = 64;
const NARROW_UNITS = 96;

export const EMBEDDING_CONVOLUTIONS = {
  first: { frames: 5, dilation: 1, inputs: EMBEDDING_BANDS, outputs: NARROW_UNITS },
  second: { frames: 3, dilation: 2, inputs: NARROW_UNITS, outputs: NARROW_UNITS },
  third: { frames: 3, dilation: 3, inputs: NARROW_UNITS, outputs: NARROW_UNITS },
  fourth: { frames: 3, dilation: 4, inputs: NARROW_UNITS, outputs: NARROW_UNITS },
  wide: { frames: 1, dilation: 1, inputs: NARROW_UNITS, outputs: EMBEDDING_UNITS },
} as const satisfies Record<string, Convolution>;
export type EmbeddingConvolution = keyof typeof EMBEDDING_CONVOLUTIONS;

/** Logits of a frame, in this order: speech, two voices at once, music or noise, the frame's weight in the embedding. */
export const FRAME_LOGITS = ['speech', 'overlap', 'disturbance', 'weight'] as const;

/** Dense layers as they are stored, in this order; of a convolution, the inputs of all its frames. */
export const EMBEDDING_LAYERS = {
  first: convolutionShape(EMBEDDING_CONVOLUTIONS.first),
  second: convolutionShape(EMBEDDING_CONVOLUTIONS.second),
  third: convolutionShape(EMBEDDING_CONVOLUTIONS.third),
  fourth: convolutionShape(EMBEDDING_CONVOLUTIONS.fourth),
  wide: convolutionShape(EMBEDDING_CONVOLUTIONS.wide),
  frame: { inputs: EMBEDDING_UNITS, outputs: FRAME_LOGITS.length },
  /** From the mean and the deviation of the units to the embedding, and the logit of reverberation. */
  stretch: { inputs: 2 * EMBEDDING_UNITS, outputs: EMBEDDING_DIMENSIONS + 1 },
} as const;
export type EmbeddingLayer = keyof typeof EMBEDDING_LAYERS;

let weights: Readonly<Record<EmbeddingLayer, Float32Array>> | undefined;

/** The layers as matrices for the kernel; learnt by test/experiments/quality/speakerEmbedding. Decoded at the first call. */
export function embeddingWeights(): Readonly<Record<EmbeddingLayer, Float32Array>> {
  weights ??= decodeLayers(embeddingWeightsBase64, EMBEDDING_LAYERS);
  return weights;
}
