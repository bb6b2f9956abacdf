import type { DenseLayer } from './TemplateNetwork.ts';

/**
 * A layer as a preset stores it: weights as 8-bit, biases as 16-bit steps of one scale each. Eight bits cost nothing measurable in
 * separation and keep a speaker of 64 templates under 30 kB.
 */
export interface QuantizedLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weightScale: number;
  readonly biasScale: number;
  /** [outputs x inputs] */
  readonly weights: Int8Array;
  /** [outputs], little-endian in the file */
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
    weights: Float32Array.from(layer.weights, (step) => step * weightScale),
    biases: Float32Array.from(layer.biases, (step) => step * biasScale),
  };
}

function toStep(value: number, scale: number): number {
  return scale > 0 ? Math.round(value / scale) : 0;
}

function largestMagnitude(values: Float32Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}
