import { createHash } from 'node:crypto';
import { InputError } from '../../engine/core/errors.ts';
import { packageVersion } from '../files/packageRoot.ts';
import type { EvaluationAnswer, EvaluationJob, EvaluationPool, TrainedSpeaker } from '../lab/evaluation/index.ts';
import type { EvaluateJob, JobInput } from '../queue/Job.ts';
import type { JobQueue } from '../queue/JobQueue.ts';
import { findResult } from '../queue/results.ts';
import { HIDDEN_FOLDER, type Storage } from '../queue/Storage.ts';
import { storageAddress } from '../queue/StorageAddress.ts';
import { addressOf } from './batchLines.ts';

export interface EvaluationQueueOptions {
  readonly storage: Storage;
  readonly queue: JobQueue;
  /** Settings that all jobs share. */
  readonly settings: EvaluateJob['options'];
  readonly signal: AbortSignal;
}

/** Folder of what the jobs of evaluations compute. */
const OUTPUT = storageAddress(`${HIDDEN_FOLDER}/evaluation`);

/** Runs the jobs of an evaluation on a queue instead of threads. Each is one file in the storage, which later evaluations use. */
export class EvaluationQueue implements EvaluationPool {
  private readonly options: EvaluationQueueOptions;
  /** The file of each speaker that a job of this evaluation has trained. */
  private readonly files = new WeakMap<TrainedSpeaker, JobInput>();

  constructor(options: EvaluationQueueOptions) {
    this.options = options;
  }

  async run<T extends EvaluationAnswer['type']>(
    request: EvaluationJob,
    expected: T,
  ): Promise<Extract<EvaluationAnswer, { type: T }>> {
    const { storage, queue, signal } = this.options;
    const { MAXIMUM_ANSWER_BYTES, parseAnswer } = await import('../lab/evaluation/index.ts');
    const job = await this.jobOf(request);
    const { files } = (await findResult(storage, job)) ?? (await queue.run(job, { signal, onProgress: () => {} }));
    const [file] = files;
    if (file === undefined) throw new InputError(`${job.name}: its result has no file`);
    const text = (await storage.readText(file.address, MAXIMUM_ANSWER_BYTES)) ?? '';
    const answer = parseAnswer(file.address, text);
    if (answer.type !== expected) throw new InputError(`${file.address}: must be "${expected}", got "${answer.type}"`);
    if (answer.type === 'trained') this.files.set(answer.speaker, await storage.input(file.address));
    return answer as Extract<EvaluationAnswer, { type: T }>;
  }

  close(): void {}

  private async jobOf(request: EvaluationJob): Promise<EvaluateJob> {
    const { storage, settings } = this.options;
    const { method } = request;
    const paths = request.type === 'train' ? request.paths : request.testPaths.flat();
    const inputs = await Promise.all(paths.map(async (path) => storage.input(await addressOf(storage, path))));
    const step: EvaluateJob['step'] =
      request.type === 'train'
        ? { type: 'train', speaker: request.speaker }
        : {
            type: 'separate',
            firstInputs: request.testPaths[0].length,
            speakers: [this.fileOf(request.speakers[0]), this.fileOf(request.speakers[1])],
            snrDecibels: request.snrDecibels,
          };
    const hash = createHash('sha256')
      .update(JSON.stringify([inputs, step, settings]))
      .digest('hex')
      .slice(0, 16);
    return {
      kind: 'evaluate',
      program: packageVersion(),
      name: `${step.type}-${method}-${hash}`,
      inputs,
      method,
      step,
      options: settings,
      output: OUTPUT,
    };
  }

  private fileOf(speaker: TrainedSpeaker): JobInput | null {
    return this.files.get(speaker) ?? null;
  }
}
