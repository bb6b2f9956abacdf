import { expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { EmbeddingInference } from '../../../engine/embedding/EmbeddingInference.ts';
import { EMBEDDING_UNITS } from '../../../engine/embedding/EmbeddingNetwork.ts';
import { enrolmentFindings } from '../../../engine/embedding/enrolmentFindings.ts';
import type { SpeechBlock } from '../../../engine/embedding/SpeechBlocks.ts';

const RECORDINGS = 2000;

function randomBlock(random: Random): SpeechBlock {
  const units = Float32Array.from({ length: EMBEDDING_UNITS }, () => random.uniform());
  const squares = units.map((unit) => unit * unit);
  return { speech: 1, overlap: 0, disturbance: 0, weight: 1, units, squares };
}

it('examines as many recordings as anybody can upload in seconds', () => {
  const random = new Random(1);
  const recordings = Array.from({ length: RECORDINGS }, () => Array.from({ length: 4 }, () => randomBlock(random)));
  const start = performance.now();
  enrolmentFindings(recordings, new EmbeddingInference());
  expect(performance.now() - start).toBeLessThan(10_000);
});

it('finds nothing in nothing, and in silence', () => {
  const inference = new EmbeddingInference();
  expect(enrolmentFindings([], inference)).toEqual([]);
  const silent = { ...randomBlock(new Random(2)), speech: 0, weight: 0 };
  expect(enrolmentFindings([[], [silent, silent]], inference)).toEqual([]);
});
