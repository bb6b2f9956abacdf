import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Seconds } from '../core/units.ts';
import type { Kernel } from '../kernel/Kernel.ts';
import type { SpeakerSetShape } from '../model/SpeakerSetShape.ts';
import { ActivityInference } from '../network/ActivityInference.ts';
import { ACTIVITY_BANDS, ACTIVITY_BANDWIDTH_HERTZ } from '../network/ActivityNetwork.ts';
import { ModelShares } from './ModelShares.ts';

/** Keeps the logarithms of shares finite; smaller shares are equivalent. */
const SHARE_FLOOR = 0.003;
/** Power of a band relative to `level` below which it counts as silent. */
const POWER_FLOOR = 1e-5;
const LEVEL_SECONDS: Seconds = 5;
/** Corrections of shares are limited to this, in nepers either way. */
const LARGEST_CORRECTION = 16;
/** The level is never lower than this part of the frame's power. */
const LEVEL_BELOW_FRAME = 0.3;
const SMALLEST_LEVEL = 1e-20;

/**
 * Who speaks now: a causal stage that infers, from what the speakers' models make of each frame and from memory, which speakers are active,
 * and scales the models so that a silent speaker's track does not hold the others. The sum of the models' squares stays the same in each bin,
 * so the rest keeps its share.
 * @thread audio, except the constructor and `setWeights`. Allocates nothing after construction.
 */
export class SpeakerActivity {
  /** [speakers] probability that the speaker is active in the latest frame */
  readonly probabilities: Float32Array;
  /** How far the models are scaled, 0 (not at all) to 1. */
  strength = 0;

  private readonly inference: ActivityInference;
  /** Shares by the templates, and after the mask network. */
  private readonly before: ModelShares;
  private readonly after: ModelShares;
  /** Whether the mask network has computed `before`. */
  private readonly isBeforeComputed: boolean;
  /** [speakers] factors on the models in one band */
  private readonly factors: Float32Array;
  private readonly levelDecay: number;
  private level = 0;

  static requiredBytes(): number {
    return ActivityInference.requiredBytes();
  }

  /** @param templateShares shares by the templates that the mask network computes anyway, in the same bands; null: there is no such network */
  constructor(kernel: Kernel, { plan, bins, speakers }: SpeakerSetShape, templateShares: ModelShares | null) {
    const binHertz = plan.sampleRateHertz / plan.windowSamples;
    const hopSeconds = plan.hopSamples / plan.sampleRateHertz;
    this.inference = new ActivityInference(kernel, speakers.length, hopSeconds);
    this.isBeforeComputed = templateShares !== null;
    this.before = templateShares ?? new ModelShares(speakers.length, ACTIVITY_BANDWIDTH_HERTZ, bins, binHertz);
    this.after = new ModelShares(speakers.length, ACTIVITY_BANDWIDTH_HERTZ, bins, binHertz);
    this.probabilities = new Float32Array(speakers.length);
    this.factors = new Float32Array(speakers.length);
    this.levelDecay = Math.exp(-hopSeconds / LEVEL_SECONDS);
  }

  setWeights(): void {
    this.inference.setWeights();
  }

  /** Reads the models before the mask network scales them. @param powers [bins] |X|^2 @param models [speakers][bins] */
  observe(powers: Float32Array, models: readonly Float32Array[]): void {
    if (!this.isBeforeComputed) this.before.compute(powers, 0, models, 0);
  }

  /**
   * Infers the activity of the frame that was observed, and scales the models.
   * @param powers [bins] as of `observe`
   * @param models [speakers][bins] after the mask network, scaled in place
   */
  apply(powers: Float32Array, models: readonly Float32Array[]): void {
    const { inference, probabilities } = this;
    this.after.compute(powers, 0, models, 0);
    this.writeInputs();
    inference.run();
    for (let s = 0; s < probabilities.length; s++) probabilities[s] = 1 / (1 + Math.exp(-inference.logits[s]!));
    if (this.strength > 0) this.scale(models);
  }

  reset(): void {
    this.inference.reset();
    this.probabilities.fill(0);
    this.level = 0;
  }

  save(state: StateWriter): void {
    this.inference.save(state);
    state.addAll(this.probabilities);
    state.add(this.level);
  }

  restore(state: StateReader): void {
    this.inference.restore(state);
    state.fill(this.probabilities);
    this.level = state.next();
  }

  private writeInputs(): void {
    const { before, after } = this;
    const { inputs } = this.inference;
    const { powers } = before;
    let total = 0;
    for (let band = 0; band < ACTIVITY_BANDS; band++) total += powers[band]!;
    this.level = Math.max(SMALLEST_LEVEL, LEVEL_BELOW_FRAME * total, this.level * this.levelDecay);
    for (let s = 0; s < inputs.length; s++) {
      const input = inputs[s]!;
      for (let band = 0; band < ACTIVITY_BANDS; band++) {
        input[band] = shareLogit(before.shares[s * ACTIVITY_BANDS + band]!) / 3;
        input[ACTIVITY_BANDS + band] = shareLogit(after.shares[s * ACTIVITY_BANDS + band]!) / 3;
        input[2 * ACTIVITY_BANDS + band] = Math.log(powers[band]! / this.level + POWER_FLOOR) / 4 + 1;
      }
    }
  }

  /** Corrections are logarithms of shares, which are squares of models: hence half of them. */
  private scale(models: readonly Float32Array[]): void {
    const { factors, strength } = this;
    const { corrections } = this.inference;
    const { bandOfBin } = this.after;
    let band = -1;
    for (let bin = 0; bin < bandOfBin.length; bin++) {
      if (bandOfBin[bin] !== band) {
        band = bandOfBin[bin]!;
        for (let s = 0; s < factors.length; s++)
          factors[s] = Math.exp((strength / 2) * limited(corrections[s]![band]!));
      }
      let squares = 0;
      let scaled = 0;
      for (let s = 0; s < factors.length; s++) {
        const model = models[s]![bin]!;
        squares += model * model;
        scaled += (factors[s]! * model) ** 2;
      }
      const norm = scaled > 0 ? Math.sqrt(squares / scaled) : 1;
      for (let s = 0; s < factors.length; s++) models[s]![bin]! *= norm * factors[s]!;
    }
  }
}

function shareLogit(share: number): number {
  return Math.log(share + SHARE_FLOOR) - Math.log(Math.max(0, 1 - share) + SHARE_FLOOR);
}

function limited(correction: number): number {
  return Math.max(-LARGEST_CORRECTION, Math.min(LARGEST_CORRECTION, correction));
}
