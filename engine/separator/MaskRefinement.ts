import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Seconds } from '../core/units.ts';
import type { Kernel } from '../kernel/Kernel.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import { BandFeatures, type MaskNetwork } from '../network/MaskNetwork.ts';
import { MaskNetworkInference } from '../network/MaskNetworkInference.ts';
import { ModelShares } from './ModelShares.ts';

/** How far the network is trusted over the templates, from 0 to 1. */
const TRUST = 0.65;
/** Shares of neighbouring frames are averaged over so long: a voice does not change from one hop to the next. */
const SMOOTHING_SECONDS: Seconds = 0.0115;
/** What `persistence` looks back on. */
const PAST_SECONDS: Seconds = 0.4;
/** Keeps shares of nothing and of all finite. */
const SHARE_FLOOR = 1e-3;

/**
 * Scales the speakers' models band by band towards the shares that a network sees in the spectrum. Templates tell well which bins of a
 * band belong together, but badly whose they are where the other voice was never heard.
 * @thread audio, except the constructor. Allocates nothing after construction.
 */
export class MaskRefinement {
  private readonly network: MaskNetwork;
  private readonly pass: MaskNetworkInference;
  private readonly features: BandFeatures;
  private readonly models: ModelShares;
  /** [speakers * bands] of the network, smoothed */
  private readonly shares: Float32Array;
  /** [speakers * bands] for the models */
  private readonly gains: Float32Array;
  private readonly powers: Float32Array;
  private readonly powerExponent: number;
  private readonly memory: number;
  /** [speakers] powers of the past */
  private readonly past: Float32Array;
  private readonly pastMemory: number;

  static requiredBytes(network: MaskNetwork): number {
    return MaskNetworkInference.requiredBytes(network);
  }

  constructor(kernel: Kernel, network: MaskNetwork, { plan, bins, magnitudeExponent }: SpeakerSet) {
    const { bandwidthHertz, speakers } = network;
    const binHertz = plan.sampleRateHertz / plan.windowSamples;
    this.network = network;
    this.pass = new MaskNetworkInference(kernel, network);
    this.features = new BandFeatures(bandwidthHertz, bins, binHertz);
    this.models = new ModelShares(speakers, bandwidthHertz, bins, binHertz);
    this.shares = new Float32Array(this.models.shares.length);
    this.gains = new Float32Array(this.models.shares.length);
    this.powers = new Float32Array(bins);
    this.powerExponent = 2 / magnitudeExponent;
    this.memory = Math.exp(-plan.hopSamples / (SMOOTHING_SECONDS * plan.sampleRateHertz));
    this.past = new Float32Array(speakers);
    this.pastMemory = Math.exp(-plan.hopSamples / (PAST_SECONDS * plan.sampleRateHertz));
    this.reset();
  }

  /** @param magnitudes [bins] |X|^p @param models [speakers][bins] of |X|^p, scaled in place */
  refine(magnitudes: Float32Array, models: readonly Float32Array[]): void {
    const { powers, powerExponent, features, pass, shares, memory } = this;
    for (let bin = 0; bin < powers.length; bin++) powers[bin] = magnitudes[bin]! ** powerExponent;
    this.models.measure(powers, 0, models, 0);
    features.write(powers, 0, pass.inputs);
    this.models.writeFeatures(pass.inputs, features.count);
    pass.run();
    for (let index = 0; index < shares.length; index++)
      shares[index] = memory * shares[index]! + (1 - memory) * pass.shares[index]!;
    this.remember();
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
    for (let index = 0; index < this.shares.length; index++) this.shares[index] = state.next();
    for (let s = 0; s < this.past.length; s++) this.past[s] = state.next();
  }

  /** How much each speaker has had lately. */
  private remember(): void {
    const { past, pastMemory, shares } = this;
    const { bands, powers } = this.models;
    for (let s = 0; s < past.length; s++) {
      let power = 0;
      for (let band = 0; band < bands; band++) power += shares[s * bands + band]! * powers[band]!;
      past[s] = pastMemory * past[s]! + (1 - pastMemory) * power;
    }
  }

  private scale(models: readonly Float32Array[]): void {
    const { shares, gains, past } = this;
    const { bands, bandOfBin, shares: modelShares } = this.models;
    const { persistence } = this.network;
    let all = 0;
    for (let s = 0; s < past.length; s++) all += past[s]!;
    for (let s = 0; s < models.length; s++) {
      // Models stand for |X|^p, of which the mask takes the square.
      const odds = all > 0 ? (past[s]! / all + SHARE_FLOOR) ** persistence : 1;
      for (let index = s * bands; index < (s + 1) * bands; index++)
        gains[index] = Math.sqrt(
          odds * ((shares[index]! + SHARE_FLOOR) / (modelShares[index]! + SHARE_FLOOR)) ** TRUST,
        );
      for (let bin = 0; bin < bandOfBin.length; bin++) models[s]![bin]! *= gains[s * bands + bandOfBin[bin]!]!;
    }
  }
}
