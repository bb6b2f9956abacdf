import { join } from 'node:path';
import { PRESET_EXTENSION, PresetLibrary, presetFolders } from '../library/PresetLibrary.ts';
import type { TrainJob } from '../queue/Job.ts';
import type { JobWork } from '../queue/serveJobs.ts';
import { JobTerminal } from './JobTerminal.ts';
import { trainVoice } from './trainVoice.ts';

/** Trains a voice as `unmingle train` does, into the folder of the job. */
export async function runTrainJob({ name, inputs, created, options }: TrainJob, work: JobWork): Promise<void> {
  const { outFolder, signal } = work;
  const context = {
    terminal: new JobTerminal(work),
    library: new PresetLibrary({ ...presetFolders(), own: outFolder }),
    signal,
  };
  const out = join(outFolder, name + PRESET_EXTENSION);
  const own = { name, out, created, transform: 'stft', json: true, isBackendKnown: true } as const;
  await trainVoice(context, inputs.map(work.pathOf), { ...options, ...own });
}
