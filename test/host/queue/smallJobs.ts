import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { presetName } from '../../../engine/model/PresetName.ts';
import { packageVersion } from '../../../host/files/packageRoot.ts';
import type { TrainJob } from '../../../host/queue/Job.ts';
import type { Storage } from '../../../host/queue/Storage.ts';
import { storageAddress } from '../../../host/queue/StorageAddress.ts';

/** Thread of jobs whose result is the text of their input in capitals; see there for the texts that fail or wait. */
export const SMALL_JOB_WORKER = new URL('./smallJobWorker.mjs', import.meta.url);

export interface SmallJob {
  readonly job: TrainJob;
  readonly line: number;
}

const options = {
  templates: 8,
  seconds: 3,
  updates: 1,
  seed: 1,
  notes: '',
  licence: '',
  channel: 'best',
  clean: false,
  evidence: false,
} as const;

/** Writes the input of each small job and makes the job. @param texts inputs by the name of their job */
export async function smallJobs(
  folder: string,
  storage: Storage,
  texts: Readonly<Record<string, string>>,
): Promise<SmallJob[]> {
  mkdirSync(join(folder, 'in'), { recursive: true });
  const jobs: SmallJob[] = [];
  for (const [name, text] of Object.entries(texts)) {
    writeFileSync(join(folder, 'in', `${name}.txt`), text);
    const input = await storage.input(storageAddress(`in/${name}.txt`));
    const job: TrainJob = {
      kind: 'train',
      program: packageVersion(),
      name: presetName(name),
      inputs: [input],
      created: '2026-01-01',
      output: storageAddress('out'),
      options,
    };
    jobs.push({ job, line: jobs.length + 1 });
  }
  return jobs;
}
