import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FlacWriter } from '../../../host/audio/FlacWriter.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const SCALE = 2 ** 23 - 1;

test.each([8000, 22_050, 48_000, 192_000])(
  'samples of 24 bits are read back as they were written, at %i Hz',
  async (rateHertz) => {
    const path = join(folder, 'deep', `${rateHertz}.flac`);
    const integers = Float32Array.from({ length: 10_000 }, (_, n) => Math.round(SCALE * Math.sin(n * n) * 0.9));
    const writer = await FlacWriter.create(path, rateHertz);
    const samples = integers.map((value) => value / SCALE);
    await writer.write(samples.subarray(0, 1));
    await writer.write(samples.subarray(1));
    expect(existsSync(path)).toBe(false);
    await writer.close();
    expect(writer.clippedSamples).toBe(0);
    const recording = await readRecording(path);
    expect(recording.sampleRateHertz).toBe(rateHertz);
    expect(recording.samples).toHaveLength(samples.length);
    // Readers scale by 2^23.
    expect(recording.samples.map((sample) => Math.round(sample * 2 ** 23))).toEqual(integers);
  },
);

test('its header has the number of samples, so that players show the duration', async () => {
  const path = join(folder, 'second.flac');
  const writer = await FlacWriter.create(path, 16_000);
  for (let n = 0; n < 10; n++) await writer.write(new Float32Array(1600));
  await writer.close();
  const bytes = readFileSync(path);
  expect(bytes.toString('latin1', 0, 4)).toBe('fLaC');
  expect([bytes[21]! & 0xf, bytes.readUInt32BE(22)]).toEqual([0, 16_000]);
  expect(bytes[21]! >> 4).toBe(23 & 0xf);
});

test('samples over full scale are clipped and counted', async () => {
  const path = join(folder, 'loud.flac');
  const writer = await FlacWriter.create(path, 8000);
  await writer.write(Float32Array.of(2, -2, 0.5, -1, 1));
  await writer.close();
  expect(writer.clippedSamples).toBe(2);
  const { samples } = await readRecording(path);
  expect(samples[0]).toBeCloseTo(1, 5);
  expect(samples[1]).toBeCloseTo(-1, 5);
});

test('a file without samples is a valid one', async () => {
  const path = join(folder, 'empty.flac');
  await (await FlacWriter.create(path, 8000)).close();
  await expect(readRecording(path)).rejects.toThrow('contains no samples');
});

test('abort removes the temporary file and keeps an older file of the same name', async () => {
  const own = join(folder, 'own');
  const old = await FlacWriter.create(join(own, 'a.flac'), 8000);
  await old.write(Float32Array.of(0.25));
  await old.close();
  await expect(FlacWriter.create(join(own, 'a.flac'), 8000)).rejects.toThrow(/a\.flac: it already exists/);
  const writer = await FlacWriter.create(join(own, 'a.flac'), 8000, 'replace');
  await writer.write(Float32Array.of(1, 1, 1));
  await writer.abort();
  expect(readdirSync(own)).toEqual(['a.flac']);
  expect((await readRecording(join(own, 'a.flac'))).samples).toHaveLength(1);
});
