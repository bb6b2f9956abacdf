import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { packageRoot } from '../../../host/files/packageRoot.ts';
import { EnrolmentCheck } from '../../../host/offline/EnrolmentCheck.ts';
import type { TrainingRecording } from '../../../host/offline/trainingRecordings.ts';

const DEMO = join(packageRoot(), 'presets', 'demo');
const SECONDS = 2.5;

/** A demo voice in four recordings of `SECONDS`. */
async function recordingsOf(voice: string): Promise<TrainingRecording[]> {
  const recording = await readRecording(join(DEMO, `${voice}.flac`));
  const length = SECONDS * recording.sampleRateHertz;
  return [0, 1, 2, 3].map((index) => ({
    ...recording,
    name: `${voice}-${index}.wav`,
    samples: recording.samples.slice(index * length, (index + 1) * length),
    startSeconds: 0,
  }));
}

async function checked(recordings: readonly TrainingRecording[]): Promise<EnrolmentCheck> {
  const check = new EnrolmentCheck();
  await check.add(recordings);
  return check;
}

test.each(['synthetic-female', 'synthetic-male'])('%s alone is only too short', async (voice) => {
  const check = await checked(await recordingsOf(voice));
  expect(check.problems).toEqual([]);
  expect(check.remarks).toEqual(['more speech is better: 20 to 60 s']);
  expect(check.canClean).toBe(false);
  expect(check.cleaned()).toHaveLength(4);
});

test('the recording of another person is named, and left out', async () => {
  const [own, others] = await Promise.all(['synthetic-female', 'synthetic-male'].map(recordingsOf));
  const check = await checked([own![0]!, own![1]!, others![2]!, own![3]!]);
  expect(check.problems.map(({ fault, recording }) => [fault, recording])).toEqual([['another voice', 2]]);
  expect(check.remarks[0]).toBe('synthetic-male-2.wav: sounds like another person than the other recordings');
  expect(check.cleaned().map(({ name }) => name)).toEqual([own![0]!.name, own![1]!.name, own![3]!.name]);
  const alone = await checked([own![0]!, own![1]!, own![3]!]);
  expect(check.embedding).not.toBeNull();
  expect(check.embedding).toEqual(alone.embedding);
});

test('too little speech has no embedding', async () => {
  const [first] = await recordingsOf('synthetic-female');
  expect((await checked([first!])).embedding).toBeNull();
});

test('clipped and quiet recordings are named, with the time in the file', async () => {
  const [first, second, third, fourth] = await recordingsOf('synthetic-female');
  const loud = {
    ...second!,
    startSeconds: 60,
    samples: second!.samples.map((sample) => Math.max(-1, Math.min(1, 30 * sample))),
  };
  const quiet = { ...third!, samples: third!.samples.map((sample) => 0.003 * sample) };
  const check = await checked([first!, loud, quiet, fourth!]);
  const levels = check.problems.filter(({ fault }) => fault === 'clipped' || fault === 'too quiet');
  expect(levels.map(({ fault, recording }) => [fault, recording])).toEqual([
    ['clipped', 1],
    ['too quiet', 2],
  ]);
  expect(check.remarks.find((remark) => remark.includes('clipped'))).toMatch(
    /^synthetic-female-1.wav: clipped( at 1:0\d to 1:0\d)?: turn the microphone down$/,
  );
});

test('parts between other voices are kept, with their place in the file', async () => {
  const [own, others] = await Promise.all(['synthetic-female', 'synthetic-male'].map(recordingsOf));
  const parts = [own![0]!, own![1]!, others![0]!, others![1]!, own![2]!, own![3]!, own![0]!, own![1]!];
  const samples = Float32Array.from(parts.flatMap((part) => [...part.samples]));
  const check = await checked([{ ...own![0]!, name: 'talk.wav', samples }]);
  const [problem] = check.problems;
  expect(problem?.fault).toBe('another voice');
  expect(Math.abs(problem!.startSeconds - 5)).toBeLessThan(2.1);
  expect(Math.abs(problem!.endSeconds - 10)).toBeLessThan(2.1);
  const cleaned = check.cleaned();
  expect(cleaned).toHaveLength(2);
  expect(cleaned[1]!.startSeconds).toBeCloseTo(problem!.endSeconds, 6);
});
