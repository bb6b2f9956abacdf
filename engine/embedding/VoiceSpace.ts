import { decodeLayers } from '../network/int8Layers.ts';
import { EMBEDDING_DIMENSIONS } from './EmbeddingNetwork.ts';
import { VOICE_VARIANCES, voiceProjectionBase64 } from './voiceSpaceValues.ts';

/** Number of directions that are kept: those in which voices differ most. */
export const VOICE_DIMENSIONS = 24;

/**
 * A space in which stretches of one voice scatter around its mean with a covariance of 1, and means of voices around 0 with a diagonal one:
 * the two-covariance model, also called PLDA (S. Ioffe, "Probabilistic Linear Discriminant Analysis", ECCV 2006), learnt from other people.
 */
export interface VoiceSpace {
  /** [EMBEDDING_DIMENSIONS x VOICE_DIMENSIONS] row-major */
  readonly projection: Float32Array;
  /** [VOICE_DIMENSIONS] variances between voices */
  readonly variances: Float32Array;
}

let space: VoiceSpace | undefined;

/** The space of all voices, for stretches of 1.5 s; learnt by test/experiments/quality/speakerEmbedding. Decoded at the first call. */
export function voiceSpace(): VoiceSpace {
  if (space === undefined) {
    const shape = { inputs: EMBEDDING_DIMENSIONS, outputs: VOICE_DIMENSIONS };
    const { projection } = decodeLayers(voiceProjectionBase64, { projection: shape });
    space = { projection, variances: Float32Array.from(VOICE_VARIANCES) };
  }
  return space;
}

/**
 * @param embedding [EMBEDDING_DIMENSIONS] of unit length
 * @param origin [EMBEDDING_DIMENSIONS] mean of the embeddings of a recording
 * @returns [VOICE_DIMENSIONS] the embedding in the space of voices
 */
export function projectVoice(embedding: Float32Array, origin: Float32Array, { projection }: VoiceSpace): Float32Array {
  const projected = new Float32Array(VOICE_DIMENSIONS);
  for (let element = 0; element < EMBEDDING_DIMENSIONS; element++) {
    const deviation = embedding[element]! - origin[element]!;
    const row = element * VOICE_DIMENSIONS;
    for (let d = 0; d < VOICE_DIMENSIONS; d++) projected[d]! += deviation * projection[row + d]!;
  }
  return projected;
}
