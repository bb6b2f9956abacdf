import type { Hertz, Samples } from '../../../engine/core/units.ts';
import type { TemplateMatrix } from '../../../engine/trainer/resampleTemplates.ts';

/**
 * Input coordinate of a paper network. hertz: frequency over the Nyquist frequency. published: bin number over the number of bins,
 * n / (N/2 + 1), as released, which depends on N. One half is subtracted from both.
 */
export type PaperCoordinate = 'hertz' | 'published';

/** Templates of a speaker in the paper's form: a small network for each template. Structured-cloneable. */
export interface PaperTemplates {
  readonly coordinate: PaperCoordinate;
  readonly sampleRateHertz: Hertz;
  readonly templates: number;
  /** [templates x 10] phases of the Fourier features in radians; random, not learnt. */
  readonly phases: Float32Array;
  /** [templates x weightCount] each template's layers in turn, [inputs x outputs] and then [outputs] biases */
  readonly weights: Float32Array;
}

export interface PaperLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly matrixOffset: number;
  readonly biasOffset: number;
  /** Whether a sine follows. As released, there is none between the first two layers. */
  readonly hasSine: boolean;
}

export const PAPER_OCTAVES = 10;
const HIDDEN_UNITS = 64;
const LAYER_SIZES: readonly number[] = [2 * PAPER_OCTAVES, HIDDEN_UNITS, HIDDEN_UNITS, HIDDEN_UNITS, HIDDEN_UNITS, 1];

/** Layers of a template's network, with the offsets of their parameters. */
export function paperLayers(): PaperLayer[] {
  let offset = 0;
  return LAYER_SIZES.slice(1).map((outputs, index) => {
    const inputs = LAYER_SIZES[index]!;
    const matrixOffset = offset;
    const biasOffset = offset + inputs * outputs;
    offset = biasOffset + outputs;
    return { inputs, outputs, matrixOffset, biasOffset, hasSine: index > 0 && index < LAYER_SIZES.length - 2 };
  });
}

/** Number of weights and biases of a template's network: 13,889. */
export function paperWeightCount(): number {
  const last = paperLayers().at(-1)!;
  return last.biasOffset + last.outputs;
}

/** @returns [bins] in [-0.5, 0.5] */
export function paperCoordinates(
  coordinate: PaperCoordinate,
  windowSamples: Samples,
  sampleRateHertz: Hertz,
  trainedRateHertz: Hertz,
): Float64Array {
  const bins = windowSamples / 2 + 1;
  return Float64Array.from({ length: bins }, (_, bin) => {
    if (coordinate === 'published') return bin / bins - 0.5;
    return (2 * bin * sampleRateHertz) / windowSamples / trainedRateHertz - 0.5;
  });
}

/**
 * cos and sin of pi 2^j x + phase_j, j = 0 to 9 (Tancik et al. 2020, as released with the paper).
 * @param phases [10]
 * @returns [points x 20] cosines first
 */
export function paperFeatures(coordinates: Float64Array, phases: Float32Array): Float32Array {
  const features = new Float32Array(coordinates.length * 2 * PAPER_OCTAVES);
  for (let point = 0; point < coordinates.length; point++) {
    for (let octave = 0; octave < PAPER_OCTAVES; octave++) {
      const angle = Math.PI * 2 ** octave * coordinates[point]! + phases[octave]!;
      features[point * 2 * PAPER_OCTAVES + octave] = Math.cos(angle);
      features[(2 * point + 1) * PAPER_OCTAVES + octave] = Math.sin(angle);
    }
  }
  return features;
}

/** Evaluates the networks at the bins of a window, without tfjs and without normalisation. */
export function samplePaperTemplates(
  trained: PaperTemplates,
  windowSamples: Samples,
  sampleRateHertz: Hertz,
): TemplateMatrix {
  const { templates, phases, weights } = trained;
  const bins = windowSamples / 2 + 1;
  const coordinates = paperCoordinates(trained.coordinate, windowSamples, sampleRateHertz, trained.sampleRateHertz);
  const own = paperWeightCount();
  const layers = paperLayers();
  const values = new Float32Array(templates * bins);
  for (let template = 0; template < templates; template++) {
    const start = template * PAPER_OCTAVES;
    let points = paperFeatures(coordinates, phases.subarray(start, start + PAPER_OCTAVES));
    const numbers = weights.subarray(template * own, (template + 1) * own);
    for (const layer of layers) points = forward(layer, numbers, points, bins);
    for (let bin = 0; bin < bins; bin++) values[template * bins + bin] = softplus(points[bin]!);
  }
  return { windowSamples, templates, values };
}

/** log(1 + e^x) without overflow. */
export function softplus(value: number): number {
  return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
}

function forward(layer: PaperLayer, numbers: Float32Array, input: Float32Array, points: number): Float32Array {
  const { inputs, outputs, matrixOffset, biasOffset, hasSine } = layer;
  const output = new Float32Array(points * outputs);
  const sums = new Float64Array(outputs);
  for (let point = 0; point < points; point++) {
    for (let unit = 0; unit < outputs; unit++) sums[unit] = numbers[biasOffset + unit]!;
    for (let index = 0; index < inputs; index++) {
      const value = input[point * inputs + index]!;
      const row = matrixOffset + index * outputs;
      for (let unit = 0; unit < outputs; unit++) sums[unit]! += value * numbers[row + unit]!;
    }
    for (let unit = 0; unit < outputs; unit++) {
      output[point * outputs + unit] = hasSine ? Math.sin(sums[unit]!) : sums[unit]!;
    }
  }
  return output;
}
