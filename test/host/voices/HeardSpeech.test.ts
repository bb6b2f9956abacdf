import { afterEach, describe, expect, it } from 'vitest';
import { EmbeddingInference } from '../../../engine/embedding/EmbeddingInference.ts';
import { HeardSpeech } from '../../../host/voices/HeardSpeech.ts';

const RATE_HERTZ = 16_000;
const BLOCK_SAMPLES = 1600;

describe('HeardSpeech', () => {
  let heard: HeardSpeech;
  afterEach(() => heard.close());

  it('holds the samples of each block, whatever the pieces in which they arrive', async () => {
    heard = new HeardSpeech(new EmbeddingInference());
    const samples = Float32Array.from({ length: 5 * RATE_HERTZ }, (_, n) => Math.sin(n));
    for (let start = 0; start < samples.length; start += 1234)
      await heard.add(samples.subarray(start, start + 1234), RATE_HERTZ);
    expect(heard.blocks.length).toBeGreaterThanOrEqual(40);
    heard.blocks.forEach((block, index) => {
      expect(block.samples).toEqual(samples.slice(index * BLOCK_SAMPLES, (index + 1) * BLOCK_SAMPLES));
    });
  });

  it('forgets what is older, except a little of each voice alone', async () => {
    heard = new HeardSpeech(new EmbeddingInference(), { recentSeconds: 6, keptSeconds: 1 });
    await heard.add(new Float32Array(12 * RATE_HERTZ), RATE_HERTZ);
    const { blocks } = heard;
    blocks.slice(0, 40).forEach((block, index) => {
      block.voice = index < 25 ? 1 : 2;
      block.isSolo = true;
    });
    const [first] = blocks;
    heard.forget();
    expect(heard.blocks.length).toBe(60);
    const solo = heard.blocks.filter(({ isSolo }) => isSolo);
    expect(solo.filter(({ voice }) => voice === 1)).toHaveLength(10);
    expect(solo.filter(({ voice }) => voice === 2)).toHaveLength(10);
    expect(heard.blocks).not.toContain(first);
    expect(heard.blocks.at(-1)).toBe(blocks.at(-1));
  });
});
