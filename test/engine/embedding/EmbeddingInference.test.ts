import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  EMBEDDING_BANDS,
  EMBEDDING_RATE_HERTZ,
  EmbeddingFeatures,
  embeddingInputs,
  FRAME_HOP_SAMPLES,
  FRAME_SAMPLES,
} from '../../../engine/embedding/EmbeddingFeatures.ts';
import { EmbeddingInference } from '../../../engine/embedding/EmbeddingInference.ts';
import { EMBEDDING_UNITS, FRAME_LOGITS } from '../../../engine/embedding/EmbeddingNetwork.ts';
import { KERNEL_VARIANTS, Kernel } from '../../../engine/kernel/Kernel.ts';

const golden = JSON.parse(readFileSync(new URL('embeddingGolden.json', import.meta.url), 'utf8')) as {
  readonly firstFeatures: readonly number[];
  readonly lastFeatures: readonly number[];
  /** [3] logits of speech, overlap and disturbance in the middle frame */
  readonly frameLogits: readonly number[];
  readonly embedding: readonly number[];
  readonly reverberationLogit: number;
};

/** As `golden` in test/experiments/quality/speakerEmbedding/export.py. */
function goldenSignal(): Float32Array {
  return Float32Array.from({ length: EMBEDDING_RATE_HERTZ / 2 }, (_, n) => {
    const time = n / EMBEDDING_RATE_HERTZ;
    let value = 0;
    for (let k = 1; k < 12; k++) value += (Math.sin(2 * Math.PI * 130 * k * time) * Math.exp(-3 * time)) / k;
    return 0.05 * value;
  });
}

function expectClose(values: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(values.length).toBe(expected.length);
  expected.forEach((value, index) => {
    expect(Math.abs(values[index]! - value), `element ${index}`).toBeLessThan(tolerance);
  });
}

describe.each(KERNEL_VARIANTS.filter((variant) => Kernel.runs(variant)).map((variant) => [variant]))(
  'the embedding network, %s',
  (variant) => {
    it('agrees with PyTorch to 1e-3', () => {
      const signal = goldenSignal();
      const features = new EmbeddingFeatures(variant);
      const frames = 1 + Math.floor((signal.length - FRAME_SAMPLES) / FRAME_HOP_SAMPLES);
      const powers = new Float32Array(frames * EMBEDDING_BANDS);
      for (let frame = 0; frame < frames; frame++)
        features.measure(signal, frame * FRAME_HOP_SAMPLES, powers, frame * EMBEDDING_BANDS);
      const inputs = embeddingInputs(powers, powers.reduce((sum, power) => sum + power, 0) / powers.length);
      expectClose(inputs.subarray(0, EMBEDDING_BANDS), golden.firstFeatures, 1e-3);
      expectClose(inputs.subarray(-EMBEDDING_BANDS), golden.lastFeatures, 1e-3);

      const inference = new EmbeddingInference(variant);
      const { units, logits } = inference.frames(inputs);
      const middle = (frames >> 1) * FRAME_LOGITS.length;
      expectClose(logits.subarray(middle, middle + 3), golden.frameLogits, 1e-3);

      const sums = { weight: 0, units: new Float32Array(EMBEDDING_UNITS), squares: new Float32Array(EMBEDDING_UNITS) };
      for (let frame = 0; frame < frames; frame++) {
        const weight = 1 / (1 + Math.exp(-logits[frame * FRAME_LOGITS.length + 3]!));
        sums.weight += weight;
        for (let unit = 0; unit < EMBEDDING_UNITS; unit++) {
          const value = units[frame * EMBEDDING_UNITS + unit]!;
          sums.units[unit]! += weight * value;
          sums.squares[unit]! += weight * value * value;
        }
      }
      const { vector, reverberation } = inference.embed([sums]);
      expectClose(vector, golden.embedding, 1e-3);
      expect(reverberation).toBeCloseTo(1 / (1 + Math.exp(-golden.reverberationLogit)), 3);
    });
  },
);
