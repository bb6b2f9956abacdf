import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Seconds } from '../core/units.ts';
import {
  BandFeatures,
  type BandNetwork,
  bandsOfBins,
  HIDDEN_UNITS,
  outputEdges,
  runBandNetwork,
} from './BandNetwork.ts';
import type { Scene } from './Scene.ts';

/** How far the network is trusted over the templates, from 0 to 1. */
const TRUST = 0.5;
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
export class BandRefinement {
  private readonly network: BandNetwork;
  private readonly bandOfBin: Int32Array;
  private readonly bands: number;
  private readonly features: BandFeatures;
  private readonly inputs: Float32Array;
  private readonly hidden = new Float32Array(HIDDEN_UNITS);
  private readonly fresh: Float32Array;
  /** [speakers * bands] of the network, smoothed */
  private readonly shares: Float32Array;
  /** [speakers * bands] of the models */
  private readonly modelShares: Float32Array;
  private readonly bandPowers: Float32Array;
  private readonly powers: Float32Array;
  private readonly powerExponent: number;
  private readonly memory: number;
  /** [speakers] powers of the past */
  private readonly past: Float32Array;
  private readonly pastMemory: number;

  constructor(network: BandNetwork, { plan, bins, magnitudeExponent }: Scene) {
    const { bandwidthHertz, speakers } = network;
    const binHertz = plan.sampleRateHertz / plan.windowSamples;
    const edgesHertz = outputEdges(bandwidthHertz);
    this.network = network;
    this.bands = edgesHertz.length - 1;
    this.bandOfBin = bandsOfBins(edgesHertz, bins, binHertz);
    this.features = new BandFeatures(bandwidthHertz, bins, binHertz);
    this.inputs = new Float32Array(this.features.count);
    this.fresh = new Float32Array(speakers * this.bands);
    this.shares = new Float32Array(speakers * this.bands);
    this.modelShares = new Float32Array(speakers * this.bands);
    this.bandPowers = new Float32Array(this.bands);
    this.powers = new Float32Array(bins);
    this.powerExponent = 2 / magnitudeExponent;
    this.memory = Math.exp(-plan.hopSamples / (SMOOTHING_SECONDS * plan.sampleRateHertz));
    this.past = new Float32Array(speakers);
    this.pastMemory = Math.exp(-plan.hopSamples / (PAST_SECONDS * plan.sampleRateHertz));
    this.reset();
  }

  /** @param magnitudes [bins] |X|^p @param models [speakers][bins] of |X|^p, scaled in place */
  refine(magnitudes: Float32Array, models: readonly Float32Array[]): void {
    const { powers, powerExponent, fresh, shares, memory } = this;
    for (let bin = 0; bin < powers.length; bin++) powers[bin] = magnitudes[bin]! ** powerExponent;
    this.features.write(powers, 0, this.inputs);
    runBandNetwork(this.network, this.inputs, this.hidden, fresh);
    for (let index = 0; index < shares.length; index++)
      shares[index] = memory * shares[index]! + (1 - memory) * fresh[index]!;
    this.measure(models);
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

  /** What the models alone would give each speaker of each band. */
  private measure(models: readonly Float32Array[]): void {
    const { powers, bandOfBin, bandPowers, modelShares, bands } = this;
    bandPowers.fill(0);
    modelShares.fill(0);
    for (let bin = 0; bin < powers.length; bin++) {
      let sum = 0;
      for (let s = 0; s < models.length; s++) sum += models[s]![bin]! * models[s]![bin]!;
      if (!(sum > 0)) continue;
      const band = bandOfBin[bin]!;
      bandPowers[band]! += powers[bin]!;
      for (let s = 0; s < models.length; s++)
        modelShares[s * bands + band]! += (powers[bin]! * models[s]![bin]! * models[s]![bin]!) / sum;
    }
  }

  /** How much each speaker has had lately. */
  private remember(): void {
    const { past, pastMemory, shares, bandPowers, bands } = this;
    for (let s = 0; s < past.length; s++) {
      let power = 0;
      for (let band = 0; band < bands; band++) power += shares[s * bands + band]! * bandPowers[band]!;
      past[s] = pastMemory * past[s]! + (1 - pastMemory) * power;
    }
  }

  private scale(models: readonly Float32Array[]): void {
    const { bandOfBin, bandPowers, modelShares, shares, bands, past } = this;
    const { persistence } = this.network;
    let all = 0;
    for (let s = 0; s < past.length; s++) all += past[s]!;
    for (let band = 0; band < bands; band++) {
      for (let s = 0; s < models.length; s++) {
        const index = s * bands + band;
        const share = bandPowers[band]! > 0 ? modelShares[index]! / bandPowers[band]! : shares[index]!;
        // Models stand for |X|^p, of which the mask takes the square.
        const odds = all > 0 ? (past[s]! / all + SHARE_FLOOR) ** persistence : 1;
        modelShares[index] = Math.sqrt(odds * ((shares[index]! + SHARE_FLOOR) / (share + SHARE_FLOOR)) ** TRUST);
      }
    }
    for (let s = 0; s < models.length; s++) {
      for (let bin = 0; bin < bandOfBin.length; bin++) models[s]![bin]! *= modelShares[s * bands + bandOfBin[bin]!]!;
    }
  }
}
