import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EMBEDDING_NETWORK_VERSION } from '../../../engine/embedding/EmbeddingNetwork.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import { packageRoot } from '../../../host/files/packageRoot.ts';
import type { EnrolmentState } from '../../../host/protocol/LiveState.ts';
import { Enrolment } from '../../../host/session/Enrolment.ts';
import type { TrainerJob } from '../../../host/workers/trainerMessages.ts';
import { syntheticVoice } from '../../engine/syntheticVoice.ts';
import { float32, wavBytes } from '../audio/wavBytes.ts';

/** Jobs for the trainer, which does not run. */
const jobs = vi.hoisted((): TrainerJob[] => []);
vi.mock('../../../host/workers/TrainerThread.ts', () => ({
  trainInThread: async (job: TrainerJob) => {
    jobs.push(job);
    return { presetText: '', evidenceText: null };
  },
}));

const voice = syntheticVoice(1, 120, 0.9, 4, 16_000);
const negative = voice.map((sample) => -sample);
const silence = voice.map(() => 0);

let enrolment: Enrolment;
beforeEach(async () => {
  jobs.length = 0;
  enrolment = await Enrolment.start(presetName('ann'), 'files', () => {});
});
afterEach(() => enrolment.end());

async function* upload(...channels: readonly Float32Array[]) {
  const interleaved = Array.from(channels[0]!, (_, n) => channels.map((samples) => samples[n]!)).flat();
  yield wavBytes(float32(interleaved), { code: 3, bits: 32, channels: channels.length });
}

/** @returns the samples that a preset is trained from */
async function trained(): Promise<Float32Array> {
  await enrolment.train(false, async () => null);
  return jobs[0]!.recordings[0]!.samples;
}

it.each([
  ['one silent channel', [silence, voice], voice, '"talk.wav": 1 of 2 channels is silent; channel 2 is used'],
  [
    'channels that cancel each other',
    [voice, negative],
    voice,
    '"talk.wav": the channels have opposite polarity and would cancel each other; channel 1 is used',
  ],
  ['equal channels', [voice, voice], voice, '"talk.wav": 2 channels were averaged to one'],
] as const)(
  'a stereo upload with %s is trained from what sounds, and the state says so',
  async (_, channels, sound, remark) => {
    await enrolment.addFile('talk.wav', upload(...channels));
    expect(enrolment.state.hints).toContain(remark);
    expect(enrolment.state.speechSeconds).toBeGreaterThan(2);
    const samples = await trained();
    expect(samples).toEqual(sound);
  },
);

it('a mono upload needs no choice, and a hint names its file', async () => {
  await enrolment.addFile('quiet.wav', upload(voice.map((sample) => 0.01 * sample)));
  expect(enrolment.state.hints).toContain('"quiet.wav": too quiet: come nearer or turn the microphone up');
  expect(enrolment.state.hints.join()).not.toContain('channel');
});

it('hands the embedding of the voice to the trainer', async () => {
  await enrolment.addFile(
    'ann.flac',
    createReadStream(join(packageRoot(), 'presets', 'demo', 'synthetic-female.flac')),
  );
  await trained();
  expect(jobs[0]!.embedding?.network).toBe(EMBEDDING_NETWORK_VERSION);
});

it('a file counts once, is listed, and can be removed', async () => {
  await enrolment.addFile('talk.wav', upload(voice));
  const { speechSeconds } = enrolment.state;
  await expect(enrolment.addFile('copy.wav', upload(voice))).rejects.toThrow(/"copy.wav" is in the list already/);
  await enrolment.addFile('talk.wav', upload(negative));
  expect(enrolment.state.files.map(({ name }) => name)).toEqual(['talk.wav', 'talk.wav (2)']);
  await enrolment.removeFile('talk.wav');
  expect(enrolment.state.files.map(({ name }) => name)).toEqual(['talk.wav (2)']);
  expect(enrolment.state.speechSeconds).toBeCloseTo(speechSeconds, 6);
  expect(await trained()).toEqual(negative);
});

it('a silent file is refused by its name', async () => {
  await expect(enrolment.addFile('silence.wav', upload(silence))).rejects.toThrow(/"silence.wav"[^/]*silent/);
  expect(enrolment.state.files).toEqual([]);
});

it('what the microphone has recorded is kept when it is lost', async () => {
  const states: EnrolmentState[] = [];
  const recording = await Enrolment.start(presetName('eve'), 'microphone', (state) => states.push(state));
  for await (const bytes of upload(voice)) writeFileSync(recording.microphonePath, bytes);
  recording.setSpeech({ speechSeconds: 4, recordedSeconds: 5, hints: [] });
  await recording.keepRecording('the microphone is gone');
  expect(recording.state).toMatchObject({
    phase: 'ready',
    message: 'the microphone is gone',
    speechSeconds: 4,
    files: [{ name: 'Microphone', speechSeconds: 4 }],
  });
  await recording.train(false, async () => null);
  expect(jobs[0]!.recordings[0]!.samples).toEqual(voice);
  await recording.end();
});
