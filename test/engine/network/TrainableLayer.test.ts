import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { KERNEL_VARIANTS, Kernel } from '../../../engine/kernel/Kernel.ts';
import { TrainableLayer } from '../../../engine/network/TrainableLayer.ts';

const SHAPE = { inputs: 5, width: 30, frames: 8 };
const WEIGHT_DECAY = 0.1;

/** sum over the indices below `count` */
function sum(count: number, term: (index: number) => number): number {
  let total = 0;
  for (let index = 0; index < count; index++) total += term(index);
  return total;
}

describe.each(KERNEL_VARIANTS.filter((variant) => Kernel.runs(variant)))('TrainableLayer on %s', (variant) => {
  const { inputs, width, frames } = SHAPE;

  function filledLayer() {
    const random = new Random(3);
    const layer = new TrainableLayer(SHAPE, WEIGHT_DECAY, random, variant);
    for (const row of layer.inputs) for (let n = 0; n < inputs; n++) row[n] = random.between(-0.5, 0.5);
    for (const row of layer.outputGradients) for (let n = 0; n < width; n++) row[n] = random.between(-0.5, 0.5);
    return layer;
  }

  it('computes outputs, their hyperbolic tangents, and the gradients of its inputs', () => {
    const layer = filledLayer();
    const weights = layer.result();
    layer.forward();
    layer.backward();
    const plain = layer.outputs.map((row) => row.slice());
    layer.applyTanh();
    layer.inputs.forEach((row, frame) => {
      for (let output = 0; output < width; output++) {
        const expected = sum(inputs + 1, (input) => row[input]! * weights[input * width + output]!);
        expect(plain[frame]![output]).toBeCloseTo(expected, 5);
        expect(layer.outputs[frame]![output]).toBeCloseTo(Math.tanh(expected), 5);
      }
    });
    layer.outputGradients.forEach((row, frame) => {
      for (let input = 0; input < inputs; input++) {
        const expected = sum(width, (output) => row[output]! * weights[input * width + output]!);
        expect(layer.inputGradients[frame]![input]).toBeCloseTo(expected, 5);
      }
    });
  });

  it('computes hyperbolic tangents of large, small and zero numbers', () => {
    const layer = filledLayer();
    const row = layer.outputs[0]!;
    const values = [0, 1e-4, -1e-4, 0.3, -3, 8, -40, 1e30, -1e30];
    row.set(values);
    layer.applyTanh();
    values.forEach((value, n) => {
      expect(row[n]).toBeCloseTo(Math.tanh(value), 6);
    });
  });

  it('follows Adam with decay of the weights, not of the biases', () => {
    const layer = filledLayer();
    const weights = Float64Array.from(layer.result());
    const first = new Float64Array(weights.length);
    const second = new Float64Array(weights.length);
    for (let steps = 1; steps <= 5; steps++) {
      layer.step(0.01);
      for (let index = 0; index < weights.length; index++) {
        const input = Math.floor(index / width);
        const decay = input < inputs ? WEIGHT_DECAY * weights[index]! : 0;
        const slope =
          decay + sum(frames, (frame) => layer.inputs[frame]![input]! * layer.outputGradients[frame]![index % width]!);
        first[index] = 0.9 * first[index]! + 0.1 * slope;
        second[index] = 0.999 * second[index]! + 0.001 * slope * slope;
        const deviation = Math.sqrt(second[index]! / (1 - 0.999 ** steps)) + 1e-8;
        weights[index]! -= (0.01 * first[index]!) / (1 - 0.9 ** steps) / deviation;
      }
    }
    layer.result().forEach((weight, index) => {
      expect(weight).toBeCloseTo(weights[index]!, 5);
    });
  });
});
