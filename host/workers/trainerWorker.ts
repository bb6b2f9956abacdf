import { parentPort, workerData } from 'node:worker_threads';
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
import { serializeError } from '../rpc/SerializedError.ts';
import type { MessageFromTrainer, MessageToTrainer, TrainerJob } from './trainerMessages.ts';

const port = parentPort;
if (port === null) throw new Error('trainerWorker must run in a worker thread');
const job = workerData as TrainerJob;
const cancellation = new AbortController();
const send = (message: MessageFromTrainer) => port.postMessage(message);

port.on('message', (message: MessageToTrainer) => {
  if (message.type === 'cancel') cancellation.abort();
});

try {
  const preset = await trainSpeaker(job.recordings, {
    name: job.name,
    notes: job.notes,
    licence: job.licence,
    created: job.created,
    templates: job.templates,
    seconds: job.seconds,
    updates: job.updates,
    seed: job.seed,
    ...(job.transform === undefined ? {} : { transform: job.transform }),
    signal: cancellation.signal,
    onBackend: ({ name, notes }) => send({ type: 'backend', name, notes }),
    onProgress: (progress) => send({ type: 'progress', progress }),
  });
  if (job.holdout.length > 0) send({ type: 'judging' });
  send({
    type: 'done',
    presetText: serializePreset(preset),
    evidenceText: job.hasEvidence
      ? serializeEvidence(collectEvidence(job.name, job.recordings, job.seconds, job.seed))
      : null,
    klRatios: job.holdout.length === 0 ? null : klRatios(preset),
  });
} catch (error) {
  send({ type: 'failed', error: serializeError(error) });
} finally {
  port.close();
}

/** Evaluates windows of the same duration as in the paper's table, at this sample rate. */
function klRatios(preset: Preset): KlRatio[] {
  const training = joinSpeech(job.recordings, job.seconds);
  const unseen = joinSpeech(job.holdout, TRAINING_RANGES.seconds.maximum);
  const windowsSamples = KL_RATIO_WINDOWS_AT_16_KHZ.map((samples) =>
    RealFft.nearestSupportedSize(Math.round((samples * training.sampleRateHertz) / 16_000)),
  );
  return measureKlRatios(presetNetwork(preset), training, unseen, windowsSamples, job.seed);
}
