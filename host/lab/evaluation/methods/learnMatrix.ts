import { Random } from '../../../../engine/core/Random.ts';
import type { Samples, Seconds } from '../../../../engine/core/units.ts';
import { diverseExemplars } from '../../../../engine/trainer/exemplars.ts';
import { joinSpeech, type Recording, TRAINING_RANGES } from '../../../../engine/trainer/index.ts';
import type { TemplateMatrix } from '../../../../engine/trainer/resampleTemplates.ts';
import { recordingSpectra } from '../../../../engine/trainer/spectra.ts';
import { learnTemplates } from '../../../../engine/trainer/TemplateChain.ts';

/** Learns templates by plain matrix NMF, by default with the trainer's amount of speech, initialisation and number of updates. */
export function learnMatrix(
  recordings: readonly Recording[],
  windowSamples: Samples,
  templates: number,
  seed: number,
  speechSeconds: Seconds = TRAINING_RANGES.seconds.default,
  updates: number = TRAINING_RANGES.updates.default,
): TemplateMatrix {
  const spectra = recordingSpectra(joinSpeech(recordings, speechSeconds), windowSamples);
  const start = diverseExemplars(spectra, templates, new Random(seed));
  const { values } = learnTemplates(spectra, start, updates);
  return { windowSamples, templates, values };
}
