import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { presetName } from '../../engine/model/PresetName.ts';
import { readRecording } from '../../host/audio/readRecording.ts';
import { Enrolment } from '../../host/session/Enrolment.ts';
import type { TrainerJob } from '../../host/workers/trainerMessages.ts';

const SHARED = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const isPresent = existsSync(SHARED);
const needsShared = process.env.CI || isPresent ? it : it.skip;

/** Jobs for the trainer, which does not run. */
const jobs = vi.hoisted((): TrainerJob[] => []);
vi.mock('../../host/workers/TrainerThread.ts', () => ({
  trainInThread: async (job: TrainerJob) => {
    jobs.push(job);
    return { presetText: '', evidenceText: null };
  },
}));

needsShared('an upload whose channels cancel each other is trained from one of them at its level', async () => {
  const path = join(SHARED, 'cases', 'antiphase-stereo.flac');
  const enrolment = await Enrolment.start(presetName('ann'), 'files', () => {});
  try {
    await enrolment.addFile('antiphase.flac', createReadStream(path));
    const chosen = /^"antiphase.flac": the channels have opposite polarity .*; channel ([12]) is used$/;
    const channel = enrolment.state.hints.map((hint) => chosen.exec(hint)?.[1]).find((each) => each !== undefined);
    expect(channel).toBeDefined();
    await enrolment.train(false, async () => null);
    expect(jobs[0]!.recordings[0]!.samples).toEqual((await readRecording(path, 60, Number(channel))).samples);
  } finally {
    await enrolment.end();
  }
});
