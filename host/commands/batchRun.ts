import { InputError } from '../../engine/core/errors.ts';
import { jsonText } from '../files/jsonText.ts';
import { type BatchJob, type BatchOutcome, mapped, runBatch } from '../queue/Batch.ts';
import { BullQueue } from '../queue/BullQueue.ts';
import { connectQueue } from '../queue/bullmq.ts';
import { EmbeddedQueue } from '../queue/EmbeddedQueue.ts';
import { JobThreads } from '../queue/JobThreads.ts';
import { poolSize } from '../queue/poolSize.ts';
import { findResult } from '../queue/results.ts';
import type { Storage } from '../queue/Storage.ts';
import type { StorageAddress } from '../queue/StorageAddress.ts';
import type { BatchOptions } from './batchOptions.ts';
import type { CommandContext } from './CommandContext.ts';

export interface BatchRequest {
  readonly jobs: readonly BatchJob[];
  readonly storage: Storage;
  readonly options: BatchOptions & { readonly force?: boolean; readonly json?: boolean };
  /** Address of the queue; null: threads of this process. */
  readonly queue: string | null;
  /** What the jobs do, as in `training`. */
  readonly task: string;
}

/** Module of the threads that run jobs. */
export const JOB_WORKER = new URL('./jobWorker.js', import.meta.url);
/** Remarks on results that are shown while a batch runs. */
const SHOWN_REMARKS = 20;
/** Failures that are listed in text; a report in JSON has all. */
const LISTED_FAILURES = 50;

/**
 * Runs a batch to its end, and prints its report.
 * @throws InputError with a summary if jobs have failed; the signal's reason when cancelled
 */
export async function runJobs({ terminal, signal }: CommandContext, request: BatchRequest): Promise<void> {
  const { jobs, storage, options, queue: address, task } = request;
  const startMilliseconds = performance.now();
  const queue =
    address === null
      ? new EmbeddedQueue(
          new JobThreads({ url: JOB_WORKER, size: options.jobs ?? poolSize(), storage: options.storage ?? null }),
          options.attempts,
        )
      : new BullQueue(await connectQueue(address, (text) => terminal.notice(text)), storage, options);
  const counts = { done: 0, failed: 0, remarks: 0 };
  const progress = terminal.progress(task);
  let outcomes: readonly BatchOutcome[];
  try {
    if (queue instanceof BullQueue && options.detach === true) {
      await queue.submit(jobs.map(({ job }) => job));
      terminal.result(`submitted ${jobs.length} jobs; unmingle queue status shows how they are`);
      return;
    }
    outcomes = await runBatch(jobs, storage, queue, {
      signal,
      onOutcome: ({ end, job, line }) => {
        counts.done++;
        if ('result' in end) {
          for (const remark of end.result.isEarlier ? [] : end.result.remarks) {
            counts.remarks++;
            if (counts.remarks <= SHOWN_REMARKS) terminal.notice(`${job.name}: ${remark}`);
            else if (counts.remarks === SHOWN_REMARKS + 1)
              terminal.notice('further remarks are in the report of --json');
          }
          return;
        }
        counts.failed++;
        terminal.notice(`failed: ${job.name} (line ${line}): ${end.failure.reason}`);
      },
      onProgress: (fraction) => progress.update(fraction, `${counts.done} of ${jobs.length}, ${counts.failed} failed`),
    });
  } finally {
    progress.stop();
    await queue.close();
  }
  const wallSeconds = (performance.now() - startMilliseconds) / 1000;
  terminal.result(
    options.json === true ? jsonText(batchReport(outcomes, storage, wallSeconds)) : batchText(outcomes, wallSeconds),
  );
  if (counts.failed > 0) throw new InputError(`${counts.failed} of ${jobs.length} jobs failed; the others are done`);
}

/**
 * Checks before any work that no other files have the names of results.
 * @param outputs files that each job will write
 * @throws InputError for the first that exists and is not of an earlier run of the same job, unless `isReplacing`
 */
export async function claimResults(
  { terminal, signal }: CommandContext,
  jobs: readonly BatchJob[],
  storage: Storage,
  outputs: (job: BatchJob) => readonly StorageAddress[],
  isReplacing: boolean,
): Promise<void> {
  const found = await mapped(jobs, async (each) => {
    signal.throwIfAborted();
    if ((await findResult(storage, each.job)) !== null) return [];
    const sizes = await Promise.all(
      outputs(each).map(async (address) => ({ address, size: await storage.size(address) })),
    );
    return sizes.filter(({ size }) => size !== null).map(({ address }) => ({ address, line: each.line }));
  });
  const [first] = found.flat();
  if (first === undefined) return;
  if (!isReplacing) {
    throw new InputError(
      `cannot write ${first.address} (line ${first.line}): it already exists; replace it with --force`,
    );
  }
  for (const { address } of found.flat()) await storage.remove(address);
  const rest = found.flat().length - 1;
  terminal.notice(`--force replaces ${first.address}${rest === 0 ? '' : ` and ${rest} other files`}`);
}

/** The report that `--batch --json` prints. */
function batchReport(outcomes: readonly BatchOutcome[], storage: Storage, wallSeconds: number) {
  return {
    storage: storage.text,
    jobs: outcomes.length,
    earlier: outcomes.filter(({ end }) => 'result' in end && end.result.isEarlier).length,
    failed: outcomes.filter(({ end }) => 'failure' in end).length,
    wallSeconds,
    results: outcomes.map(({ job, line, end }) => ({
      name: job.name,
      line,
      ...('result' in end
        ? { files: end.result.files, remarks: end.result.remarks, isEarlier: end.result.isEarlier }
        : { failed: { file: end.failure.file, reason: end.failure.reason, attempts: end.failure.attempts } }),
    })),
  };
}

function batchText(outcomes: readonly BatchOutcome[], wallSeconds: number): string {
  const failures = outcomes.filter((outcome) => 'failure' in outcome.end);
  const earlier = outcomes.filter(({ end }) => 'result' in end && end.result.isEarlier).length;
  const lines = [
    `${outcomes.length - failures.length} of ${outcomes.length} jobs done in ${wallSeconds.toFixed(1)} s${earlier === 0 ? '' : `, ${earlier} of them earlier`}`,
  ];
  for (const { end, line, job } of failures.slice(0, LISTED_FAILURES)) {
    if ('failure' in end) lines.push(`  failed: ${job.name} (line ${line}): ${end.failure.reason}`);
  }
  if (failures.length > LISTED_FAILURES)
    lines.push(`  and ${failures.length - LISTED_FAILURES} more; --json lists all`);
  return lines.join('\n');
}
