import { beforeAll, describe, expect, it } from 'vitest';
import { diarize } from '../../../engine/diarization/diarize.ts';
import { soloSegments, voiceSegments } from '../../../engine/diarization/segments.ts';
import { EMBEDDING_RATE_HERTZ } from '../../../engine/embedding/EmbeddingFeatures.ts';
import { EmbeddingInference } from '../../../engine/embedding/EmbeddingInference.ts';
import { BLOCK_SECONDS, type SpeechBlock, SpeechBlocks } from '../../../engine/embedding/SpeechBlocks.ts';
import { syntheticVoice } from '../syntheticVoice.ts';

const TURN_SECONDS = 4;
const TURNS = 10;
const TURN_SAMPLES = TURN_SECONDS * EMBEDDING_RATE_HERTZ;
const low = syntheticVoice(1, 100, 0.85, TURN_SECONDS * TURNS, EMBEDDING_RATE_HERTZ);
const high = syntheticVoice(2, 220, 1.15, TURN_SECONDS * TURNS, EMBEDDING_RATE_HERTZ);
const inference = new EmbeddingInference();

function blocksOf(samples: Float32Array): readonly SpeechBlock[] {
  const speech = new SpeechBlocks(inference);
  speech.add(Float32Array.from(samples));
  speech.finish();
  return speech.blocks;
}

/** Two voices in turn, the low one first. */
function turns(): Float32Array {
  return low.map((sample, n) => (Math.floor(n / TURN_SAMPLES) % 2 === 0 ? sample : high[n]!));
}

describe('diarize', () => {
  let conversation: readonly SpeechBlock[];
  beforeAll(() => {
    conversation = blocksOf(turns());
  });

  it.each([2, null])('finds two voices that take turns, asked for %s', (count) => {
    const voices = diarize(conversation, inference, count);
    expect(voices).toHaveLength(2);
    const blocks = conversation.length;
    let right = 0;
    let speaking = 0;
    let both = 0;
    for (let block = 0; block < blocks; block++) {
      const speaker = Math.floor((block * BLOCK_SECONDS) / TURN_SECONDS) % 2;
      const flags = voices.map(({ isSpeaking }) => isSpeaking[block]!);
      speaking += flags[0]! + flags[1]!;
      right += flags[speaker]!;
      both += flags[0]! * flags[1]!;
    }
    expect(both).toBeLessThan(0.05 * blocks);
    expect(speaking).toBeGreaterThan(0.6 * blocks);
    expect(right).toBeGreaterThan(0.85 * speaking);
  });

  it('reports segments in the order of time, and solo parts within them', () => {
    const voices = diarize(conversation, inference, 2);
    const segments = voiceSegments(voices);
    expect(segments[0]).toMatchObject({ voice: 0 });
    segments.slice(1).forEach((segment, index) => {
      expect(segment.startSeconds).toBeGreaterThanOrEqual(segments[index]!.startSeconds);
    });
    for (const voice of [0, 1]) {
      const solo = soloSegments(voices, voice, conversation);
      expect(solo.length).toBeGreaterThan(0);
      for (const { startSeconds, endSeconds } of solo) {
        expect(
          segments.some(
            (own) => own.voice === voice && own.startSeconds <= startSeconds && own.endSeconds >= endSeconds,
          ),
        ).toBe(true);
      }
    }
  });

  it('finds one voice in a recording of one', () => {
    expect(diarize(blocksOf(low), inference)).toHaveLength(1);
  });

  it('finds nobody in silence, and in nothing', () => {
    expect(diarize(blocksOf(new Float32Array(5 * EMBEDDING_RATE_HERTZ)), inference)).toEqual([]);
    expect(diarize([], inference, 2)).toEqual([]);
  });
});
