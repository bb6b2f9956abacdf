import type { Random } from '../core/Random.ts';
import type { Hertz } from '../core/units.ts';
import { AdamLayer, type LayerShape } from '../network/AdamLayer.ts';
import { BandFeatures, HIDDEN_UNITS, type MaskNetwork, networkSizes } from '../network/MaskNetwork.ts';
import { ModelShares } from '../separator/ModelShares.ts';
import type { MixtureFrames } from './MixtureFrames.ts';

const BATCH_FRAMES = 64;
const BATCHES_PER_STEP = 20;
const LEARNING_RATE = 8e-3;
/** Pulls weights towards 0, in the gradient: evidence is short, and others' voices are never the same. */
const WEIGHT_DECAY = 1e-3;
/** How much a band counts: softer ones less, as bins do. */
const POWER_FLOOR = 1e-3;
const LOUDNESS_EXPONENT = 0.4;

/** Fits a band network to mixed frames, and to what the templates make of them: weighted square error of the shares, Adam. */
export class MaskNetworkFit {
  /** How often `advance` is to be called. */
  static readonly STEPS = 200;

  private readonly network: MaskNetwork;
  private readonly layers: readonly [AdamLayer, AdamLayer];
  private readonly mixtures: MixtureFrames;
  private readonly random: Random;
  private readonly bandFeatures: BandFeatures;
  private readonly modelShares: ModelShares;
  private readonly inputs: number;
  private readonly outputs: number;
  private readonly bands: number;
  /** [frames x inputs] */
  private readonly features: Float32Array;
  /** [frames x outputs] */
  private readonly targets: Float32Array;
  /** [frames x bands] powers, then mean 1 */
  private readonly weights: Float32Array;
  private readonly batch = new Int32Array(BATCH_FRAMES);
  private added = 0;
  private update = 0;

  /** @param mixtures filled @param bandwidthHertz that they reach up to */
  constructor(mixtures: MixtureFrames, bandwidthHertz: Hertz, binHertz: Hertz, persistence: number, random: Random) {
    const speakers = mixtures.targets.length;
    const bins = mixtures.powers.length / mixtures.count;
    const sizes = networkSizes(bandwidthHertz, speakers);
    this.mixtures = mixtures;
    this.random = random;
    this.bandFeatures = new BandFeatures(bandwidthHertz, bins, binHertz);
    this.modelShares = new ModelShares(speakers, bandwidthHertz, bins, binHertz);
    this.bands = this.modelShares.bands;
    this.outputs = this.bands * speakers;
    this.inputs = this.bandFeatures.count + this.outputs;
    this.network = {
      ...{ bandwidthHertz, speakers, persistence },
      first: new Float32Array(sizes.first),
      second: new Float32Array(sizes.second),
    };
    this.layers = [
      new AdamLayer(this.network.first, layerShape(this.inputs, HIDDEN_UNITS), WEIGHT_DECAY, random),
      new AdamLayer(this.network.second, layerShape(HIDDEN_UNITS, this.outputs), WEIGHT_DECAY, random),
    ];
    this.features = new Float32Array(mixtures.count * this.inputs);
    this.targets = new Float32Array(mixtures.count * this.outputs);
    this.weights = new Float32Array(mixtures.count * this.bands);
  }

  /** The next of the mixed frames, before any `advance`. @param models [speakers] of it, from `firstModel` on */
  add(models: readonly Float32Array[], firstModel: number): void {
    const { mixtures, bandFeatures, modelShares, features, inputs } = this;
    const frame = this.added++;
    const firstPower = (frame * mixtures.powers.length) / mixtures.count;
    bandFeatures.write(mixtures.powers, firstPower, features.subarray(frame * inputs, (frame + 1) * inputs));
    modelShares.measure(mixtures.powers, firstPower, models, firstModel);
    modelShares.writeFeatures(features, frame * inputs + bandFeatures.count);
    this.gather(frame, firstPower);
    if (this.added === mixtures.count) weigh(this.weights);
  }

  /** Some tens of milliseconds of work. */
  advance(): void {
    for (let batch = 0; batch < BATCHES_PER_STEP; batch++) this.descend();
  }

  result(): MaskNetwork {
    return { ...this.network, first: this.network.first.slice(), second: this.network.second.slice() };
  }

  /** Powers, and whose they are, from bins to bands. */
  private gather(frame: number, firstPower: number): void {
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

  private descend(): void {
    const [first, second] = this.layers;
    const { inputs, features, random, batch } = this;
    for (let frame = 0; frame < BATCH_FRAMES; frame++) {
      const row = random.integer(this.mixtures.count);
      batch[frame] = row;
      first.inputs(frame).set(features.subarray(row * inputs, (row + 1) * inputs));
    }
    first.run();
    for (let frame = 0; frame < BATCH_FRAMES; frame++) {
      const hidden = second.inputs(frame);
      first.outputs(frame).forEach((value, unit) => {
        hidden[unit] = Math.tanh(value);
      });
    }
    second.run();
    for (let frame = 0; frame < BATCH_FRAMES; frame++) {
      const values = second.slopes(frame);
      values.set(second.outputs(frame));
      this.turnIntoSlopes(batch[frame]!, values);
    }
    second.lead();
    for (let frame = 0; frame < BATCH_FRAMES; frame++) {
      const hidden = second.inputs(frame);
      const slopes = first.slopes(frame);
      second.inputSlopes(frame).forEach((slope, unit) => {
        slopes[unit] = slope * (1 - hidden[unit]! * hidden[unit]!);
      });
    }
    this.update++;
    const rate = LEARNING_RATE * (1 - (this.update - 1) / (MaskNetworkFit.STEPS * BATCHES_PER_STEP));
    for (const layer of this.layers) layer.descend(rate, this.update);
  }

  /** Logits become shares, then the loss's slopes by the logits. */
  private turnIntoSlopes(row: number, values: Float32Array): void {
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

/** Powers become weights: softer bands count less than their power, mean 1. */
function weigh(weights: Float32Array): void {
  const mean = weights.reduce((sum, power) => sum + power, 0) / weights.length;
  let total = 0;
  for (let index = 0; index < weights.length; index++) {
    const power = weights[index]! / mean;
    weights[index] = power * (power + POWER_FLOOR) ** -LOUDNESS_EXPONENT;
    total += weights[index]!;
  }
  for (let index = 0; index < weights.length; index++) weights[index]! *= weights.length / total;
}
