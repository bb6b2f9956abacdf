import { describe, expect, it } from 'vitest';
import { EmbeddingInference } from '../../../engine/embedding/EmbeddingInference.ts';
import { BLOCK_SECONDS, SpeechBlocks } from '../../../engine/embedding/SpeechBlocks.ts';
import { similarity } from '../../../engine/embedding/similarity.ts';
import { syntheticVoice } from '../syntheticVoice.ts';

const RATE_HERTZ = 16_000;
const low = Float32Array.from(syntheticVoice(1, 100, 0.85, 6, RATE_HERTZ));
const lowAgain = Float32Array.from(syntheticVoice(2, 100, 0.85, 6, RATE_HERTZ));
const high = Float32Array.from(syntheticVoice(3, 210, 1.15, 6, RATE_HERTZ));

function blocksOf(samples: Float32Array, piece = samples.length): SpeechBlocks {
  const speech = new SpeechBlocks();
  for (let start = 0; start < samples.length; start += piece) speech.add(samples.subarray(start, start + piece));
  speech.finish();
  return speech;
}

describe('SpeechBlocks', () => {
  it.each([0, 1, 100, 4000, 4001, 31_999, 32_000, 96_000])('covers %i samples with blocks', (samples) => {
    expect(blocksOf(low.subarray(0, samples)).blocks).toHaveLength(Math.ceil(samples / (BLOCK_SECONDS * RATE_HERTZ)));
  });

  it('does not depend on the pieces in which the samples arrive', () => {
    const whole = blocksOf(low).blocks;
    for (const piece of [77, 1024, 16_000]) expect(blocksOf(low, piece).blocks).toEqual(whole);
  });

  it('embeds the same voice alike, and another one differently', () => {
    const inference = new EmbeddingInference();
    const [first, second, other] = [low, lowAgain, high].map((samples) => {
      const speech = blocksOf(samples);
      return inference.embed(speech.blocks).vector;
    });
    expect(similarity(first!, second!)).toBeGreaterThan(similarity(first!, other!) + 0.2);
  });
});
