import { parentPort } from 'node:worker_threads';
import { InputError } from '../../../engine/core/errors.ts';
import type { EvaluationAnswer, EvaluationJob } from './evaluationMessages.ts';
import { runJob } from './runJob.ts';

const port = parentPort;
if (port === null) throw new Error('evaluationWorker must run in a worker thread');

port.on('message', async (job: EvaluationJob) => {
  port.postMessage(await runJob(job).catch(failure));
});

function failure(error: unknown): EvaluationAnswer {
  const isInput = error instanceof InputError;
  const message = error instanceof Error ? (isInput ? error.message : (error.stack ?? error.message)) : String(error);
  return { type: 'failed', isInput, message };
}
