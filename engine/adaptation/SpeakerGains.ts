import { Adam } from '../network/Adam.ts';

/** Gains over frequency of one speaker's output templates during adaptation, and their optimiser. */
export class SpeakerGains {
  /** [templates x bands] natural logarithm of the gains */
  readonly logGains: Float32Array;
  private readonly optimiser: Adam;
  private readonly base: Float32Array;
  private readonly positions: Float64Array;
  private readonly templates: number;
  private readonly bands: number;
  private readonly gains: Float32Array;
  private readonly output: Float32Array;
  private readonly gainGradient: Float32Array;
  private readonly logGradient: Float64Array;

  /**
   * @param base [templates x bins] output templates at a gain of 1
   * @param positions [bins] fractional band index of each bin, see `bandPosition`
   */
  constructor(base: Float32Array, positions: Float64Array, templates: number, bands: number) {
    this.base = base;
    this.positions = positions;
    this.templates = templates;
    this.bands = bands;
    this.logGains = new Float32Array(templates * bands);
    this.optimiser = new Adam(this.logGains);
    this.gains = new Float32Array(templates * bands).fill(1);
    this.output = new Float32Array(base.length);
    this.gainGradient = new Float32Array(templates * bands);
    this.logGradient = new Float64Array(templates * bands);
  }

  /** @returns [templates x bins] base times gains; borrowed until the next call */
  outputTemplates(): Float32Array {
    const { base, positions, templates, bands, gains, output } = this;
    const bins = positions.length;
    for (let template = 0; template < templates; template++) {
      for (let bin = 0; bin < bins; bin++) {
        const position = positions[bin]!;
        const lower = template * bands + Math.floor(position);
        const weight = position - Math.floor(position);
        const gain = weight === 0 ? gains[lower]! : gains[lower]! + weight * (gains[lower + 1]! - gains[lower]!);
        output[template * bins + bin] = base[template * bins + bin]! * gain;
      }
    }
    return output;
  }

  /**
   * One optimiser step.
   * @param gradient [templates x bins] of the loss with respect to the output templates
   * @param rate learning rate
   */
  step(gradient: Float32Array, rate: number): void {
    const { logGains, gains, gainGradient, logGradient } = this;
    this.backward(gradient);
    for (let index = 0; index < gains.length; index++) logGradient[index] = gainGradient[index]! * gains[index]!;
    this.optimiser.step(logGradient, rate);
    for (let index = 0; index < gains.length; index++) gains[index] = Math.exp(logGains[index]!);
  }

  /** Propagates the gradient from output templates to the gains of the bands. */
  private backward(gradient: Float32Array): void {
    const { base, positions, templates, bands, gainGradient } = this;
    const bins = positions.length;
    gainGradient.fill(0);
    for (let template = 0; template < templates; template++) {
      for (let bin = 0; bin < bins; bin++) {
        const slope = gradient[template * bins + bin]! * base[template * bins + bin]!;
        const position = positions[bin]!;
        const lower = template * bands + Math.floor(position);
        const weight = position - Math.floor(position);
        gainGradient[lower]! += (1 - weight) * slope;
        if (weight > 0) gainGradient[lower + 1]! += weight * slope;
      }
    }
  }
}
