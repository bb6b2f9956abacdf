import { decodeBase64 } from '../core/base64.ts';
import type { Hertz } from '../core/units.ts';
import type { TemplateShape } from '../kernel/PackedTemplates.ts';
import { activityWeightsBase64 } from './activityWeights.ts';
import { outputEdges } from './networkBands.ts';

/** Upper edge of the highest band. */
export const ACTIVITY_BANDWIDTH_HERTZ: Hertz = 8000;
export const ACTIVITY_BANDS = outputEdges(ACTIVITY_BANDWIDTH_HERTZ).length - 1;
/** Features of each band: share of the speaker before and after the mask network, level. */
export const ACTIVITY_INPUTS = 3 * ACTIVITY_BANDS;
export const ACTIVITY_UNITS = 64;

/** Layers in the order in which they are stored; a recurrence has three gates of `ACTIVITY_UNITS` units: update, forget, output. */
export const ACTIVITY_LAYERS = {
  input: { inputs: ACTIVITY_INPUTS, outputs: ACTIVITY_UNITS },
  firstGates: { inputs: ACTIVITY_UNITS, outputs: 3 * ACTIVITY_UNITS },
  firstOutput: { inputs: ACTIVITY_UNITS, outputs: ACTIVITY_UNITS },
  mixing: { inputs: 2 * ACTIVITY_UNITS, outputs: ACTIVITY_UNITS },
  secondGates: { inputs: ACTIVITY_UNITS, outputs: 3 * ACTIVITY_UNITS },
  secondOutput: { inputs: ACTIVITY_UNITS, outputs: ACTIVITY_UNITS },
  head: { inputs: 2 * ACTIVITY_UNITS, outputs: ACTIVITY_BANDS + 1 },
} as const;
export type ActivityLayer = keyof typeof ACTIVITY_LAYERS;

/** A layer as a matrix for the kernel: [inputs + 1 x outputs] row-major, the last row holds the biases. */
export type ActivityWeights = Readonly<Record<ActivityLayer, Float32Array>>;

/** @returns shape of a layer's matrix, whose last row is multiplied by 1 */
export function activityShape(layer: ActivityLayer): TemplateShape {
  const { inputs, outputs } = ACTIVITY_LAYERS[layer];
  return { templates: inputs + 1, bins: outputs };
}

let weights: ActivityWeights | undefined;

/** The weights of the one network for all voices; learnt by test/experiments/quality/speakerActivity. Decoded at the first call. */
export function activityWeights(): ActivityWeights {
  weights ??= decode(activityWeightsBase64);
  return weights;
}

/** Each layer: [outputs] scales and [outputs] biases in float32, then [inputs x outputs] weights in int8; little-endian. */
function decode(text: string): ActivityWeights {
  const bytes = decodeBase64(text);
  const view = new DataView(bytes.buffer);
  let position = 0;
  const nextFloat = (): number => {
    position += Float32Array.BYTES_PER_ELEMENT;
    return view.getFloat32(position - Float32Array.BYTES_PER_ELEMENT, true);
  };
  const layers = Object.entries(ACTIVITY_LAYERS).map(([name, { inputs, outputs }]) => {
    const scales = Float32Array.from({ length: outputs }, nextFloat);
    const biases = Float32Array.from({ length: outputs }, nextFloat);
    const matrix = new Float32Array((inputs + 1) * outputs);
    for (let index = 0; index < inputs * outputs; index++)
      matrix[index] = view.getInt8(position++) * scales[index % outputs]!;
    matrix.set(biases, inputs * outputs);
    return [name, matrix];
  });
  return Object.fromEntries(layers) as ActivityWeights;
}
