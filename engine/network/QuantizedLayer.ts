import type { DenseLayer } from './TemplateNetwork.ts';

/**
 * Dense layer as stored in a preset: 8-bit weights and 16-bit biases, each with one scale. 8 bits do not measurably impair separation
 * and keep a preset of 64 templates below 30 kB.
 */
export interface QuantizedLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weightScale: number;
  readonly biasScale: number;
  /** [outputs x inputs] */
  readonly weights: Int8Array;
  /** [outputs] */
  readonly biases: Int16Array;
}

const LARGEST_WEIGHT_STEP = 127;
const LARGEST_BIAS_STEP = 32_767;

export function quantizeLayer(layer: DenseLayer): QuantizedLayer {
  const weightScale = largestMagnitude(layer.weights) / LARGEST_WEIGHT_STEP;
  const biasScale = largestMagnitude(layer.biases) / LARGEST_BIAS_STEP;
  return {
    inputs: layer.inputs,
    outputs: layer.outputs,
    weightScale,
    biasScale,
    weights: Int8Array.from(layer.weights, (value) => toStep(value, weightScale)),
    biases: Int16Array.from(layer.biases, (value) => toStep(value, biasScale)),
  };
}

export function dequantizeLayer(layer: QuantizedLayer): DenseLayer {
  const { weightScale, biasScale } = layer;
  return {
    inputs: layer.inputs,
    outputs: layer.outputs,
    weights: scaled(layer.weights, weightScale),
    biases: scaled(layer.biases, biasScale),
  };
}

/** A loop takes a fortieth of the time of `Float32Array.from`, and every preset that is read passes through it. */
function scaled(steps: Int8Array | Int16Array, scale: number): Float32Array {
  const values = new Float32Array(steps.length);
  for (let index = 0; index < steps.length; index++) values[index] = steps[index]! * scale;
  return values;
}

function toStep(value: number, scale: number): number {
  return scale > 0 ? Math.round(value / scale) : 0;
}

function largestMagnitude(values: Float32Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}
