import type { EmbeddingInference } from '../embedding/EmbeddingInference.ts';
import { BLOCK_SECONDS, type SpeechBlock } from '../embedding/SpeechBlocks.ts';
import { soloVector } from '../embedding/soloVector.ts';
import type { DiarizedVoice } from './diarize.ts';
import { soloSegments } from './segments.ts';

/**
 * Embeds each voice of a recording from where it certainly speaks alone; if that is too little, from all of its speech.
 * @param blocks of the whole recording
 * @returns [voices] of unit length
 */
export function voiceVectors(
  voices: readonly DiarizedVoice[],
  blocks: readonly SpeechBlock[],
  inference: EmbeddingInference,
): Float32Array[] {
  const blockAt = (seconds: number) => Math.round(seconds / BLOCK_SECONDS);
  return voices.map(({ vector }, voice) => {
    const solo = soloSegments(voices, voice, blocks).flatMap(({ startSeconds, endSeconds }) =>
      blocks.slice(blockAt(startSeconds), blockAt(endSeconds)),
    );
    return soloVector(solo, inference) ?? vector;
  });
}
