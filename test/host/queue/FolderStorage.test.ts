import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FolderStorage } from '../../../host/queue/FolderStorage.ts';
import { findResult, publishResult } from '../../../host/queue/results.ts';
import { addressProblem, storageAddress } from '../../../host/queue/StorageAddress.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { smallJobs } from './smallJobs.ts';

const base = temporaryFolder();
let number = 0;

async function storageWithJob() {
  const folder = join(base, `storage-${number++}`);
  mkdirSync(folder);
  const storage = await FolderStorage.open(folder);
  const [job] = await smallJobs(folder, storage, { ann: 'hello' });
  const work = join(base, `work-${number}`);
  mkdirSync(work);
  writeFileSync(join(work, 'ann.txt'), 'HELLO');
  writeFileSync(join(work, 'more.txt'), 'more');
  return { folder, storage, job: job!.job, work };
}

test.each(['', '/etc/passwd', '../x', 'a/../b', 'a//b', './a', 'a/', 'a\\b', 'a\0b', 'x'.repeat(901)])(
  'an address cannot leave the storage: %j',
  (text) => {
    expect(addressProblem(text)).not.toBeNull();
    expect(() => storageAddress(text)).toThrow(/^the address /);
  },
);

test('a link that leads out of the storage is not read, and nothing is written through it', async () => {
  const { folder, storage, job, work } = await storageWithJob();
  writeFileSync(join(base, 'outside.txt'), 'private');
  symlinkSync(join(base, 'outside.txt'), join(folder, 'in', 'link.txt'));
  await expect(storage.input(storageAddress('in/link.txt'))).rejects.toThrow(/in\/link.txt: a link leads out of/);
  mkdirSync(join(base, `elsewhere-${number}`));
  symlinkSync(join(base, `elsewhere-${number}`), join(folder, 'out'));
  await expect(publishResult(storage, job, work, [])).rejects.toThrow(/a link leads out of the storage/);
  expect(readdirSync(join(base, `elsewhere-${number}`))).toEqual([]);
});

test('a result is found when all of its files are there, in their full length', async () => {
  const { folder, storage, job, work } = await storageWithJob();
  expect(await findResult(storage, job)).toBeNull();
  const result = await publishResult(storage, job, work, ['a remark']);
  expect(result.files.map(({ address, bytes }) => [address, bytes])).toEqual([
    ['out/ann.txt', 5],
    ['out/more.txt', 4],
  ]);
  expect(await findResult(storage, job)).toEqual({ ...result, isEarlier: true });
  expect(readdirSync(join(folder, 'out')).toSorted()).toEqual(['.unmingle', 'ann.txt', 'more.txt']);
  expect(readdirSync(join(folder, 'out', '.unmingle'))).toHaveLength(1);
  writeFileSync(join(folder, 'out', 'ann.txt'), 'HEL');
  expect(await findResult(storage, job)).toBeNull();
  // The truncated file is one of this job's, so the job may replace it.
  await publishResult(storage, job, work, []);
  expect(readFileSync(join(folder, 'out', 'ann.txt'), 'utf8')).toBe('HELLO');
});

test('a file of another job or of the user is not replaced, unless its content is equal', async () => {
  const { folder, storage, job, work } = await storageWithJob();
  mkdirSync(join(folder, 'out'));
  writeFileSync(join(folder, 'out', 'more.txt'), 'more');
  await publishResult(storage, job, work, []);
  const other = await storageWithJob();
  mkdirSync(join(other.folder, 'out'));
  writeFileSync(join(other.folder, 'out', 'ann.txt'), 'precious');
  await expect(publishResult(other.storage, other.job, other.work, [])).rejects.toThrow(
    /cannot write out\/ann.txt: another file of this name exists/,
  );
  expect(readFileSync(join(other.folder, 'out', 'ann.txt'), 'utf8')).toBe('precious');
});

test('an input that has changed since the job was made is refused', async () => {
  const { folder, storage, job } = await storageWithJob();
  writeFileSync(join(folder, 'in', 'ann.txt'), 'other');
  await expect(storage.fetch(job.inputs[0]!)).rejects.toThrow(/in\/ann.txt: has changed since the job was made/);
});
