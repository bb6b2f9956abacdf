import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { contentHash } from './contentHash.ts';
import { type Job, jobId } from './Job.ts';
import { HIDDEN_FOLDER, type PublishedFile, type Storage } from './Storage.ts';
import { addressIn, type StorageAddress } from './StorageAddress.ts';

/** A file that a job has written. */
export interface ResultFile {
  readonly address: StorageAddress;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a job has written. */
export interface JobResult {
  readonly files: readonly ResultFile[];
  /** Assumptions, conversions and warnings, one line each. */
  readonly remarks: readonly string[];
  /** Whether the result was there before. */
  readonly isEarlier: boolean;
}

/** Receipt of a result: the list of its files, in the hidden folder beside them. */
const RECEIPT = v.object({
  job: v.string(),
  files: v.array(v.object({ name: v.string(), bytes: v.number(), sha256: v.string() })),
  remarks: v.array(v.string()),
});
const MAXIMUM_RECEIPT_BYTES = 1_000_000;
const MAXIMUM_REMARKS = 20;
const MAXIMUM_REMARK_LENGTH = 1000;

/** Folder of the files of a job: that of the batch, or for a recording's voices one of its own in it. */
export function resultFolder(job: Job): StorageAddress {
  return job.kind === 'separate' ? addressIn(job.output, job.name) : job.output;
}

function receiptAddress(job: Job): StorageAddress {
  return addressIn(job.output, HIDDEN_FOLDER, `${jobId(job)}.json`);
}

/** @returns the result of a job; null unless all of its files are there in their full length */
export async function findResult(storage: Storage, job: Job): Promise<JobResult | null> {
  const receipt = await readReceipt(storage, job);
  if (receipt === null) return null;
  for (const { address, bytes } of receipt.files) if ((await storage.size(address)) !== bytes) return null;
  return { ...receipt, isEarlier: true };
}

/**
 * Publishes the files that a job has written into a folder of this machine. The receipt comes first, so that files of an interrupted
 * publication are recognised as those of this job, and replaced when it runs again.
 */
export async function publishResult(
  storage: Storage,
  job: Job,
  folder: string,
  remarks: readonly string[],
): Promise<JobResult> {
  const into = resultFolder(job);
  const files: PublishedFile[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    const path = join(folder, name);
    const [sha256, { size }] = [await contentHash(path), await stat(path)];
    files.push({ path, address: addressIn(into, name), sha256, bytes: size });
  }
  const kept = remarks.slice(0, MAXIMUM_REMARKS).map((remark) => remark.slice(0, MAXIMUM_REMARK_LENGTH));
  const earlier = await readReceipt(storage, job);
  const owned = new Set(earlier?.files.map(({ address }) => address));
  const listed = files.map(({ address, bytes, sha256 }) => ({ name: nameIn(into, address), bytes, sha256 }));
  const text = `${JSON.stringify({ job: jobId(job), files: listed, remarks: kept })}\n`;
  await storage.publish({ address: receiptAddress(job), text }, files, (address) => owned.has(address));
  const written = files.map(({ address, bytes, sha256 }) => ({ address, bytes, sha256 }));
  return { files: written, remarks: kept, isEarlier: false };
}

function nameIn(folder: StorageAddress, address: StorageAddress): string {
  return address.slice(folder.length + 1);
}

/** A damaged receipt counts as none. */
async function readReceipt(storage: Storage, job: Job): Promise<Pick<JobResult, 'files' | 'remarks'> | null> {
  const text = await storage.readText(receiptAddress(job), MAXIMUM_RECEIPT_BYTES);
  if (text === null) return null;
  try {
    const { job: id, files, remarks } = v.parse(RECEIPT, JSON.parse(text));
    if (id !== jobId(job)) return null;
    const folder = resultFolder(job);
    return { files: files.map(({ name, ...facts }) => ({ address: addressIn(folder, name), ...facts })), remarks };
  } catch {
    return null;
  }
}
