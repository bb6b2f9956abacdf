import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EMBEDDING_DIMENSIONS, EMBEDDING_UNITS } from '../../../engine/embedding/EmbeddingNetwork.ts';
import type { SpeechBlock } from '../../../engine/embedding/SpeechBlocks.ts';
import { unitVector } from '../../../engine/embedding/similarity.ts';
import { TargetActivityInference } from '../../../engine/embedding/TargetActivityInference.ts';
import { KERNEL_VARIANTS, Kernel } from '../../../engine/kernel/Kernel.ts';

const golden = JSON.parse(readFileSync(new URL('targetActivityGolden.json', import.meta.url), 'utf8')) as {
  /** [blocks] probabilities */
  readonly own: readonly number[];
  readonly others: readonly number[];
};

const wave = (count: number, step: number) =>
  Float32Array.from({ length: count }, (_, index) => 0.5 + 0.5 * Math.sin(step * (index + 1)));
const direction = (values: Float32Array) => unitVector(values.map((value) => value - 0.5));

/** As `golden` in test/experiments/quality/targetActivity/exportNetwork.py. */
function goldenRecording() {
  const count = golden.own.length;
  const units = wave(count * EMBEDDING_UNITS, 0.7);
  const found = wave(count * 4, 0.3);
  const vectors = wave(count * 2 * EMBEDDING_DIMENSIONS, 1.3);
  const blocks = Array.from({ length: count }, (_, block): SpeechBlock => {
    const weight = 10 * found[4 * block + 3]!;
    const own = units.subarray(block * EMBEDDING_UNITS, (block + 1) * EMBEDDING_UNITS);
    return {
      speech: found[4 * block]!,
      overlap: found[4 * block + 1]!,
      disturbance: found[4 * block + 2]!,
      weight,
      units: own.map((value) => 2 * value * (weight + 1e-6)),
      squares: new Float32Array(EMBEDDING_UNITS),
    };
  });
  const surroundings = [0, 1].map((which) =>
    blocks.map((_, block) => {
      const start = (2 * block + which) * EMBEDDING_DIMENSIONS;
      return direction(vectors.subarray(start, start + EMBEDDING_DIMENSIONS));
    }),
  );
  return { blocks, surroundings };
}

describe.each(KERNEL_VARIANTS.filter((variant) => Kernel.runs(variant)).map((variant) => [variant]))(
  'the network that finds a known voice, %s',
  (variant) => {
    it('agrees with PyTorch to 1e-3', () => {
      const { blocks, surroundings } = goldenRecording();
      const inference = new TargetActivityInference(variant);
      const { own, others } = inference.activity(
        inference.inputsBeside(blocks, surroundings),
        direction(wave(EMBEDDING_DIMENSIONS, 1.1)),
        direction(wave(EMBEDDING_DIMENSIONS, 1.7)),
      );
      golden.own.forEach((chance, block) => {
        expect(Math.abs(own[block]! - chance), `own, block ${block}`).toBeLessThan(1e-3);
        expect(Math.abs(others[block]! - golden.others[block]!), `others, block ${block}`).toBeLessThan(1e-3);
      });
    });
  },
);
