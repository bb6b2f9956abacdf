import type { EmbeddingInference } from './EmbeddingInference.ts';
import { blocksIn, type SpeechBlock } from './SpeechBlocks.ts';

/** Blocks in which several voices are likelier than this are left out. */
const MOST_OVERLAP = 0.5;
/** Embeddings of less speech vary too much. */
const LEAST_SPEECH_BLOCKS = blocksIn(3);

/**
 * Embeds all speech of one person, as `diarize` embeds each voice that it finds.
 * @param blocks of recordings of this person, in any order
 * @returns [EMBEDDING_DIMENSIONS] of unit length; null if this person is alone for less than 3 s
 */
export function soloVector(blocks: readonly SpeechBlock[], inference: EmbeddingInference): Float32Array | null {
  const solo = blocks.filter(({ overlap }) => overlap < MOST_OVERLAP);
  const speech = solo.reduce((sum, block) => sum + block.speech, 0);
  return speech < LEAST_SPEECH_BLOCKS ? null : inference.embed(solo).vector;
}
