import { createHash } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { evidencePath } from '../library/evidenceFiles.ts';
import { PRESET_EXTENSION, type PresetFile, PresetLibrary, presetFolders } from '../library/PresetLibrary.ts';
import { presetPath } from '../library/PresetPath.ts';
import type { SeparateJob } from '../queue/Job.ts';
import type { JobWork } from '../queue/serveJobs.ts';
import { JobTerminal } from './JobTerminal.ts';
import { type SeparateOptions, separateInput } from './separateInput.ts';
import { separateUnknown } from './separateUnknown.ts';

/** Separates a recording as `unmingle separate` does, into the folder of the job. */
export async function runSeparateJob(job: SeparateJob, work: JobWork): Promise<void> {
  const { outFolder: out, signal, onRemark, onProgress } = work;
  const [mixture] = job.inputs;
  if (mixture === undefined) throw new Error('a job to separate has one input, which its schema requires');
  // What was learnt for these speakers is used by all jobs of the pool that have them. Evidence is part of what it depends on.
  const key = createHash('sha256').update(JSON.stringify(job.speakers)).digest('hex');
  const own = join(work.cacheFolder, key);
  await mkdir(own, { recursive: true });
  const library = new PresetLibrary({ ...presetFolders(), own });
  const context = { terminal: new JobTerminal({ onRemark, onProgress }), library, signal };
  const path = work.pathOf(mixture);
  const options = separateOptions(job);
  if (job.speakers.length === 0) return separateUnknown(context, path, { ...options, out });
  const voices = await jobVoices(job, work, library, join(out, '..', 'speakers'));
  await separateInput(
    context,
    { path, name: path, remove: async () => {} },
    voices,
    { ...options, out, piped: null },
    null,
  );
}

function separateOptions({ options }: SeparateJob): SeparateOptions {
  const { voices, names, rest, offline, adaptation, format, latency, windowSeconds, channel } = options;
  return {
    voices,
    ...(names === null ? {} : { names }),
    rest,
    offline,
    adaptation,
    scene: true,
    format,
    latency,
    ...(windowSeconds === null ? {} : { window: 1000 * windowSeconds }),
    channel,
    stdoutRate: 16_000,
    json: true,
  };
}

/** Copies presets and their evidence, which must lie beside each other, into a folder of the job. */
async function jobVoices(
  { speakers }: SeparateJob,
  { pathOf }: JobWork,
  library: PresetLibrary,
  folder: string,
): Promise<PresetFile[]> {
  const voices: PresetFile[] = [];
  for (const [index, { preset, evidence }] of speakers.entries()) {
    const own = join(folder, String(index));
    await mkdir(own, { recursive: true });
    const path = join(own, `preset${PRESET_EXTENSION}`);
    await copyFile(pathOf(preset), path);
    if (evidence !== null) await copyFile(pathOf(evidence), evidencePath(path));
    voices.push(await library.byPath(presetPath(path)));
  }
  return voices;
}
