import { RealFft } from '../../engine/kernel/RealFft.ts';
import { type Preset, presetNetwork, serializePreset } from '../../engine/model/Preset.ts';
import { serializeEvidence } from '../../engine/model/SpeakerEvidence.ts';
import {
  collectEvidence,
  joinSpeech,
  KL_RATIO_WINDOWS_AT_16_KHZ,
  type KlRatio,
  measureKlRatios,
  TRAINING_RANGES,
  trainSpeaker,
} from '../../engine/trainer/index.ts';
import { serveThread } from '../rpc/serveThread.ts';
import { lowerThreadPriority } from './threadPriority.ts';
import type { TrainerJob, TrainerRequests } from './trainerMessages.ts';

serveThread<TrainerRequests>({
  train: async (job, { signal, onProgress }) => {
    // Before tfjs starts its own threads, which inherit the priority.
    if (job.isLowPriority) lowerThreadPriority();
    const trained = await trainSpeaker(job.recordings, {
      name: job.name,
      notes: job.notes,
      licence: job.licence,
      created: job.created,
      templates: job.templates,
      seconds: job.seconds,
      updates: job.updates,
      seed: job.seed,
      ...(job.transform === undefined ? {} : { transform: job.transform }),
      signal,
      onBackend: ({ name }) => onProgress({ type: 'backend', name }),
      onProgress: (progress) => onProgress({ type: 'progress', progress }),
    });
    const preset = job.embedding == null ? trained : { ...trained, embedding: job.embedding };
    if (job.holdout.length > 0) onProgress({ type: 'judging' });
    return {
      presetText: serializePreset(preset),
      evidenceText: job.hasEvidence
        ? serializeEvidence(collectEvidence(job.name, job.recordings, job.seconds, job.seed))
        : null,
      klRatios: job.holdout.length === 0 ? null : klRatios(preset, job),
    };
  },
});

/** Evaluates windows of the same duration as in the paper's table, at this sample rate. */
function klRatios(preset: Preset, job: TrainerJob): KlRatio[] {
  const training = joinSpeech(job.recordings, job.seconds);
  const unseen = joinSpeech(job.holdout, TRAINING_RANGES.seconds.maximum);
  const windowsSamples = KL_RATIO_WINDOWS_AT_16_KHZ.map((samples) =>
    RealFft.nearestSupportedSize(Math.round((samples * training.sampleRateHertz) / 16_000)),
  );
  return measureKlRatios(presetNetwork(preset), training, unseen, windowsSamples, job.seed);
}
