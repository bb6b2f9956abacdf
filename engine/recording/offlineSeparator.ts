import type { FrequencyRange } from '../core/FrequencyRange.ts';
import { withBackgroundModel } from '../model/backgroundModel.ts';
import { type AdaptedPresets, adaptSpeakerSet, type JointAdaptation } from '../model/JointAdaptation.ts';
import type { Preset } from '../model/Preset.ts';
import { FREQUENCY_SCALES, sampleSpeakerSet } from '../model/SpeakerSet.ts';
import { Separator } from '../separator/Separator.ts';
import type { StftPlan } from '../stft/StftPlan.ts';

export interface OfflineSeparatorOptions {
  readonly plan: StftPlan;
  readonly presets: readonly Preset[];
  /** Joint adaptation of the presets; null: none. @default null */
  readonly adaptation?: JointAdaptation | null;
  /** The presets and then the background, adapted, to recognise sound of voices that are not loaded; null: none. @default null */
  readonly background?: AdaptedPresets | null;
  /** Frequencies of the mixture that have sound. @default all */
  readonly band?: FrequencyRange | null;
  /** Whether what belongs to no voice goes to the rest. */
  readonly isRestSeparated: boolean;
  /** Iterates each frame until its activations have settled, however long that takes. */
  readonly isOffline: boolean;
}

/** Limit for offline separation, far above the iterations in which a frame settles. */
const OFFLINE_ITERATIONS = 200;

/** Loads voices for the separation of a recording. @throws InputError as sampleSpeakerSet and adaptSpeakerSet do */
export function offlineSeparator({
  plan,
  presets,
  adaptation = null,
  background = null,
  band = null,
  isRestSeparated,
  isOffline,
}: OfflineSeparatorOptions): Separator {
  const parameters = {
    rest: isRestSeparated ? 1 : 0,
    ...(isOffline ? { iterations: OFFLINE_ITERATIONS } : {}),
  };
  const speakerSet = (speakers: readonly Preset[], learnt: JointAdaptation | null) => {
    const sampled = sampleSpeakerSet(speakers, plan, FREQUENCY_SCALES, band);
    return learnt === null ? sampled : adaptSpeakerSet(sampled, learnt);
  };
  const known = speakerSet(presets, adaptation);
  const loaded =
    background === null || !isRestSeparated
      ? known
      : withBackgroundModel(known, speakerSet(background.presets, background.adaptation));
  return new Separator(loaded, { parameters });
}
