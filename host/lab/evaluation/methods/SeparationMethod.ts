import type { Hertz, Seconds } from '../../../../engine/core/units.ts';
import type { TrainingTransform } from '../../../../engine/model/Preset.ts';
import type { StftPlan } from '../../../../engine/stft/StftPlan.ts';
import type { Recording } from '../../../../engine/trainer/index.ts';
import type { TemplateMatrix } from '../../../../engine/trainer/resampleTemplates.ts';
import type { PaperSettings, PaperTraining } from '../../paper/PaperStore.ts';

/** What all methods of one evaluation share. Plain data: crosses threads as it is. */
export interface MethodSettings {
  /** Of the live STFT: window, hop and latency. */
  readonly plan: StftPlan;
  /** Templates learnt for each speaker. */
  readonly templates: number;
  readonly seed: number;
  /** Multiplicative updates of templates. @default the trainer's, which separate best; describing speech takes more */
  readonly updates?: number;
  /** What presets are trained from. @default 'stft' */
  readonly transform?: TrainingTransform;
  /** Speech that trains, at most. @default the trainer's 60 s; `paper` takes 20 s as published */
  readonly speechSeconds?: Seconds;
  /** Of the `paper` method alone. @default as published, in hertz */
  readonly paper?: PaperSettings;
}

/** What a method learnt of one speaker. Plain data: crosses threads as it is. */
export type TrainedSpeaker =
  | { readonly kind: 'preset'; readonly presetText: string; readonly evidenceText?: string }
  | { readonly kind: 'matrix'; readonly matrix: TemplateMatrix }
  | { readonly kind: 'paper'; readonly training: PaperTraining }
  | { readonly kind: 'untrained' };

/** Two sources as they lie in the mixture, all of one length. */
export interface EvaluationMixture {
  readonly sampleRateHertz: Hertz;
  readonly mixture: Float32Array;
  /** For methods that are told the truth, such as an ideal mask; others must not look. */
  readonly references: readonly [Float32Array, Float32Array];
}

/** The one contract of everything that is compared: the same training recordings and the same mixtures for all. */
export interface SeparationMethod {
  readonly name: string;
  /** One line for `--help` and tables. */
  readonly summary: string;
  /** Whether `train` learns anything; where not, no time is spent on it. */
  readonly isTrained: boolean;
  /**
   * @param recordings of one speaker, checked, of one sample rate
   * @throws InputError for recordings or settings it cannot work with
   */
  train(speaker: string, recordings: readonly Recording[], settings: MethodSettings): Promise<TrainedSpeaker>;
  /**
   * @param speakers in the references' order
   * @returns one estimate for each, aligned with the mixture and as long
   */
  separate(
    mixture: EvaluationMixture,
    speakers: readonly [TrainedSpeaker, TrainedSpeaker],
    settings: MethodSettings,
  ): Promise<Float32Array[]>;
}
