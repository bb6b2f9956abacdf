import type { Seconds } from '../core/units.ts';
import type { EmbeddingInference } from '../embedding/EmbeddingInference.ts';
import { EMBEDDING_NETWORK_VERSION } from '../embedding/EmbeddingNetwork.ts';
import { SPOILING_FAULTS } from '../embedding/enrolmentFindings.ts';
import { BLOCK_SECONDS, type SpeechBlock } from '../embedding/SpeechBlocks.ts';
import { soloVector } from '../embedding/soloVector.ts';
import { quantizeEmbedding, type SpeakerEmbedding } from '../model/SpeakerEmbedding.ts';

/** A faulty span of a recording; those of `enrolmentFindings` and others. */
interface Finding {
  readonly fault: string;
  /** Index of the recording. */
  readonly recording: number;
  readonly startSeconds: Seconds;
  readonly endSeconds: Seconds;
}

/**
 * Embeds the speech of one person that is free of other voices, music and noise.
 * @param blocks [recordings] of this person
 * @returns null if there is too little of it
 */
export function personEmbedding(
  blocks: readonly (readonly SpeechBlock[])[],
  findings: readonly Finding[],
  inference: EmbeddingInference,
): SpeakerEmbedding | null {
  const spoilt = findings.filter(({ fault }) => SPOILING_FAULTS.has(fault));
  const own = blocks.flatMap((each, index) => {
    const spans = spoilt.filter(({ recording }) => recording === index);
    return each.filter((_, block) => {
      const seconds = (block + 0.5) * BLOCK_SECONDS;
      return !spans.some(({ startSeconds, endSeconds }) => startSeconds <= seconds && seconds < endSeconds);
    });
  });
  const vector = soloVector(own, inference);
  return vector === null ? null : quantizeEmbedding(vector, EMBEDDING_NETWORK_VERSION);
}
