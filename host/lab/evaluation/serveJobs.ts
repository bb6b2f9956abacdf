import { parentPort } from 'node:worker_threads';
import { type SerializedError, serializeError } from '../../rpc/SerializedError.ts';

/** What a worker of a WorkerPool replies to each job. */
export type JobReply<Answer> =
  | { readonly answer: Answer; readonly error: null }
  | { readonly answer: null; readonly error: SerializedError };

/** Answers every job that a WorkerPool sends to this worker thread. */
export function serveJobs<Job, Answer>(run: (job: Job) => Promise<Answer>): void {
  const port = parentPort;
  if (port === null) throw new Error('jobs must be served in a worker thread');
  port.on('message', async (job: Job) => {
    port.postMessage(await replyTo(run, job));
  });
}

async function replyTo<Job, Answer>(run: (job: Job) => Promise<Answer>, job: Job): Promise<JobReply<Answer>> {
  try {
    return { answer: await run(job), error: null };
  } catch (error) {
    return { answer: null, error: serializeError(error) };
  }
}
