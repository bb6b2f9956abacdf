import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Seconds } from '../core/units.ts';
import type { Kernel } from '../kernel/Kernel.ts';
import type { SpeakerSetShape } from '../model/SpeakerSetShape.ts';
import { BandFeatures } from '../network/BandFeatures.ts';
import type { MaskNetwork, MaskNetworkShape } from '../network/MaskNetwork.ts';
import { MaskNetworkInference } from '../network/MaskNetworkInference.ts';
import { ModelShares } from './ModelShares.ts';

/** Weight of the network's shares against those of the templates, 0 to 1. */
const TRUST = 0.65;
/** Time constant over which the network's shares are smoothed: a voice does not change from one hop to the next. */
const SMOOTHING_SECONDS: Seconds = 0.0115;
/** Time constant of each speaker's recent power, on which the temporal prior is based. */
const PAST_SECONDS: Seconds = 0.4;
/** Added to shares, which keeps their ratios finite. */
const SHARE_FLOOR = 1e-3;

/**
 * Scales the speakers' models, band by band, towards the shares that the mask network infers from the spectrum. Templates are good at
 * grouping the bins of a band, but poor at assigning them to a speaker if the other voice is unknown.
 * @thread audio, except the constructor and `setWeights`. Allocates nothing after construction.
 */
export class MaskRefinement {
  /** Each speaker's share of the power in each band of the latest frame, 0 to 1, by the models before `refine` scales them. */
  readonly modelShares: ModelShares;

  private readonly network: MaskNetworkShape;
  private readonly inference: MaskNetworkInference;
  private readonly features: BandFeatures;
  /** [speakers * bands] shares by the network, smoothed */
  private readonly shares: Float32Array;
  /** [speakers * bands] factors on the models */
  private readonly gains: Float32Array;
  /** Weight of the previous frame in `shares`. */
  private readonly memory: number;
  /** [speakers] smoothed power */
  private readonly past: Float32Array;
  /** Weight of the previous frame in `past`. */
  private readonly pastMemory: number;

  static requiredBytes(network: MaskNetworkShape): number {
    return MaskNetworkInference.requiredBytes(network);
  }

  constructor(kernel: Kernel, network: MaskNetworkShape, { plan, bins }: SpeakerSetShape) {
    const { bandwidthHertz, speakers } = network;
    const binHertz = plan.sampleRateHertz / plan.windowSamples;
    this.network = network;
    this.inference = new MaskNetworkInference(kernel, network);
    this.features = new BandFeatures(bandwidthHertz, bins, binHertz);
    this.modelShares = new ModelShares(speakers, bandwidthHertz, bins, binHertz);
    this.shares = new Float32Array(this.modelShares.shares.length);
    this.gains = new Float32Array(this.modelShares.shares.length);
    this.memory = Math.exp(-plan.hopSamples / (SMOOTHING_SECONDS * plan.sampleRateHertz));
    this.past = new Float32Array(speakers);
    this.pastMemory = Math.exp(-plan.hopSamples / (PAST_SECONDS * plan.sampleRateHertz));
    this.reset();
  }

  setWeights(network: MaskNetwork): void {
    this.inference.setWeights(network);
  }

  /** @param powers [bins] |X|^2 @param models [speakers][bins] models of |X|^p, scaled in place */
  refine(powers: Float32Array, models: readonly Float32Array[]): void {
    const { features, inference, shares, memory } = this;
    this.modelShares.compute(powers, 0, models, 0);
    features.write(powers, 0, inference.inputs);
    this.modelShares.writeFeatures(inference.inputs, features.count);
    inference.run();
    for (let index = 0; index < shares.length; index++)
      shares[index] = memory * shares[index]! + (1 - memory) * inference.shares[index]!;
    this.updatePast();
    this.scale(models);
  }

  reset(): void {
    this.shares.fill(1 / this.network.speakers);
    this.past.fill(0);
  }

  save(state: StateWriter): void {
    state.addAll(this.shares);
    state.addAll(this.past);
  }

  restore(state: StateReader): void {
    state.fill(this.shares);
    state.fill(this.past);
  }

  /** Updates the smoothed power of each speaker. */
  private updatePast(): void {
    const { past, pastMemory, shares } = this;
    const { bands, powers } = this.modelShares;
    for (let s = 0; s < past.length; s++) {
      let power = 0;
      for (let band = 0; band < bands; band++) power += shares[s * bands + band]! * powers[band]!;
      past[s] = pastMemory * past[s]! + (1 - pastMemory) * power;
    }
  }

  private scale(models: readonly Float32Array[]): void {
    const { shares, gains, past } = this;
    const { bands, bandOfBin, shares: modelShares } = this.modelShares;
    const { temporalPrior } = this.network;
    let total = 0;
    for (let s = 0; s < past.length; s++) total += past[s]!;
    for (let s = 0; s < models.length; s++) {
      // Gains apply to models of |X|^p, which the mask squares: hence the square root.
      const odds = total > 0 ? (past[s]! / total + SHARE_FLOOR) ** temporalPrior : 1;
      for (let index = s * bands; index < (s + 1) * bands; index++)
        gains[index] = Math.sqrt(
          odds * ((shares[index]! + SHARE_FLOOR) / (modelShares[index]! + SHARE_FLOOR)) ** TRUST,
        );
      for (let bin = 0; bin < bandOfBin.length; bin++) models[s]![bin]! *= gains[s * bands + bandOfBin[bin]!]!;
    }
  }
}
