import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type BatchJob, type BatchOutcome, runBatch } from '../../../host/queue/Batch.ts';
import { BullQueue } from '../../../host/queue/BullQueue.ts';
import { connectQueue } from '../../../host/queue/bullmq.ts';
import { EmbeddedQueue } from '../../../host/queue/EmbeddedQueue.ts';
import { FolderStorage } from '../../../host/queue/FolderStorage.ts';
import { JobThreads } from '../../../host/queue/JobThreads.ts';
import { QueueAdmin } from '../../../host/queue/QueueAdmin.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { RedisServer } from './RedisServer.ts';
import { SMALL_JOB_WORKER, smallJobs } from './smallJobs.ts';
import { WorkerProcess } from './WorkerProcess.ts';

/** Thousands of files are removed at the end. */
vi.setConfig({ hookTimeout: 60_000 });
const base = temporaryFolder();
/** Short, so that the jobs of a killed worker are taken over soon; long enough for a busy machine. */
const LEASE_SECONDS = 3;
const policy = { attempts: 2, priority: 5 };
/** A worker may not grow by more than `growthBytes` after the early jobs. A job takes 15 ms of two cores: CI runs 800 by day, all at night. */
const MANY =
  process.env.CI !== undefined && process.env.UNMINGLE_NIGHTLY !== 'true'
    ? { jobs: 800, early: 300, growthBytes: 24e6 }
    : { jobs: 2000, early: 600, growthBytes: 60e6 };
let redis: RedisServer;
let workers: WorkerProcess[] = [];
const notices: string[] = [];

if (process.env.CI === undefined && !RedisServer.isInstalled())
  console.info('skipped: tests of the queue need redis-server');

/** A storage of its own, with the inputs of small jobs. */
async function storageWith(name: string, texts: Readonly<Record<string, string>>) {
  const folder = join(base, name);
  mkdirSync(folder);
  const storage = await FolderStorage.open(folder);
  return { folder, storage, jobs: await smallJobs(folder, storage, texts) };
}

async function startWorkers(
  folder: string,
  count: number,
  jobs = 2,
  leaseSeconds = LEASE_SECONDS,
): Promise<WorkerProcess[]> {
  workers = await Promise.all(
    Array.from({ length: count }, () => WorkerProcess.small(redis.url, folder, jobs, leaseSeconds)),
  );
  return workers;
}

async function runOnQueue(
  jobs: readonly BatchJob[],
  storage: FolderStorage,
  onOutcome: (outcome: BatchOutcome) => void = () => {},
  signal = new AbortController().signal,
): Promise<BatchOutcome[]> {
  const connection = await connectQueue(redis.url, (text) => notices.push(text));
  const queue = new BullQueue(connection, storage, policy);
  try {
    return await runBatch(jobs, storage, queue, { signal, onOutcome, onProgress: () => {} });
  } finally {
    await queue.close();
  }
}

function texts(count: number, text: (index: number) => string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`job-${index}`, text(index)]));
}

/** @returns name and reason of each job that has failed */
function failures(outcomes: readonly BatchOutcome[]): string[] {
  return outcomes.flatMap(({ end }) => ('failure' in end ? [end.failure.message] : []));
}

/** @returns the content of each result file, and of each receipt; a killed worker may leave partial files beside them */
function resultsIn(folder: string): Map<string, string> {
  const out = join(folder, 'out');
  const names = readdirSync(out, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.endsWith('.partial') && !entry.parentPath.endsWith('.partial'),
  );
  return new Map(
    names.map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name), 'utf8')]).sort() as [
      string,
      string,
    ][],
  );
}

async function administer<Result>(work: (admin: QueueAdmin) => Promise<Result>): Promise<Result> {
  const admin = new QueueAdmin(await connectQueue(redis.url, () => {}));
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

describe.runIf(process.env.CI !== undefined || RedisServer.isInstalled())(
  'a queue on Redis',
  { timeout: 240_000 },
  () => {
    beforeAll(async () => {
      const folder = join(base, 'redis');
      mkdirSync(folder);
      redis = await RedisServer.start(folder);
    }, 60_000);
    afterEach(async () => {
      await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
      workers = [];
      await administer((admin) => admin.drain(true));
    });
    afterAll(() => redis?.kill());

    test('jobs of a worker that is killed are done by another, and the results equal those of one machine', async () => {
      const inputs = { ...texts(12, (index) => `slow 300 killed ${index}`), poisoned: 'poison' };
      const { folder, storage, jobs } = await storageWith('killed', inputs);
      const [first] = await startWorkers(folder, 2);
      let ended = 0;
      const outcomes = await runOnQueue(jobs, storage, () => {
        ended++;
        // Its two jobs are in the middle then.
        if (ended === 2) void first!.end('SIGKILL');
      });
      const failed = outcomes.filter(({ end }) => 'failure' in end);
      expect(failed.map(({ job, line, end }) => [job.name, line, 'failure' in end && end.failure])).toEqual([
        [
          'poisoned',
          13,
          expect.objectContaining({ file: 'in/poisoned.txt', reason: 'in/poisoned.txt: is poisoned', attempts: 2 }),
        ],
      ]);
      expect(await administer((admin) => admin.deadLetters(10))).toEqual([
        expect.objectContaining({
          name: 'poisoned',
          file: 'in/poisoned.txt',
          reason: 'in/poisoned.txt: is poisoned',
          attempts: 2,
        }),
      ]);
      const single = await storageWith('single', inputs);
      const embedded = new EmbeddedQueue(new JobThreads({ url: SMALL_JOB_WORKER, size: 4, storage: single.folder }), 1);
      const { signal } = new AbortController();
      await runBatch(single.jobs, single.storage, embedded, { signal, onOutcome: () => {}, onProgress: () => {} });
      await embedded.close();
      expect(resultsIn(folder)).toEqual(resultsIn(single.folder));
      expect(resultsIn(folder).size).toBe(24);
    });

    test('a batch survives a crash of Redis, which keeps its jobs in the append-only file', async () => {
      const { folder, storage, jobs } = await storageWith(
        'restarted',
        texts(16, (index) => `slow 250 restarted ${index}`),
      );
      await startWorkers(folder, 2);
      notices.length = 0;
      let ended = 0;
      const outcomes = await runOnQueue(jobs, storage, () => {
        ended++;
        if (ended === 3)
          void redis
            .kill()
            .then(() => setTimeout(500))
            .then(() => redis.boot());
      });
      expect(failures(outcomes)).toEqual([]);
      expect(resultsIn(folder).size).toBe(32);
      expect(notices.join('\n')).toMatch(/cannot be reached; waiting for it[\s\S]*reached again/);
      expect(notices.join('\n') + workers.map(({ output }) => output).join('')).not.toContain(RedisServer.password);
    });

    test('a batch that was detached is found again, and a job done twice has one result', async () => {
      const { folder, storage, jobs } = await storageWith(
        'detached',
        texts(4, (index) => `detached ${index}`),
      );
      const queue = new BullQueue(await connectQueue(redis.url, () => {}), storage, policy);
      await queue.submit(jobs.map(({ job }) => job));
      await queue.submit(jobs.map(({ job }) => job));
      await queue.close();
      expect(await administer((admin) => admin.counts())).toMatchObject({ waiting: 4, active: 0, failed: 0 });
      const [worker] = await startWorkers(folder, 1, 2, 30);
      const outcomes = await runOnQueue(jobs, storage);
      expect(failures(outcomes)).toEqual([]);
      expect(worker!.output.match(/^done: /gm)).toHaveLength(4);
      const again = await runOnQueue(jobs, storage);
      expect(again.map(({ end }) => 'result' in end && end.result.isEarlier)).toEqual([true, true, true, true]);
      expect(worker!.output.match(/^done: /gm)).toHaveLength(4);
    });

    test('jobs of a higher priority run first, and others in the order in which they were submitted', async () => {
      const { folder, storage, jobs } = await storageWith(
        'priorities',
        texts(6, (index) => `priority ${index}`),
      );
      for (const [priority, part] of [
        [5, jobs.slice(0, 3)],
        [1, jobs.slice(3)],
      ] as const) {
        const queue = new BullQueue(await connectQueue(redis.url, () => {}), storage, { ...policy, priority });
        await queue.submit(part.map(({ job }) => job));
        await queue.close();
      }
      const [worker] = await startWorkers(folder, 1, 1, 30);
      expect(failures(await runOnQueue(jobs, storage))).toEqual([]);
      const order = [...worker!.output.matchAll(/^done: train job-(\d)$/gm)].map(([, index]) => Number(index));
      expect(order).toEqual([3, 4, 5, 0, 1, 2]);
    });

    test('a cancelled batch removes the jobs that wait and stops those that run', async () => {
      const { folder, storage, jobs } = await storageWith(
        'cancelled',
        texts(8, (index) => `slow 20000 cancelled ${index}`),
      );
      await startWorkers(folder, 1);
      const cancelling = new AbortController();
      const batch = runOnQueue(jobs, storage, undefined, cancelling.signal);
      while ((await administer((admin) => admin.counts())).active < 2) await setTimeout(50);
      cancelling.abort(new Error('interrupted'));
      await expect(batch).rejects.toThrow('interrupted');
      const isEmpty = async () => {
        const { waiting, active, delayed, failed } = await administer((admin) => admin.counts());
        return waiting + active + delayed + failed === 0;
      };
      for (const end = Date.now() + 10_000; Date.now() < end && !(await isEmpty()); ) await setTimeout(100);
      expect(await administer((admin) => admin.counts())).toMatchObject({
        waiting: 0,
        active: 0,
        delayed: 0,
        failed: 0,
      });
      expect(() => resultsIn(folder)).toThrow('ENOENT');
    });

    test('a job that is no valid job fails at once, whatever it asks for', async () => {
      const { folder } = await storageWith('hostile', { one: 'one' });
      await startWorkers(folder, 1);
      const { bullmq, client } = await connectQueue(redis.url, () => {});
      const queue = new bullmq.Queue('unmingle', { connection: client });
      await queue.add('train', { kind: 'train', program: '0.0.0', name: 'a' }, { attempts: 5 });
      await queue.add('shell', { kind: 'shell', program: '0.1.0', command: 'rm' }, { attempts: 5 });
      while ((await queue.getFailedCount()) < 2) await setTimeout(50);
      const letters = await administer((admin) => admin.deadLetters(10));
      expect(letters.map(({ reason, attempts }) => [reason.replace(/"0\.1\.0"|0\.1\.0$/, 'V'), attempts])).toEqual(
        expect.arrayContaining([
          [expect.stringMatching(/made by version "0\.0\.0" of unmingle/), 1],
          [expect.stringMatching(/the job is not valid: kind/), 1],
        ]),
      );
      await queue.close();
      client.disconnect();
    });

    test('a wrong password is an error that does not show it', async () => {
      const wrong = redis.url.replace(RedisServer.password, 'wrong-password');
      await expect(connectQueue(wrong, () => {})).rejects.toThrow(
        new RegExp(`^cannot use the queue redis://127\\.0\\.0\\.1:${redis.port}: (?!.*wrong-password)`),
      );
    });

    test(`${MANY.jobs} jobs are done once each, without the memory of the workers growing`, async () => {
      const { folder, storage, jobs } = await storageWith(
        'many',
        texts(MANY.jobs, (index) => `many ${index}`),
      );
      const running = await startWorkers(folder, 2, 2, 30);
      const memory = () => Promise.all(running.map(async (worker) => (await worker.figures()).bytes));
      let ended = 0;
      let early: Promise<number[]> = memory();
      const outcomes = await runOnQueue(jobs, storage, () => {
        ended++;
        if (ended === MANY.early) early = memory();
      });
      const after = await memory();
      const before: readonly number[] = await early;
      expect(failures(outcomes)).toEqual([]);
      const done = running.map(({ output }) => output.match(/^done: /gm)?.length ?? 0);
      expect(done[0]! + done[1]!).toBe(MANY.jobs);
      expect(Math.min(...done)).toBeGreaterThan(MANY.jobs / 10);
      expect(resultsIn(folder).size).toBe(2 * MANY.jobs);
      for (const [index, bytes] of after.entries()) expect(bytes - before[index]!).toBeLessThan(MANY.growthBytes);
    });
  },
);
