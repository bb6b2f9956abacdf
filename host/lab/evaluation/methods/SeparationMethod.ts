import type { Hertz, Seconds } from '../../../../engine/core/units.ts';
import type { TrainingTransform } from '../../../../engine/model/Preset.ts';
import type { StftPlan } from '../../../../engine/stft/StftPlan.ts';
import type { Recording } from '../../../../engine/trainer/index.ts';
import type { TemplateMatrix } from '../../../../engine/trainer/resampleTemplates.ts';
import type { PaperSettings, PaperTraining } from '../../paper/PaperStore.ts';

/** Settings that all methods of an evaluation share. Structured-cloneable. */
export interface MethodSettings {
  /** Window, hop and latency of the live STFT. */
  readonly plan: StftPlan;
  /** Number of templates for each speaker. */
  readonly templates: number;
  readonly seed: number;
  /** Number of multiplicative updates of the templates. @default the trainer's, best for separation; reconstruction takes more */
  readonly updates?: number;
  /** Representation that presets are trained from. @default 'stft' */
  readonly transform?: TrainingTransform;
  /** Channel of recordings with several: its number from 1, their mean, or what an analysis finds best. @default 'best' */
  readonly channel?: number | 'mix' | 'best';
  /** Longest speech used for training. @default the trainer's 60 s; `paper` uses 20 s as published */
  readonly speechSeconds?: Seconds;
  /** Read by the `paper` method only. @default as published, with frequency in hertz */
  readonly paper?: PaperSettings;
}

/** Result of a method's training on one speaker. Structured-cloneable. */
export type TrainedSpeaker =
  | { readonly kind: 'preset'; readonly presetText: string; readonly evidenceText?: string }
  | { readonly kind: 'matrix'; readonly matrix: TemplateMatrix }
  | { readonly kind: 'paper'; readonly training: PaperTraining }
  | { readonly kind: 'untrained' };

/** A mixture of two sources; all three arrays have the same length. */
export interface EvaluationMixture {
  readonly sampleRateHertz: Hertz;
  readonly mixture: Float32Array;
  /** [speakers][samples] the sources as they sound in the mixture. Only oracle methods may read them. */
  readonly references: readonly Float32Array[];
}

/** A method under comparison. All methods get the same training recordings and the same mixtures. */
export interface SeparationMethod {
  readonly name: string;
  /** One line for `--help` and tables. */
  readonly summary: string;
  /** false: `train` is not called. */
  readonly isTrained: boolean;
  /** Name of the method whose trained speakers this one uses. @default its own */
  readonly trainedAs?: string;
  /**
   * @param recordings of one speaker, checked, all at one sample rate
   * @throws InputError for recordings or settings that the method does not support
   */
  train(speaker: string, recordings: readonly Recording[], settings: MethodSettings): Promise<TrainedSpeaker>;
  /**
   * @param speakers in the references' order
   * @returns one estimate for each speaker, aligned with the mixture and of its length
   */
  separate(
    mixture: EvaluationMixture,
    speakers: readonly TrainedSpeaker[],
    settings: MethodSettings,
  ): Promise<Float32Array[]>;
}
