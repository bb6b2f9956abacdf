import type { Random } from '../core/Random.ts';
import type { Hertz } from '../core/units.ts';
import type { Preset } from '../model/Preset.ts';
import type { SpeakerEvidence } from '../model/SpeakerEvidence.ts';
import { type SpeakerSet, sampleSpeakerSet } from '../model/SpeakerSet.ts';
import { planStft } from '../stft/StftPlan.ts';
import { FrameMixer, type FrequencyScaling } from './FrameMixer.ts';
import type { MixtureFrames, MixtureShape } from './MixtureFrames.ts';

/** Number of mixture frames: 50 MB for two speakers, 200 MB for eight. */
const MIXTURES = 12_000;
/** Frames mixed in a step. */
const FRAMES_PER_STEP = 400;
/** Gains are constant above this frequency: voices differ little there, and learning gains for it would take three times as long. */
const HIGHEST_FREQUENCY: Hertz = 8000;
/** Optimiser steps of the gains, their learning rate, and scaling of the evidence. */
export interface LearningRecipe extends FrequencyScaling {
  readonly updates: number;
  readonly learningRate: number;
}

const KNOWN_VOICES: LearningRecipe = { updates: 150, learningRate: 0.15, scaledShare: 0.7, frequencySpread: 0.08 };
/** If one speaker stands for unknown voices: `KNOWN_VOICES` would overfit to it, which costs 0.3 dB in the mean over pairs. */
const UNKNOWN_VOICES: LearningRecipe = { updates: 120, learningRate: 0.05, scaledShare: 0.5, frequencySpread: 0.05 };

/** What is to be learnt: the speakers and how. */
export class LearningPlan {
  readonly recipe: LearningRecipe;
  readonly speakerSet: SpeakerSet;
  readonly mixtures: MixtureShape;
  readonly highestHertz: Hertz;
  readonly binHertz: Hertz;

  /**
   * @param presets 2 to 8 speakers
   * @param temporalPrior see `MaskNetwork`; above 0 if one of the speakers stands for unknown voices
   * @throws InputError if the speakers cannot be loaded together
   */
  constructor(presets: readonly Preset[], temporalPrior: number) {
    this.recipe = temporalPrior > 0 ? UNKNOWN_VOICES : KNOWN_VOICES;
    this.highestHertz = Math.min(HIGHEST_FREQUENCY, ...presets.map((preset) => preset.bandwidthHertz));
    const plan = planStft({ sampleRateHertz: 2 * this.highestHertz });
    this.speakerSet = sampleSpeakerSet(presets, plan);
    this.binHertz = plan.sampleRateHertz / plan.windowSamples;
    const { bins, speakers } = this.speakerSet;
    const templates = speakers.reduce((total, speaker) => total + speaker.templates, 0);
    this.mixtures = { count: MIXTURES, bins, speakers: speakers.length, templates };
  }

  /**
   * @param evidence of each speaker, in order
   * @returns steps that mix all frames, a few tens of milliseconds of work each
   * @throws InputError if evidence is missing or ends below the speakers' bandwidth
   */
  mixingSteps(frames: MixtureFrames, evidence: readonly SpeakerEvidence[], random: Random): (() => void)[] {
    const mixer = new FrameMixer(frames, this.speakerSet, evidence, this.recipe, random);
    return Array.from({ length: Math.ceil(frames.count / FRAMES_PER_STEP) }, (_, step) => {
      const first = step * FRAMES_PER_STEP;
      return () => mixer.mix(first, Math.min(frames.count, first + FRAMES_PER_STEP));
    });
  }
}
