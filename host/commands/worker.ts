import { once } from 'node:events';
import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { connectQueue } from '../queue/bullmq.ts';
import { JobThreads } from '../queue/JobThreads.ts';
import { openStorage } from '../queue/openStorage.ts';
import { poolSize } from '../queue/poolSize.ts';
import { QueueWorker } from '../queue/QueueWorker.ts';
import { jobsOption, type QueueOptions, queueOption, storageOption } from './batchOptions.ts';
import { JOB_WORKER } from './batchRun.ts';
import type { CommandContext } from './CommandContext.ts';
import { numberOption } from './optionValues.ts';
import { requiredQueue } from './queue.ts';

interface WorkerOptions extends QueueOptions {
  readonly jobs?: number;
  readonly lease: number;
}

export function workerCommand(context: CommandContext): Command {
  return new Command('worker')
    .summary('run the jobs of batches on this machine')
    .description(
      `Takes jobs from a queue and runs them, until it is interrupted: then it finishes the jobs that run. Start it on any number of machines that reach the queue and the storage. A job of a worker that is killed or loses its connection is taken over by another.

Jobs read recordings of the storage and add results to it. They run no code of the queue, read nothing outside the storage, and replace no file that is not their own result.`,
    )
    .addOption(queueOption())
    .addOption(storageOption('none'))
    .addOption(jobsOption())
    .option(
      '--lease <seconds>',
      'time after which other workers take over the jobs of this one if it is gone',
      numberOption('--lease', 1, 3600),
      30,
    )
    .addHelpText(
      'after',
      `
Examples:
  unmingle worker --queue redis://queue.local --storage /mnt/voices
  UNMINGLE_QUEUE=rediss://:SECRET@HOST unmingle worker --storage s3://voices`,
    )
    .action((options: WorkerOptions) => work(context, options));
}

async function work({ terminal, signal }: CommandContext, options: WorkerOptions): Promise<void> {
  const { storage: address, jobs: size = poolSize(), lease: leaseSeconds } = options;
  const queue = requiredQueue(options);
  if (address === undefined) throw new InputError('worker needs --storage <dir|s3://bucket/prefix>');
  // Opened here to report what is wrong with it before the first job.
  const storage = await openStorage(address);
  const connection = await connectQueue(queue, (text) => terminal.notice(text));
  const threads = new JobThreads({ url: JOB_WORKER, size, storage: address });
  const worker = new QueueWorker(connection, threads, { leaseSeconds, onEnd: (text) => terminal.notice(text) });
  try {
    await worker.waitUntilReady();
    terminal.notice(`waiting for jobs of ${connection.address.text}, ${size} at once, storage ${storage.text}`);
    if (!signal.aborted) await once(signal, 'abort');
    terminal.notice('finishing the jobs that run; interrupt again to leave them to other workers');
  } finally {
    await worker.close();
  }
  terminal.result(`${worker.done} jobs done, ${worker.failed} attempts failed`);
}
