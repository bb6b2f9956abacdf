import { describe, expect, it } from 'vitest';
import { EMBEDDING_DIMENSIONS } from '../../../engine/embedding/EmbeddingNetwork.ts';
import { projectVoice, VOICE_DIMENSIONS, voiceSpace } from '../../../engine/embedding/VoiceSpace.ts';

describe('the space of voices', () => {
  it('has one variance for each direction, the largest first', () => {
    const { projection, variances } = voiceSpace();
    expect(projection.subarray(0, EMBEDDING_DIMENSIONS * VOICE_DIMENSIONS).every(Number.isFinite)).toBe(true);
    expect(variances).toHaveLength(VOICE_DIMENSIONS);
    expect([...variances].sort((one, other) => other - one)).toEqual([...variances]);
    expect(Math.min(...variances)).toBeGreaterThan(0);
  });

  it('maps the origin to 0, and is linear', () => {
    const space = voiceSpace();
    const origin = Float32Array.from({ length: EMBEDDING_DIMENSIONS }, (_, n) => Math.sin(n));
    expect([...projectVoice(origin, origin, space)]).toEqual(Array(VOICE_DIMENSIONS).fill(0));
    const one = projectVoice(
      origin.map((value, n) => value + Math.cos(n)),
      origin,
      space,
    );
    const twice = projectVoice(
      origin.map((value, n) => value + 2 * Math.cos(n)),
      origin,
      space,
    );
    for (let d = 0; d < VOICE_DIMENSIONS; d++) expect(twice[d]).toBeCloseTo(2 * one[d]!, 3);
  });
});
