import * as v from 'valibot';
import { InputError } from '../../../engine/core/errors.ts';
import type { EvaluationAnswer } from './evaluationMessages.ts';

/** Largest file that is read: matrices of 128 templates at the longest window take 6 MB. */
export const MAXIMUM_ANSWER_BYTES = 32 * 2 ** 20;

const COUNT = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));
const NUMBER = v.pipe(v.number(), v.finite());
const ANSWER = v.variant('type', [
  v.object({
    type: v.literal('trained'),
    speaker: v.variant('kind', [
      v.object({ kind: v.literal('preset'), presetText: v.string(), evidenceText: v.exactOptional(v.string()) }),
      v.object({ kind: v.literal('untrained') }),
      v.object({
        kind: v.literal('matrix'),
        matrix: v.object({ windowSamples: COUNT, templates: COUNT, values: v.pipe(v.string(), v.transform(floats)) }),
      }),
    ]),
  }),
  v.object({
    type: v.literal('separated'),
    result: v.object({
      scores: v.object({
        sdrDecibels: NUMBER,
        sirDecibels: NUMBER,
        sarDecibels: NUMBER,
        siSdrDecibels: NUMBER,
        stoi: NUMBER,
        estoi: NUMBER,
      }),
      mixtureSeconds: NUMBER,
      separationSeconds: NUMBER,
    }),
  }),
]);

/** @returns the text of a file that `parseAnswer` reads; arrays of numbers are base64 of 32-bit floats, little-endian */
export function serializeAnswer(answer: EvaluationAnswer): string {
  return `${JSON.stringify(answer, (_key, value: unknown) => (value instanceof Float32Array ? text(value) : value))}\n`;
}

/** @throws InputError if the text is not that of an answer */
export function parseAnswer(address: string, content: string): EvaluationAnswer {
  try {
    const answer = v.parse(ANSWER, JSON.parse(content));
    const matrix = answer.type === 'trained' && answer.speaker.kind === 'matrix' ? answer.speaker.matrix : null;
    if (matrix !== null && matrix.values.length !== matrix.templates * (matrix.windowSamples / 2 + 1))
      throw new InputError('the matrix has another size than its templates');
    return answer;
  } catch (error) {
    throw new InputError(
      `${address}: is not a result of an evaluation (${error instanceof Error ? error.message : ''})`,
    );
  }
}

function text(values: Float32Array): string {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => {
    view.setFloat32(4 * index, value, true);
  });
  return Buffer.from(view.buffer).toString('base64');
}

function floats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readFloatLE(4 * index));
}
