import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBatch } from '../../../host/queue/Batch.ts';
import { EmbeddedQueue } from '../../../host/queue/EmbeddedQueue.ts';
import { FolderStorage } from '../../../host/queue/FolderStorage.ts';
import { JobThreads } from '../../../host/queue/JobThreads.ts';
import { findResult, publishResult } from '../../../host/queue/results.ts';
import { S3Storage } from '../../../host/queue/S3Storage.ts';
import { storageAddress } from '../../../host/queue/StorageAddress.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { freePort } from './RedisServer.ts';
import { S3Server } from './S3Server.ts';
import { SMALL_JOB_WORKER, smallJobs } from './smallJobs.ts';

const base = temporaryFolder();
const folder = join(base, 'local');
const ADDRESS = 's3://voices/2026/autumn';
const before = { ...process.env };
let server: S3Server;

beforeAll(async () => {
  mkdirSync(folder);
  server = await S3Server.start(join(base, 'server'));
  Object.assign(process.env, server.environment);
}, 60_000);
afterAll(() => {
  server?.stop();
  process.env = before;
});

/** Jobs of a local folder, whose inputs are uploaded. */
async function uploadedJobs(texts: Readonly<Record<string, string>>) {
  const storage = await S3Storage.open(ADDRESS);
  const jobs = await smallJobs(folder, await FolderStorage.open(folder), texts);
  return {
    storage,
    jobs: await Promise.all(
      jobs.map(async ({ job, line }) => {
        const address = await storage.keep(join(folder, 'in', `${job.name}.txt`));
        return { line, job: { ...job, inputs: [await storage.input(address)] } };
      }),
    ),
  };
}

test('a batch reads its recordings from a bucket and leaves whole results in it', async () => {
  const { storage, jobs } = await uploadedJobs({ ann: 'hello', bob: 'good bye', poisoned: 'poison' });
  const threads = new JobThreads({ url: SMALL_JOB_WORKER, size: 2, storage: ADDRESS });
  const queue = new EmbeddedQueue(threads, 2, 10);
  const { signal } = new AbortController();
  const listener = { signal, onOutcome: () => {}, onProgress: () => {} };
  const outcomes = await runBatch(jobs, storage, queue, listener);
  expect(
    outcomes.map(({ end }) => ('result' in end ? end.result.files.map(({ address }) => address) : end.failure.reason)),
  ).toEqual([
    ['out/ann.txt'],
    ['out/bob.txt'],
    expect.stringMatching(/^\.unmingle\/inputs\/[0-9a-f]{64}\.txt: is poisoned$/),
  ]);
  expect(await storage.readText(storageAddress('out/bob.txt'), 100)).toBe('GOOD BYE');
  const again = await runBatch(jobs.slice(0, 2), storage, queue, listener);
  expect(again.map(({ end }) => 'result' in end && end.result.isEarlier)).toEqual([true, true]);
  await queue.close();
}, 60_000);

test('an object of the user is not replaced, and a changed input is refused', async () => {
  const { storage, jobs } = await uploadedJobs({ zed: 'zed' });
  const { job } = jobs[0]!;
  const work = join(base, 'work');
  mkdirSync(work);
  writeFileSync(join(work, 'zed.txt'), 'ZED');
  const result = await publishResult(storage, job, work, []);
  expect(await findResult(storage, job)).toEqual({ ...result, isEarlier: true });
  const other = { ...job, options: { ...job.options, seed: 2 } };
  await publishResult(storage, other, work, []);
  writeFileSync(join(work, 'zed.txt'), 'another');
  const third = { ...job, options: { ...job.options, seed: 3 } };
  await expect(publishResult(storage, third, work, [])).rejects.toThrow(/cannot write out\/zed.txt: another file/);
  await storage.remove(storageAddress('out/zed.txt'));
  expect(await findResult(storage, job)).toBeNull();
  const stale = { ...job.inputs[0]!, fingerprint: 'etag:0123' };
  await expect(storage.fetch(stale, join(base, 'copies'))).rejects.toThrow(/has changed since the job was made/);
});

test('files over the size of one part arrive whole, and folders list their recordings in order', async () => {
  const storage = await S3Storage.open(ADDRESS);
  const big = Buffer.alloc(20 * 2 ** 20, 'unmingle ');
  writeFileSync(join(folder, 'big.wav'), big);
  const address = await storage.keep(join(folder, 'big.wav'));
  expect(await storage.size(address)).toBe(big.length);
  const copy = await storage.fetch(await storage.input(address), join(base, 'copy'));
  expect(readFileSync(copy).equals(big)).toBe(true);
  expect(await storage.recordings(storageAddress('.unmingle/inputs'))).toEqual([address]);
  await expect(storage.recordings(storageAddress('nothing/here'))).rejects.toThrow(/nothing\/here: there is no such/);
}, 60_000);

test('what is missing is named, without keys', async () => {
  await expect(S3Storage.open('s3://x')).rejects.toThrow(/--storage must be s3:\/\/bucket/);
  await expect(S3Storage.open('s3://voices', {})).rejects.toThrow(/needs the environment variables AWS_ACCESS_KEY_ID/);
  await expect(S3Storage.open('s3://nothing')).rejects.toThrow(/there is no bucket nothing|denies access/);
  const wrong = { ...server.environment, AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: 'very-secret-key' };
  await expect(S3Storage.open('s3://voices', wrong)).rejects.toThrow(/^(?!.*very-secret-key)s3:\/\/voices: .* denies/);
  const away = { ...server.environment, AWS_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}` };
  await expect(S3Storage.open('s3://voices', away)).rejects.toThrow(/cannot be reached \(ECONNREFUSED\)/);
});
