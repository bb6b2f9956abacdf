export interface MixtureShape {
  /** Number of frames. */
  readonly count: number;
  readonly bins: number;
  readonly speakers: number;
  /** Number of templates of all speakers. */
  readonly templates: number;
}

/** Frames of mixtures of all speakers, with their activations and target masks. */
export class MixtureFrames implements MixtureShape {
  readonly count: number;
  readonly bins: number;
  readonly speakers: number;
  readonly templates: number;
  /** [count x templates] activations by the live solver */
  readonly activations: Float32Array;
  /** [count x bins] power of the mixture, |X|^2 */
  readonly powers: Float32Array;
  /** [speakers] of [count x bins] target masks Re(S conj X) / |X|^2, 0 to 1, in steps of 1 / `TARGET_STEPS` */
  readonly targets: readonly Uint8Array[];

  constructor({ count, bins, speakers, templates }: MixtureShape) {
    this.count = count;
    this.bins = bins;
    this.speakers = speakers;
    this.templates = templates;
    this.activations = new Float32Array(count * templates);
    this.powers = new Float32Array(count * bins);
    this.targets = Array.from({ length: speakers }, () => new Uint8Array(count * bins));
  }
}
