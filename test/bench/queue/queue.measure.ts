import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BatchJob, runBatch } from '../../../host/queue/Batch.ts';
import { BullQueue } from '../../../host/queue/BullQueue.ts';
import { connectQueue } from '../../../host/queue/bullmq.ts';
import { EmbeddedQueue } from '../../../host/queue/EmbeddedQueue.ts';
import { FolderStorage } from '../../../host/queue/FolderStorage.ts';
import type { JobQueue } from '../../../host/queue/JobQueue.ts';
import { JobThreads } from '../../../host/queue/JobThreads.ts';
import { RedisServer } from '../../host/queue/RedisServer.ts';
import { SMALL_JOB_WORKER, smallJobs } from '../../host/queue/smallJobs.ts';
import { WorkerProcess } from '../../host/queue/WorkerProcess.ts';
import { temporaryFolder } from '../../host/temporaryFolder.ts';
import { capacityTable } from './capacity.ts';

/** Fewer give a rougher result sooner. */
const JOBS = Number(process.env.UNMINGLE_MEASURED_JOBS ?? 2000);
const base = temporaryFolder();
/** Number of other programs that wanted a core. */
const [load = 0] = loadavg();

interface Run {
  readonly what: string;
  readonly jobs: number;
  readonly seconds: number;
  /** Processor time of the batch and its workers. */
  readonly processorSeconds: number;
  /** Of all workers together, after a fifth of the jobs and at the end; null: not measured. */
  readonly memory: readonly [number, number] | null;
}

test('throughput of threads and workers', async () => {
  const folder = join(base, 'redis');
  mkdirSync(folder);
  const redis = await RedisServer.start(folder);
  const runs: Run[] = [];
  try {
    for (const text of ['small', 'slow 100']) {
      const count = text === 'small' ? JOBS : JOBS / 10;
      const kind = text === 'small' ? 'jobs that do nothing' : 'jobs that wait for 100 ms';
      runs.push(await measure(`${kind}, threads of the command, 2 at once`, text, count, null, 0));
      for (const workers of [1, 2])
        runs.push(
          await measure(
            `${kind}, ${workers} worker${workers === 1 ? '' : 's'}, 2 at once each`,
            text,
            count,
            redis,
            workers,
          ),
        );
    }
    const operations = await commandsPerJob(redis);
    const small = runs[2]!;
    writeFileSync(new URL('./queue.md', import.meta.url), report(runs, operations, small.seconds / small.jobs));
  } finally {
    await redis.kill();
  }
});

async function measure(
  what: string,
  text: string,
  count: number,
  redis: RedisServer | null,
  workers: number,
): Promise<Run> {
  const { folder, storage, jobs } = await storageWith(count, text);
  const processes = await Promise.all(
    Array.from({ length: workers }, () => WorkerProcess.small(redis?.url ?? '', folder, 2, 30)),
  );
  const figures = async () => {
    const all = await Promise.all(processes.map((each) => each.figures()));
    const own = process.cpuUsage();
    return {
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      processorSeconds: all.reduce((sum, each) => sum + each.processorSeconds, (own.user + own.system) / 1e6),
    };
  };
  const queue: JobQueue =
    redis === null
      ? new EmbeddedQueue(new JobThreads({ url: SMALL_JOB_WORKER, size: 2, storage: folder }), 1)
      : new BullQueue(await connectQueue(redis.url, () => {}), storage, { attempts: 1, priority: 5 });
  // Threads start with their first jobs.
  await runJobs(jobs.splice(0, 8), storage, queue);
  const start = await figures();
  const startMilliseconds = performance.now();
  await runJobs(jobs.splice(0, Math.floor(count / 5)), storage, queue);
  const early = await figures();
  await runJobs(jobs, storage, queue);
  const seconds = (performance.now() - startMilliseconds) / 1000;
  const late = await figures();
  await queue.close();
  await Promise.all(processes.map((each) => each.end('SIGTERM')));
  return {
    what,
    jobs: count - 8,
    seconds,
    processorSeconds: late.processorSeconds - start.processorSeconds,
    memory: redis === null ? null : [early.bytes, late.bytes],
  };
}

async function runJobs(jobs: readonly BatchJob[], storage: FolderStorage, queue: JobQueue): Promise<void> {
  const { signal } = new AbortController();
  const outcomes = await runBatch(jobs, storage, queue, { signal, onOutcome: () => {}, onProgress: () => {} });
  expect(outcomes.every(({ end }) => 'result' in end)).toBe(true);
}

let number = 0;
async function storageWith(count: number, text: string) {
  const folder = join(base, `storage-${number++}`);
  mkdirSync(folder);
  const storage = await FolderStorage.open(folder);
  const texts = Array.from({ length: count }, (_, index) => [`run-${number}-${index}`, `${text} ${number} ${index}`]);
  return { folder, storage, jobs: await smallJobs(folder, storage, Object.fromEntries(texts)) };
}

/** @returns what the server has done for a batch: commands, time of its processor and network traffic, each per job */
async function commandsPerJob(redis: RedisServer) {
  const { client } = await connectQueue(redis.url, () => {});
  const facts = async () => {
    const text = `${await client.info('stats')}\n${await client.info('cpu')}`;
    const of = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1] ?? 0);
    return {
      bytes: of('total_net_input_bytes') + of('total_net_output_bytes'),
      seconds: of('used_cpu_user') + of('used_cpu_sys'),
    };
  };
  const before = await facts();
  const run = await measure('', 'counted', JOBS / 2, redis, 1);
  const after = await facts();
  client.disconnect();
  return { bytes: (after.bytes - before.bytes) / run.jobs, seconds: (after.seconds - before.seconds) / run.jobs };
}

function report(runs: readonly Run[], server: { bytes: number; seconds: number }, jobSeconds: number): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  const rows = runs.map(({ what, jobs, seconds, processorSeconds, memory }) => {
    const growth = memory === null ? '' : `${megabytes(memory[0])}, ${megabytes(memory[1])}`;
    return `| ${what} | ${jobs} | ${seconds.toFixed(1)} | ${(jobs / seconds).toFixed(0)} | ${((1000 * seconds) / jobs).toFixed(1)} | ${((1000 * processorSeconds) / jobs).toFixed(1)} | ${growth} |`;
  });
  return `# Throughput of batches

\`npm run measure:queue\` measures it and writes this page. ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; Redis,
workers, the batch and the storage, a local folder, on the same machine. Redis keeps an append-only file
(\`appendfsync everysec\`). A small job reads a file of 20 bytes, checks its hash, and publishes a result of one file and a receipt.
Other programs kept the machine at a load of ${load.toFixed(0)} when it began: where that is not 0, elapsed times are too long, and processor times are right.

| | jobs | seconds | jobs a second | ms a job | processor time a job, ms | memory of the workers after a fifth and at the end, MB |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

${capacityTable({ serverBytes: server.bytes, serverSeconds: server.seconds, jobSeconds })}`;
}
