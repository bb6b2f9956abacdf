import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileBytes } from '../../../host/audio/FileBytes.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { WAV_SAMPLE_FORMATS, WavWriter } from '../../../host/audio/WavWriter.ts';
import { readWavHeader } from '../../../host/audio/wavHeader.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();

test.each(WAV_SAMPLE_FORMATS)('%s samples are read back as they were written', async (format) => {
  const path = join(folder, 'deep', 'er', `${format}.wav`);
  const samples = Float32Array.from({ length: 5000 }, (_, n) => Math.round(32768 * Math.sin(n) * 0.9) / 32768);
  const writer = await WavWriter.create(path, 22_050, format);
  await writer.write(samples.subarray(0, 1));
  await writer.write(samples.subarray(1));
  expect(existsSync(path)).toBe(false);
  await writer.close();
  const recording = await readRecording(path);
  expect(recording.sampleRateHertz).toBe(22_050);
  expect(recording.samples).toEqual(samples);
  expect(readFileSync(path).readUInt32LE(4)).toBe(readFileSync(path).length - 8);
});

test('pcm16 clips at full scale and counts the clipped samples', async () => {
  const path = join(folder, 'loud.wav');
  const writer = await WavWriter.create(path, 8000, 'pcm16');
  await writer.write(Float32Array.of(2, -2, 0.5, -1));
  await writer.close();
  expect(writer.clippedSamples).toBe(2);
  expect([...(await readRecording(path)).samples]).toEqual([32767 / 32768, -1, 0.5, -1]);
});

test('silence that is skipped is read as zeros, and the header of a recording includes it', async () => {
  const path = join(folder, 'skipped.wav');
  const writer = await WavWriter.record(path, 8000);
  await writer.skip(3);
  expect((await readRecording(path)).samples).toEqual(new Float32Array(3));
  await writer.write(Float32Array.of(0.5, -0.5));
  await writer.skip(2);
  await writer.close();
  expect([...(await readRecording(path)).samples]).toEqual([0, 0, 0, 0.5, -0.5, 0, 0]);
  expect(readFileSync(path).length).toBe(writer.bytes);
});

test('silence that would exceed 4 GB is refused, and the file stays as it was', async () => {
  const path = join(folder, 'endless.wav');
  const writer = await WavWriter.record(path, 8000);
  await writer.write(Float32Array.of(0.5));
  await expect(writer.skip(2 ** 30)).rejects.toThrow(/a WAV file holds at most 4 GB \(0 s here\)/);
  await writer.close();
  expect([...(await readRecording(path)).samples]).toEqual([0.5]);
});

test('abort removes the temporary file and keeps an older file of the same name', async () => {
  const own = join(folder, 'own');
  const old = await WavWriter.create(join(own, 'a.wav'), 8000, 'pcm16');
  await old.write(Float32Array.of(0.25));
  await old.close();
  await expect(WavWriter.create(join(own, 'a.wav'), 8000, 'pcm16')).rejects.toThrow(/a\.wav: it already exists/);
  const writer = await WavWriter.create(join(own, 'a.wav'), 8000, 'pcm16', 'replace');
  await writer.write(Float32Array.of(1, 1, 1));
  await writer.abort();
  expect(readdirSync(own)).toEqual(['a.wav']);
  expect([...(await readRecording(join(own, 'a.wav'))).samples]).toEqual([0.25]);
});

test('a recording is readable while it grows, even if it grows between reading its size and its header', async () => {
  const path = join(folder, 'recording.wav');
  const writer = await WavWriter.record(path, 8000);
  await writer.write(Float32Array.of(0.25));
  expect([...(await readRecording(path)).samples]).toEqual([0.25]);
  const opened = await FileBytes.open(path);
  await writer.write(Float32Array.of(0.5, 0.75));
  expect(await readWavHeader(opened, 'riff')).toMatchObject({ dataBytes: 12 });
  await opened.close();
  await writer.close();
});

test('a path that cannot be written to is refused at once', async () => {
  mkdirSync(join(folder, 'taken.wav'));
  await expect(WavWriter.create(join(folder, 'taken.wav'), 8000, 'pcm16')).rejects.toThrow(
    /taken\.wav: it is a folder/,
  );
  await expect(WavWriter.create(join(folder, 'loud.wav', 'x.wav'), 8000, 'pcm16')).rejects.toThrow(
    /cannot create the folder/,
  );
});

test('a file of more than 4 GB is refused', async () => {
  const writer = await WavWriter.create(join(folder, 'huge.wav'), 8000, 'float32');
  Object.assign(writer, { samples: 2 ** 30 - 100 });
  await expect(writer.write(new Float32Array(200))).rejects.toThrow(/at most 4 GB .* pcm16/);
  await writer.abort();
});
