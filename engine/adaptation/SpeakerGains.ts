/** Adam's (Kingma and Ba 2015). */
const FIRST_MOMENT = 0.9;
const SECOND_MOMENT = 0.999;

/** One speaker's gains, and Adam's moments of them. */
export class SpeakerGains {
  /** [templates x bands] */
  readonly logGains: Float32Array;
  private readonly base: Float32Array;
  private readonly places: Float64Array;
  private readonly templates: number;
  private readonly bands: number;
  private readonly gains: Float32Array;
  private readonly output: Float32Array;
  private readonly slopes: Float32Array;
  private readonly first: Float32Array;
  private readonly second: Float32Array;

  /** @param base [templates x bins] @param places [bins] of the bins among the bands */
  constructor(base: Float32Array, places: Float64Array, templates: number, bands: number) {
    this.base = base;
    this.places = places;
    this.templates = templates;
    this.bands = bands;
    this.logGains = new Float32Array(templates * bands);
    this.gains = new Float32Array(templates * bands).fill(1);
    this.output = new Float32Array(base.length);
    this.slopes = new Float32Array(templates * bands);
    this.first = new Float32Array(templates * bands);
    this.second = new Float32Array(templates * bands);
  }

  /** [templates x bins]; borrowed until the next call */
  outputTemplates(): Float32Array {
    const { base, places, templates, bands, gains, output } = this;
    const bins = places.length;
    for (let template = 0; template < templates; template++) {
      for (let bin = 0; bin < bins; bin++) {
        const place = places[bin]!;
        const lower = template * bands + Math.floor(place);
        const weight = place - Math.floor(place);
        const gain = weight === 0 ? gains[lower]! : gains[lower]! + weight * (gains[lower + 1]! - gains[lower]!);
        output[template * bins + bin] = base[template * bins + bin]! * gain;
      }
    }
    return output;
  }

  /** @param gradient [templates x bins] of the loss by the output templates @param update from 1 */
  descend(gradient: Float32Array, rate: number, update: number): void {
    const { logGains, gains, slopes, first, second } = this;
    this.project(gradient);
    const firstScale = 1 / (1 - FIRST_MOMENT ** update);
    const secondScale = 1 / (1 - SECOND_MOMENT ** update);
    for (let index = 0; index < logGains.length; index++) {
      const slope = slopes[index]! * gains[index]!;
      first[index] = FIRST_MOMENT * first[index]! + (1 - FIRST_MOMENT) * slope;
      second[index] = SECOND_MOMENT * second[index]! + (1 - SECOND_MOMENT) * slope * slope;
      const step = (firstScale * first[index]!) / (Math.sqrt(secondScale * second[index]!) + 1e-8);
      logGains[index]! -= rate * step;
      gains[index] = Math.exp(logGains[index]!);
    }
  }

  /** The gradient by the gains of the bands. */
  private project(gradient: Float32Array): void {
    const { base, places, templates, bands, slopes } = this;
    const bins = places.length;
    slopes.fill(0);
    for (let template = 0; template < templates; template++) {
      for (let bin = 0; bin < bins; bin++) {
        const slope = gradient[template * bins + bin]! * base[template * bins + bin]!;
        const place = places[bin]!;
        const lower = template * bands + Math.floor(place);
        const weight = place - Math.floor(place);
        slopes[lower]! += (1 - weight) * slope;
        if (weight > 0) slopes[lower + 1]! += weight * slope;
      }
    }
  }
}
