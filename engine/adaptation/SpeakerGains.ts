import { Adam } from '../network/Adam.ts';

/** Gains over frequency of one speaker's output templates during adaptation, and their optimiser. */
export class SpeakerGains {
  /** Frequencies at which a template has a gain. */
  readonly bands: number;
  /** [templates x bands] natural logarithm of the gains */
  readonly logGains: Float32Array;
  /** [templates x bands] */
  readonly gains: Float32Array;
  /** [templates x bands] gradient of the loss with respect to the gains, to be filled before `step` */
  readonly gradient: Float32Array;

  private readonly optimiser: Adam;
  private readonly logGradient: Float64Array;

  /** @param templates of all speakers */
  constructor(templates: number, bands: number) {
    this.bands = bands;
    this.logGains = new Float32Array(templates * bands);
    this.gains = new Float32Array(templates * bands).fill(1);
    this.gradient = new Float32Array(templates * bands);
    this.optimiser = new Adam(this.logGains);
    this.logGradient = new Float64Array(templates * bands);
  }

  /** One optimiser step. @param rate learning rate */
  step(rate: number): void {
    const { logGains, gains, gradient, logGradient } = this;
    for (let index = 0; index < gains.length; index++) logGradient[index] = gradient[index]! * gains[index]!;
    this.optimiser.step(logGradient, rate);
    for (let index = 0; index < gains.length; index++) gains[index] = Math.exp(logGains[index]!);
  }
}
