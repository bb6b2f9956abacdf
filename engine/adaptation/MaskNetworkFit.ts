import type { Random } from '../core/Random.ts';
import type { Hertz } from '../core/units.ts';
import { BandFeatures } from '../network/BandFeatures.ts';
import { HIDDEN_UNITS, type MaskNetwork, type MaskNetworkShape } from '../network/MaskNetwork.ts';
import { type LayerShape, TrainableLayer } from '../network/TrainableLayer.ts';
import { ModelShares } from '../separator/ModelShares.ts';
import { loudness } from './loudness.ts';
import type { MixtureFrames } from './MixtureFrames.ts';

const BATCH_FRAMES = 64;
const BATCHES_PER_STEP = 20;
const LEARNING_RATE = 8e-3;
/** L2 regularisation of the weights: evidence is short, and live speech always differs from it. */
const WEIGHT_DECAY = 1e-3;

/** Trains a mask network on mixture frames and the speakers' models of them. Adam minimises the weighted squared error of the shares. */
export class MaskNetworkFit {
  /** Number of calls of `advance` until the network is trained. */
  static readonly STEPS = 200;

  private readonly network: MaskNetworkShape;
  private readonly layers: readonly [TrainableLayer, TrainableLayer];
  private readonly mixtures: MixtureFrames;
  private readonly random: Random;
  private readonly bandFeatures: BandFeatures;
  private readonly modelShares: ModelShares;
  private readonly inputs: number;
  private readonly outputs: number;
  private readonly bands: number;
  /** [frames] of [inputs] */
  private readonly features: readonly Float32Array[];
  /** [frames x outputs] true shares */
  private readonly targets: Float32Array;
  /** [frames x bands] powers; once all frames are added, weights with mean 1 */
  private readonly weights: Float32Array;
  private readonly batch = new Int32Array(BATCH_FRAMES);
  private added = 0;
  /** Optimiser steps done. */
  private steps = 0;

  /** @param mixtures filled before the first `add` @param bandwidthHertz of the mixtures @param temporalPrior see `MaskNetwork` */
  constructor(mixtures: MixtureFrames, bandwidthHertz: Hertz, binHertz: Hertz, temporalPrior: number, random: Random) {
    const speakers = mixtures.targets.length;
    const bins = mixtures.powers.length / mixtures.count;
    this.mixtures = mixtures;
    this.random = random;
    this.bandFeatures = new BandFeatures(bandwidthHertz, bins, binHertz);
    this.modelShares = new ModelShares(speakers, bandwidthHertz, bins, binHertz);
    this.bands = this.modelShares.bands;
    this.outputs = this.bands * speakers;
    this.inputs = this.bandFeatures.count + this.outputs;
    this.network = { bandwidthHertz, speakers, temporalPrior };
    this.layers = [
      new TrainableLayer(layerShape(this.inputs, HIDDEN_UNITS), WEIGHT_DECAY, random),
      new TrainableLayer(layerShape(HIDDEN_UNITS, this.outputs), WEIGHT_DECAY, random),
    ];
    const features = new Float32Array(mixtures.count * this.inputs);
    this.features = Array.from({ length: mixtures.count }, (_, frame) =>
      features.subarray(frame * this.inputs, (frame + 1) * this.inputs),
    );
    this.targets = new Float32Array(mixtures.count * this.outputs);
    this.weights = new Float32Array(mixtures.count * this.bands);
  }

  /** Adds the next mixture frame; all must be added before `advance`. @param models [speakers] of models of the frame, from `firstModel` on */
  add(models: readonly Float32Array[], firstModel: number): void {
    const { mixtures, bandFeatures, modelShares } = this;
    const frame = this.added++;
    const features = this.features[frame]!;
    const firstPower = (frame * mixtures.powers.length) / mixtures.count;
    bandFeatures.write(mixtures.powers, firstPower, features);
    modelShares.compute(mixtures.powers, firstPower, models, firstModel);
    modelShares.writeFeatures(features, bandFeatures.count);
    this.accumulateTargets(frame, firstPower);
    if (this.added === mixtures.count) normalizeWeights(this.weights);
  }

  /** Performs the next optimiser steps, a few tens of milliseconds of work. */
  advance(): void {
    for (let batch = 0; batch < BATCHES_PER_STEP; batch++) this.step();
  }

  result(): MaskNetwork {
    const [first, second] = this.layers;
    return { ...this.network, first: first.result(), second: second.result() };
  }

  /** Sums a frame's powers, and each speaker's share of them, from bins into bands. */
  private accumulateTargets(frame: number, firstPower: number): void {
    const { powers, targets } = this.mixtures;
    const { bandOfBin } = this.modelShares;
    const sums = this.weights.subarray(frame * this.bands, (frame + 1) * this.bands);
    const shares = this.targets.subarray(frame * this.outputs, (frame + 1) * this.outputs);
    for (let bin = 0; bin < bandOfBin.length; bin++) {
      const band = bandOfBin[bin]!;
      const power = powers[firstPower + bin]!;
      sums[band]! += power;
      for (let s = 0; s < targets.length; s++) shares[s * this.bands + band]! += power * targets[s]![firstPower + bin]!;
    }
    for (let band = 0; band < this.bands; band++) {
      let sum = 0;
      for (let s = 0; s < targets.length; s++) sum += shares[s * this.bands + band]!;
      for (let s = 0; s < targets.length; s++)
        shares[s * this.bands + band] = sum > 0 ? shares[s * this.bands + band]! / sum : 1 / targets.length;
    }
  }

  private step(): void {
    const [first, second] = this.layers;
    const { features, random, batch } = this;
    first.inputs.forEach((row, frame) => {
      const drawn = random.integer(this.mixtures.count);
      batch[frame] = drawn;
      row.set(features[drawn]!);
    });
    first.forward();
    first.applyTanh();
    second.inputs.forEach((hidden, frame) => {
      hidden.set(first.outputs[frame]!);
    });
    second.forward();
    second.outputGradients.forEach((gradients, frame) => {
      gradients.set(second.outputs[frame]!);
      this.computeGradients(batch[frame]!, gradients);
    });
    second.backward();
    first.outputGradients.forEach((gradients, frame) => {
      const hidden = second.inputs[frame]!;
      const hiddenGradients = second.inputGradients[frame]!;
      for (let unit = 0; unit < HIDDEN_UNITS; unit++)
        gradients[unit] = hiddenGradients[unit]! * (1 - hidden[unit]! * hidden[unit]!);
    });
    const rate = LEARNING_RATE * (1 - this.steps / (MaskNetworkFit.STEPS * BATCHES_PER_STEP));
    for (const layer of this.layers) layer.step(rate);
    this.steps++;
  }

  /** Replaces logits by shares (softmax), then by the gradient of the loss with respect to the logits. @param row of the frame in `targets` */
  private computeGradients(row: number, values: Float32Array): void {
    const { bands, outputs, targets, weights } = this;
    const speakers = outputs / bands;
    for (let band = 0; band < bands; band++) {
      let sum = 0;
      for (let s = 0; s < speakers; s++) {
        values[s * bands + band] = Math.exp(Math.min(50, values[s * bands + band]!));
        sum += values[s * bands + band]!;
      }
      let common = 0;
      for (let s = 0; s < speakers; s++) {
        const index = s * bands + band;
        values[index]! /= sum;
        common += values[index]! * (values[index]! - targets[row * outputs + index]!);
      }
      const scale = (2 * weights[row * bands + band]!) / BATCH_FRAMES;
      for (let s = 0; s < speakers; s++) {
        const index = s * bands + band;
        values[index] = scale * values[index]! * (values[index]! - targets[row * outputs + index]! - common);
      }
    }
  }
}

function layerShape(inputs: number, width: number): LayerShape {
  return { inputs, width, frames: BATCH_FRAMES };
}

/** Replaces powers by weights with mean 1, see `loudness`. */
function normalizeWeights(weights: Float32Array): void {
  const mean = weights.reduce((sum, power) => sum + power, 0) / weights.length;
  let total = 0;
  for (let index = 0; index < weights.length; index++) {
    weights[index] = loudness(weights[index]! / mean);
    total += weights[index]!;
  }
  for (let index = 0; index < weights.length; index++) weights[index]! *= weights.length / total;
}
