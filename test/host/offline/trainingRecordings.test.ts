import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTrainingRecordings } from '../../../host/offline/trainingRecordings.ts';
import { syntheticVoice } from '../../engine/syntheticVoice.ts';
import { float32, wavBytes } from '../audio/wavBytes.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const RATE_HERTZ = 8000;
const voice = syntheticVoice(1, 120, 1, 60, RATE_HERTZ);

function written(name: string, channels: readonly Float32Array[], claimedDataBytes?: number): string {
  const path = join(folder, name);
  const values = Array.from(channels[0]!, (_, n) => channels.map((channel) => channel[n]!)).flat();
  const options = { code: 3, bits: 32, channels: channels.length, sampleRateHertz: RATE_HERTZ };
  writeFileSync(
    path,
    wavBytes(float32(values), claimedDataBytes === undefined ? options : { ...options, claimedDataBytes }),
  );
  return path;
}

const secondsOf = (recordings: readonly { readonly samples: Float32Array }[]) =>
  recordings.reduce((sum, { samples }) => sum + samples.length, 0) / RATE_HERTZ;

test('of a long recording the loudest stretches are used, spread over all of it', async () => {
  // Ten seconds loud, ten seconds soft, and so on.
  const uneven = voice.map((sample, n) => sample * (Math.floor(n / RATE_HERTZ / 10) % 2 === 0 ? 1 : 0.05));
  const { recordings, remarks } = await readTrainingRecordings([written('long.wav', [uneven])], 10);
  expect(recordings.length).toBe(3);
  expect(secondsOf(recordings)).toBeCloseTo(15, 5);
  expect(remarks).toEqual(['of 1.0 min in 1 recordings, the best 15 s are used, spread over all of them']);
  const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
  for (const { samples } of recordings) expect(rms(samples)).toBeGreaterThan(0.7 * rms(voice));
});

test('a recording that is not too long is used as it is', async () => {
  const { recordings, remarks } = await readTrainingRecordings([written('short.wav', [voice])], 20);
  expect(remarks).toEqual([]);
  expect(recordings.map(({ samples }) => samples)).toEqual([voice]);
});

test('the channel that sounds is used, a wrong length is corrected and an offset removed', async () => {
  const silence = new Float32Array(voice.length);
  const path = written('stereo.wav', [silence, voice.map((sample) => sample + 0.2)], 0xffff_ffff);
  const { recordings, remarks } = await readTrainingRecordings([path], 60);
  expect(remarks).toEqual([
    expect.stringMatching(/channel 2 is used$/),
    expect.stringMatching(/does not state the length of the sound; all 60\.000 s/),
  ]);
  const samples = recordings[0]!.samples;
  expect(samples.length).toBe(voice.length);
  expect(Math.abs(samples.reduce((sum, x) => sum + x, 0) / samples.length)).toBeLessThan(0.002);
  const other = await readTrainingRecordings([path], 60, { channel: 1 });
  expect(other.recordings[0]!.samples.every((sample) => sample === 0)).toBe(true);
});

test('a recording without speech is refused', async () => {
  await expect(readTrainingRecordings([written('silent.wav', [new Float32Array(voice.length)])], 5)).rejects.toThrow(
    /no speech was found in .*silent\.wav/,
  );
});
