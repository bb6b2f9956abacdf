import { InputError } from '../core/errors.ts';
import type { Hertz, Seconds } from '../core/units.ts';
import { featureCount, type Quefrencies, templateFeatures } from './features.ts';

/** Dense layer, y = W x + b. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** [outputs x inputs] */
  readonly weights: Float32Array;
  /** [outputs] */
  readonly biases: Float32Array;
}

/** Limits of the log templates. 22 Np is more than the dynamic range of speech, and exp stays far from overflow and denormals. */
export const LOG_TEMPLATE_RANGE = { minimum: -14, maximum: 8 } as const;

/**
 * A speaker's templates as a function of frequency and window: features -> sine layers -> exp. After Subramani, Smaragdis, Higuchi
 * and Souden, "Rethinking Non-Negative Matrix Factorization with Implicit Neural Representations", with one trunk shared by all
 * templates and the duration of the window as an input, because spectral smearing by the window changes the shape of templates.
 */
export class TemplateNetwork {
  readonly quefrencies: Quefrencies;
  readonly layers: readonly DenseLayer[];

  /** @throws InputError if the shapes of the layers do not match each other or the features */
  constructor(quefrencies: Quefrencies, layers: readonly DenseLayer[]) {
    let inputs = featureCount(quefrencies);
    layers.forEach((layer, index) => {
      if (layer.inputs !== inputs)
        throw new InputError(`layers[${index}].inputs: must be ${inputs}, got ${layer.inputs}`);
      if (layer.weights.length !== layer.inputs * layer.outputs || layer.biases.length !== layer.outputs) {
        throw new InputError(
          `layers[${index}]: must have ${layer.outputs} x ${layer.inputs} weights and ${layer.outputs} biases, got ${layer.weights.length} and ${layer.biases.length}`,
        );
      }
      inputs = layer.outputs;
    });
    this.quefrencies = quefrencies;
    this.layers = layers;
  }

  /** Number of templates, K. */
  get templates(): number {
    return this.layers.at(-1)?.outputs ?? 0;
  }

  /**
   * Evaluates all templates.
   * @param frequenciesHertz [F] >= 0
   * @param durationSeconds effective duration of the analysis window (`effectiveDurationSeconds`)
   * @returns [K x F] row-major, > 0, not normalised
   */
  sample(frequenciesHertz: ArrayLike<Hertz>, durationSeconds: Seconds): Float32Array {
    const points = frequenciesHertz.length;
    const durations = new Float64Array(points).fill(durationSeconds);
    let values = templateFeatures(this.quefrencies, frequenciesHertz, durations);
    this.layers.forEach((layer, index) => {
      values = forward(layer, values, points, index < this.layers.length - 1);
    });
    const { templates } = this;
    const sampled = new Float32Array(templates * points);
    for (let point = 0; point < points; point++) {
      for (let template = 0; template < templates; template++) {
        const logarithm = values[point * templates + template]!;
        const limited = Math.min(LOG_TEMPLATE_RANGE.maximum, Math.max(LOG_TEMPLATE_RANGE.minimum, logarithm));
        sampled[template * points + point] = Math.exp(limited);
      }
    }
    return sampled;
  }
}

/** Units whose sums are formed at once: each addition would otherwise wait for the one before. */
const UNITS_AT_ONCE = 4;

function forward(layer: DenseLayer, input: Float32Array, points: number, isHidden: boolean): Float32Array<ArrayBuffer> {
  const { inputs, outputs } = layer;
  const output = new Float32Array(points * outputs);
  const evenOutputs = outputs - (outputs % UNITS_AT_ONCE);
  for (let point = 0; point < points; point++) {
    const values = input.subarray(point * inputs, (point + 1) * inputs);
    const sums = output.subarray(point * outputs, (point + 1) * outputs);
    for (let unit = 0; unit < evenOutputs; unit += UNITS_AT_ONCE) addFourUnits(layer, unit, values, isHidden, sums);
    for (let unit = evenOutputs; unit < outputs; unit++) addUnit(layer, unit, values, isHidden, sums);
  }
  return output;
}

function addUnit(layer: DenseLayer, unit: number, values: Float32Array, isHidden: boolean, output: Float32Array): void {
  const { inputs, weights, biases } = layer;
  let sum = biases[unit]!;
  for (let index = 0; index < inputs; index++) sum += weights[unit * inputs + index]! * values[index]!;
  output[unit] = isHidden ? Math.sin(sum) : sum;
}

function addFourUnits(
  { inputs, weights, biases }: DenseLayer,
  unit: number,
  values: Float32Array,
  isHidden: boolean,
  output: Float32Array,
): void {
  let first = biases[unit]!;
  let second = biases[unit + 1]!;
  let third = biases[unit + 2]!;
  let fourth = biases[unit + 3]!;
  const start = unit * inputs;
  for (let index = 0; index < inputs; index++) {
    const value = values[index]!;
    first += weights[start + index]! * value;
    second += weights[start + inputs + index]! * value;
    third += weights[start + 2 * inputs + index]! * value;
    fourth += weights[start + 3 * inputs + index]! * value;
  }
  output[unit] = isHidden ? Math.sin(first) : first;
  output[unit + 1] = isHidden ? Math.sin(second) : second;
  output[unit + 2] = isHidden ? Math.sin(third) : third;
  output[unit + 3] = isHidden ? Math.sin(fourth) : fourth;
}
