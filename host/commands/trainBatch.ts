import { InputError } from '../../engine/core/errors.ts';
import { nameKey } from '../../engine/core/fileName.ts';
import { presetName } from '../../engine/model/PresetName.ts';
import { packageVersion } from '../files/packageRoot.ts';
import { evidencePath } from '../library/evidenceFiles.ts';
import { PRESET_EXTENSION } from '../library/PresetLibrary.ts';
import type { BatchJob } from '../queue/Batch.ts';
import { BatchList } from '../queue/BatchList.ts';
import type { TrainJob } from '../queue/Job.ts';
import { openStorage } from '../queue/openStorage.ts';
import { addressIn } from '../queue/StorageAddress.ts';
import { addressOf, type NamedLine, requireDistinctNames } from './batchLines.ts';
import type { BatchOptions } from './batchOptions.ts';
import { claimResults, runJobs } from './batchRun.ts';
import type { CommandContext } from './CommandContext.ts';
import { type TrainOptions, today } from './trainOptions.ts';

/** Trains the speakers of a list: `train --batch`. @param queue address of the queue; null: threads of this process */
export async function trainBatch(
  context: CommandContext,
  path: string,
  options: Omit<TrainOptions, 'name'> & BatchOptions,
  queue: string | null,
): Promise<void> {
  const { terminal, library, signal } = context;
  const list = await BatchList.read(path);
  const storage = await openStorage(options.storage ?? null);
  const isLibrary = options.out === undefined && options.storage === undefined;
  const output = await addressOf(storage, options.out ?? (isLibrary ? library.ownFolder : 'presets'));
  const speakers: (NamedLine & { readonly recordings: readonly string[] })[] = [];
  for (const line of list.lines) {
    const [name = '', ...rest] = line.cells;
    const recordings = rest.filter((cell) => cell !== '');
    const checked = await list.at(line, () => {
      if (recordings.length > 0) return presetName(name);
      throw new InputError(
        `must be a name and then its recordings, between tabs or, in a .csv file, commas; got "${name}"`,
      );
    });
    speakers.push({ line, name: checked, recordings });
  }
  requireDistinctNames(list, speakers);
  if (isLibrary && options.force !== true) await requireNewNames(context, list, speakers);
  const { templates, seconds, updates, seed, notes, licence, channel, clean = false, evidence } = options;
  const jobs: BatchJob[] = [];
  const progress = terminal.progress('reading');
  try {
    for (const [index, { line, name, recordings }] of speakers.entries()) {
      signal.throwIfAborted();
      const inputs = await list.at(line, async () => {
        const found = await Promise.all(
          recordings.map(async (text) => storage.recordings(await addressOf(storage, text))),
        );
        return Promise.all([...new Set(found.flat())].map((address) => storage.input(address)));
      });
      const job: TrainJob = {
        kind: 'train',
        program: packageVersion(),
        name: presetName(name),
        inputs,
        output,
        created: today(),
        options: { templates, seconds, updates, seed, notes, licence, channel, clean, evidence },
      };
      jobs.push({ job, line: line.number });
      progress.update((index + 1) / speakers.length);
    }
  } finally {
    progress.stop();
  }
  const outputs = ({ job }: BatchJob) => {
    const file = `${job.name}${PRESET_EXTENSION}`;
    return [addressIn(output, file), addressIn(output, evidencePath(file))];
  };
  await claimResults(context, jobs, storage, outputs, options.force ?? false);
  await runJobs(context, { jobs, storage, options, queue, task: 'training' });
}

/** A preset of the user hides a bundled one of the same name, which needs --force. */
async function requireNewNames(
  { library }: CommandContext,
  list: BatchList,
  speakers: readonly NamedLine[],
): Promise<void> {
  const bundled = new Set(
    (await library.list()).filter(({ origin }) => origin === 'bundled').map(({ name }) => nameKey(name)),
  );
  for (const { line, name } of speakers) {
    await list.at(line, () => {
      if (bundled.has(nameKey(name)))
        throw new InputError(`a preset called "${name}" is bundled; --force hides it behind yours`);
    });
  }
}
