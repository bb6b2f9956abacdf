import { parentPort, workerData } from 'node:worker_threads';
import { AdaptationFit } from '../../engine/adaptation/AdaptationFit.ts';
import { serializeAdaptation } from '../../engine/model/JointAdaptation.ts';
import { parsePreset } from '../../engine/model/Preset.ts';
import { parseEvidence } from '../../engine/model/SpeakerEvidence.ts';
import { serializeError } from '../rpc/SerializedError.ts';
import type { AdaptationJob, MessageFromAdaptation } from './adaptationMessages.ts';
import { lowerThreadPriority } from './threadPriority.ts';

const port = parentPort;
if (port === null) throw new Error('adaptationWorker must run in a worker thread');
const { presets, evidence, persistence, key, isLowPriority } = workerData as AdaptationJob;
const SEED = 1;
const send = (message: MessageFromAdaptation) => port.postMessage(message);

if (isLowPriority) lowerThreadPriority();
try {
  const fit = new AdaptationFit(presets.map(parsePreset), evidence.map(parseEvidence), SEED, persistence);
  for (let step = 0; step < fit.steps; step++) {
    fit.advance();
    send({ type: 'progress', fraction: (step + 1) / fit.steps });
  }
  send({ type: 'done', adaptationText: serializeAdaptation(fit.adaptation(), key) });
} catch (error) {
  send({ type: 'failed', error: serializeError(error) });
} finally {
  port.close();
}
