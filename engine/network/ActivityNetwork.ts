import type { Hertz } from '../core/units.ts';
import type { TemplateShape } from '../kernel/PackedTemplates.ts';
import { activityWeightsBase64 } from './activityWeights.ts';
import { decodeLayers, layerMatrixShape } from './int8Layers.ts';
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
  return layerMatrixShape(ACTIVITY_LAYERS[layer]);
}

let weights: ActivityWeights | undefined;

/** The weights of the one network for all voices; learnt by test/experiments/quality/speakerActivity. Decoded at the first call. */
export function activityWeights(): ActivityWeights {
  weights ??= decodeLayers(activityWeightsBase64, ACTIVITY_LAYERS);
  return weights;
}
