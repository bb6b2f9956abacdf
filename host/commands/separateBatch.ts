import { parse } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { packageVersion } from '../files/packageRoot.ts';
import { evidencePath, hasEvidence } from '../library/evidenceFiles.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import { outputPaths } from '../offline/FileSeparation.ts';
import type { BatchJob } from '../queue/Batch.ts';
import { BatchList } from '../queue/BatchList.ts';
import type { SeparateJob } from '../queue/Job.ts';
import { openStorage } from '../queue/openStorage.ts';
import { resultFolder } from '../queue/results.ts';
import type { Storage } from '../queue/Storage.ts';
import { addressIn, newNameProblem } from '../queue/StorageAddress.ts';
import { addressOf, requireDistinctNames } from './batchLines.ts';
import type { BatchOptions } from './batchOptions.ts';
import { claimResults, runJobs } from './batchRun.ts';
import type { CommandContext } from './CommandContext.ts';
import type { SeparateOptions } from './separateInput.ts';
import { loadSpeakers } from './separationVoices.ts';
import { readVoiceOptions } from './voiceOptions.ts';

type Speakers = SeparateJob['speakers'];

/** Separates the recordings of a list: `separate --batch`. @param queue address of the queue; null: threads of this process */
export async function separateBatch(
  context: CommandContext,
  path: string,
  options: Omit<SeparateOptions, 'scene'> & BatchOptions,
  queue: string | null,
): Promise<void> {
  const { terminal, signal } = context;
  if (options.out === undefined) throw new InputError("required option '-o, --out <dir>' not specified");
  const { names } = await readVoiceOptions(options);
  const list = await BatchList.read(path);
  const storage = await openStorage(options.storage ?? null);
  const output = await addressOf(storage, options.out);
  const named = [];
  for (const line of list.lines) {
    const [recording = '', texts = '', given = ''] = line.cells;
    const name = given === '' ? parse(recording).name : given;
    await list.at(line, () => {
      if (line.cells.length > 3)
        throw new InputError(`must be a recording, its speakers and a name, got ${line.cells.length} cells`);
      const problem = newNameProblem(name);
      if (problem !== null) throw new InputError(`the name "${name}" ${problem}`);
    });
    named.push({ line, name, recording, texts });
  }
  requireDistinctNames(list, named);
  const sets = new SpeakerSets(context, storage);
  const jobs: BatchJob[] = [];
  const progress = terminal.progress('reading');
  try {
    for (const [index, { line, name, recording, texts }] of named.entries()) {
      signal.throwIfAborted();
      const job = await list.at(line, async (): Promise<SeparateJob> => {
        const input = await storage.input(await addressOf(storage, recording));
        const speakers = await sets.find(texts === '' ? (options.speakers ?? []) : [texts]);
        const { voices, rest = false, offline = false, adaptation, format, latency, window, channel } = options;
        const windowSeconds = window === undefined ? null : window / 1000;
        return {
          kind: 'separate',
          program: packageVersion(),
          name,
          inputs: [input],
          speakers,
          output,
          options: {
            voices,
            names: names === null ? null : [...names],
            rest,
            offline,
            adaptation,
            format,
            latency,
            windowSeconds,
            channel,
          },
        };
      });
      jobs.push({ job, line: line.number });
      progress.update((index + 1) / named.length);
    }
  } finally {
    progress.stop();
  }
  const outputs = ({ job }: BatchJob) => {
    // Of voices that are yet to be found, only the label track has a name that is known.
    const files =
      job.kind === 'separate' && job.speakers.length > 0
        ? outputPaths('', sets.voicesOf(job), job.options.rest, job.options.format)
        : ['voices.txt'];
    return files.map((file) => addressIn(resultFolder(job), file));
  };
  await claimResults(context, jobs, storage, outputs, options.force ?? false);
  await runJobs(context, { jobs, storage, options, queue, task: 'separating' });
}

/** The sets of speakers of a list. Each is read, and put into the storage, once. */
class SpeakerSets {
  private readonly context: CommandContext;
  private readonly storage: Storage;
  private readonly sets = new Map<string, { readonly speakers: Speakers; readonly voices: readonly PresetFile[] }>();

  constructor(context: CommandContext, storage: Storage) {
    this.context = context;
    this.storage = storage;
  }

  async find(texts: readonly string[]): Promise<Speakers> {
    if (texts.length === 0) return [];
    const key = texts.join(',');
    const known = this.sets.get(key);
    if (known !== undefined) return known.speakers;
    const voices = await loadSpeakers(this.context, texts);
    const speakers = await Promise.all(
      voices.map(async ({ path }) => ({
        preset: await this.kept(path),
        evidence: (await hasEvidence(path)) ? await this.kept(evidencePath(path)) : null,
      })),
    );
    this.sets.set(key, { speakers, voices });
    return speakers;
  }

  /** @param job of a set that `find` returned */
  voicesOf({ speakers }: SeparateJob): { readonly name: string }[] {
    const set = [...this.sets.values()].find((each) => each.speakers === speakers);
    return (set?.voices ?? []).map(({ preset }) => ({ name: preset.name }));
  }

  private async kept(path: string) {
    return this.storage.input(await this.storage.keep(path));
  }
}
