import { mkdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { workerData } from 'node:worker_threads';
import { InputError } from '../../engine/core/errors.ts';
import { serveThread } from '../rpc/serveThread.ts';
import type { Job, JobInput, JobKind } from './Job.ts';
import { inputsOf } from './Job.ts';
import type { JobRequests, JobThreadConfig } from './jobMessages.ts';
import { openStorage } from './openStorage.ts';
import { findResult, publishResult } from './results.ts';
import type { Storage } from './Storage.ts';

/** What the work of a job reads and writes. */
export interface JobWork {
  /** @returns path of an input, to read only */
  readonly pathOf: (input: JobInput) => string;
  /** Empty folder, whose files become the result. */
  readonly outFolder: string;
  /** Folder that outlives the job, for what other jobs of the pool may use. */
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
  /** Keeps one line for the user. */
  readonly onRemark: (text: string) => void;
}

/** The work of each kind of job. */
export type JobHandlers = {
  readonly [Kind in JobKind]: (job: Extract<Job, { kind: Kind }>, work: JobWork) => Promise<void>;
};

/** Answers the jobs that `JobThreads` sends to this worker thread. */
export function serveJobs(handlers: JobHandlers): void {
  const { storage: address, cacheFolder } = workerData as JobThreadConfig;
  let opening: Promise<Storage> | null = null;
  serveThread<JobRequests>({
    run: async ({ job, folder }, { signal, onProgress }) => {
      opening ??= openStorage(address);
      const storage = await opening.catch((error: unknown) => {
        opening = null;
        throw error;
      });
      const earlier = await findResult(storage, job);
      if (earlier !== null) return earlier;
      const texts = (text: string) => storage.withoutPaths(withoutCopies(text, folder));
      try {
        const paths = new Map<string, string>();
        for (const [index, input] of inputsOf(job).entries()) {
          const into = join(folder, 'inputs', String(index));
          paths.set(input.address, await storage.fetch(input, into));
          signal.throwIfAborted();
        }
        const remarks: string[] = [];
        const outFolder = join(folder, 'out');
        await mkdir(outFolder);
        await perform(handlers, job, {
          pathOf: ({ address }) => paths.get(address) ?? '',
          outFolder,
          cacheFolder,
          signal,
          onProgress,
          onRemark: (text) => remarks.push(texts(text)),
        });
        signal.throwIfAborted();
        return await publishResult(storage, job, outFolder, remarks);
      } catch (error) {
        throw error instanceof InputError ? new InputError(texts(error.message)) : error;
      }
    },
  });
}

/** Copies of inputs lie under a number each in the folder of a job; what follows it is the address. */
function withoutCopies(text: string, folder: string): string {
  return text
    .split(join(folder, 'inputs') + sep)
    .map((part, index) => (index === 0 ? part : part.replace(/^\d+./, '')))
    .join('');
}

function perform(handlers: JobHandlers, job: Job, work: JobWork): Promise<void> {
  if (job.kind === 'train') return handlers.train(job, work);
  return job.kind === 'separate' ? handlers.separate(job, work) : handlers.evaluate(job, work);
}
