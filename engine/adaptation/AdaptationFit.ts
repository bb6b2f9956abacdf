import { Random } from '../core/Random.ts';
import type { Hertz } from '../core/units.ts';
import { PARAMETERS } from '../separator/parameters.ts';
import { type Scene, sampleScene } from '../separator/Scene.ts';
import { outputBase, placeOf, type SceneAdaptation } from '../separator/SceneAdaptation.ts';
import { planStft } from '../stft/StftPlan.ts';
import type { Preset } from '../template/Preset.ts';
import type { SpeakerEvidence } from '../template/SpeakerEvidence.ts';
import { KernelProducts } from './KernelProducts.ts';
import { MixtureFrames } from './MixtureFrames.ts';

/** Frames that are mixed, for two speakers; more speakers have fewer each time, or memory would grow with their square. */
const MIXTURES = 12_000;
const FRAMES_PER_MIXING = 400;
const UPDATES = 90;
const BATCH_FRAMES = 1000;
const LEARNING_RATE = 0.05;
const FIRST_MOMENT = 0.9;
const SECOND_MOMENT = 0.999;
/** Where gains are told: this close at low frequencies, this part of the frequency apart above. 38 to 8 kHz lose nothing against all bins. */
const BAND_SPACING: { readonly hertz: Hertz; readonly relative: number } = { hertz: 62, relative: 0.1 };
const MODEL_FLOOR = 1e-5;
const MASK_EXPONENT = PARAMETERS.maskExponent.default;

/**
 * Learns output templates for speakers that are loaded together: discriminative NMF (F. Weninger, J. Le Roux, J. R. Hershey, S. Watanabe,
 * "Discriminative NMF and its application to single-channel source separation", Interspeech 2014) with cross terms. The templates that
 * are solved for stay as they are; what the mask is made of is changed so that masks come out best on mixtures of the speakers' own
 * evidence, with the activations that the live solver finds. Adam (Kingma and Ba 2015) on the logarithms of gains, so all stays >= 0.
 */
export class AdaptationFit {
  /** How often `advance` is to be called. */
  readonly steps: number;
  /** Weighted mean square error of the masks, of the latest update; null while frames are mixed. */
  loss: number | null = null;

  private readonly scene: Scene;
  private readonly mixtures: MixtureFrames;
  private readonly mixingSteps: number;
  private readonly products: KernelProducts;
  private readonly speakers: readonly SpeakerGains[];
  private readonly random: Random;
  private readonly frequenciesHertz: Float64Array;
  private readonly batch = new Int32Array(BATCH_FRAMES);
  /** [speakers] of [BATCH_FRAMES x bins] */
  private readonly models: readonly Float32Array[];
  private readonly gradient: Float32Array;
  private step = 0;

  /**
   * @param presets 2 to 8 speakers @param evidence of theirs, in order
   * @throws InputError for speakers that cannot be loaded together, or evidence that does not reach as high as they do
   */
  constructor(presets: readonly Preset[], evidence: readonly SpeakerEvidence[], seed = 1) {
    const sampleRateHertz = 2 * Math.min(...presets.map((preset) => preset.bandwidthHertz));
    this.scene = sampleScene(presets, planStft({ sampleRateHertz }));
    const { bins, speakers, plan } = this.scene;
    this.random = new Random(seed);
    const count = Math.ceil((2 * MIXTURES) / speakers.length);
    this.mixtures = new MixtureFrames(this.scene, evidence, count, this.random);
    this.mixingSteps = Math.ceil(count / FRAMES_PER_MIXING);
    this.steps = this.mixingSteps + UPDATES;
    const { templates } = this.mixtures;
    this.products = new KernelProducts({ bins, templates, frames: BATCH_FRAMES });
    this.frequenciesHertz = bandFrequencies(sampleRateHertz / 2);
    const binHertz = plan.sampleRateHertz / plan.windowSamples;
    const places = Float64Array.from({ length: bins }, (_, bin) => placeOf(this.frequenciesHertz, bin * binHertz));
    const bands = this.frequenciesHertz.length;
    this.speakers = speakers.map((_, s) => new SpeakerGains(outputBase(this.scene, s), places, templates, bands));
    this.models = speakers.map(() => new Float32Array(BATCH_FRAMES * bins));
    this.gradient = new Float32Array(templates * bins);
  }

  /** A few tens of milliseconds of work. */
  advance(): void {
    if (this.step < this.mixingSteps) this.mixtures.fill(FRAMES_PER_MIXING);
    else this.update(this.step - this.mixingSteps);
    this.step++;
    if (this.step === this.mixingSteps) this.mixtures.weigh();
  }

  adaptation(): SceneAdaptation {
    return { frequenciesHertz: this.frequenciesHertz, logGains: this.speakers.map(({ logGains }) => logGains.slice()) };
  }

  private update(update: number): void {
    const { products, speakers, models, gradient } = this;
    const { bins } = this.scene;
    this.draw();
    speakers.forEach((speaker, s) => {
      products.multiply(speaker.outputTemplates());
      for (let frame = 0; frame < BATCH_FRAMES; frame++) {
        const first = frame * products.binStride;
        models[s]!.set(products.models.values.subarray(first, first + bins), frame * bins);
      }
    });
    this.loss = this.turnIntoSlopes();
    const rate = LEARNING_RATE * Math.sqrt(1 - update / UPDATES);
    speakers.forEach((speaker, s) => {
      for (let frame = 0; frame < BATCH_FRAMES; frame++) {
        const row = models[s]!.subarray(frame * bins, (frame + 1) * bins);
        products.slopes.values.set(row, frame * products.binStride);
      }
      products.gather(gradient);
      speaker.descend(gradient, rate, update + 1);
    });
  }

  private draw(): void {
    const { mixtures, products, random, batch } = this;
    const { templates, activations } = mixtures;
    for (let frame = 0; frame < BATCH_FRAMES; frame++) {
      batch[frame] = random.integer(mixtures.count);
      const row = activations.subarray(batch[frame]! * templates, (batch[frame]! + 1) * templates);
      products.activations.values.set(row, frame * products.templateStride);
    }
  }

  /** Each speaker's models become the loss's slopes by them. @returns the loss */
  private turnIntoSlopes(): number {
    const { models, batch, mixtures } = this;
    const { bins } = this.scene;
    const count = models.length;
    const masks = new Float64Array(count);
    let loss = 0;
    for (let frame = 0; frame < BATCH_FRAMES; frame++) {
      for (let bin = 0; bin < bins; bin++) {
        const at = frame * bins + bin;
        const source = batch[frame]! * bins + bin;
        let sum = 0;
        for (let s = 0; s < count; s++) {
          masks[s] = (models[s]![at]! + MODEL_FLOOR) ** MASK_EXPONENT;
          sum += masks[s]!;
        }
        const weight = mixtures.weights[source]!;
        let common = 0;
        for (let s = 0; s < count; s++) {
          masks[s]! /= sum;
          const error = masks[s]! - mixtures.targets[s]![source]! / 255;
          loss += weight * error * error;
          common += error * masks[s]!;
        }
        for (let s = 0; s < count; s++) {
          const error = masks[s]! - mixtures.targets[s]![source]! / 255;
          const slope = (2 * weight * MASK_EXPONENT * masks[s]! * (error - common)) / BATCH_FRAMES;
          models[s]![at] = slope / (models[s]![at]! + MODEL_FLOOR);
        }
      }
    }
    return loss / (BATCH_FRAMES * bins * count);
  }
}

/** One speaker's gains, and Adam's moments of them. */
class SpeakerGains {
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

function bandFrequencies(bandwidthHertz: Hertz): Float64Array {
  const frequencies = [0];
  while (frequencies.at(-1)! < bandwidthHertz) {
    const last = frequencies.at(-1)!;
    frequencies.push(Math.round(last + Math.max(BAND_SPACING.hertz, BAND_SPACING.relative * last)));
  }
  return Float64Array.from(frequencies);
}
