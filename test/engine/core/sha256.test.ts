import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { sha256Hex } from '../../../engine/core/sha256.ts';

describe('sha256Hex', () => {
  it('agrees with an independent implementation at lengths around the block boundaries', () => {
    const random = new Random(3);
    for (const length of [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 20_011]) {
      const bytes = Uint8Array.from({ length }, () => random.integer(256));
      expect(sha256Hex(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });
});
