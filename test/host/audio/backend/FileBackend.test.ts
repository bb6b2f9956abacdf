import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chooseDevice } from '../../../../host/audio/backend/AudioDevice.ts';
import { FileBackend } from '../../../../host/audio/backend/FileBackend.ts';
import { readRecording } from '../../../../host/audio/readRecording.ts';
import { audioBackendContract } from '../../../contracts/audioBackend.ts';
import { float32, wavBytes } from '../wavBytes.ts';

audioBackendContract('file', { load: async () => new FileBackend(null) });

it('plays in a loop at the pace of the clock, on the requested number of channels', async () => {
  const backend = new FileBackend(null);
  const device = chooseDevice(await backend.devices(), 'input', null);
  const heard: number[] = [];
  const start = performance.now();
  const stream = await backend.open(
    { input: { device, channels: 2 }, output: null, sampleRateHertz: null, blockSamples: 160 },
    { onInput: (samples) => heard.push(...samples), onOutput() {}, onLost() {} },
  );
  await new Promise((resolve) => setTimeout(resolve, 700));
  const seconds = (performance.now() - start) / 1000;
  await stream.close();
  expect(heard.length / 2 / stream.sampleRateHertz).toBeGreaterThan(0.4 * seconds);
  expect(heard.length / 2 / stream.sampleRateHertz).toBeLessThanOrEqual(seconds);
  for (let n = 0; n < heard.length; n += 2) expect(heard[n]).toBe(heard[n + 1]);
  expect(heard.some((value) => value !== 0)).toBe(true);
});

it('plays all channels of a file as they are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unmingle-file-channels-'));
  const path = join(folder, 'three.wav');
  const samples = Float32Array.from({ length: 3 * 8000 }, (_, index) => ((index % 3) + 1) / 4);
  await writeFile(path, wavBytes(float32([...samples]), { code: 3, bits: 32, channels: 3, sampleRateHertz: 8000 }));
  const backend = new FileBackend(path, [], 'all');
  const device = chooseDevice(await backend.devices(), 'input', null);
  expect(device.inputChannels).toBe(3);
  const heard: number[] = [];
  const stream = await backend.open(
    { input: { device, channels: 2 }, output: null, sampleRateHertz: null, blockSamples: 160 },
    { onInput: (block) => heard.push(...block), onOutput() {}, onLost() {} },
  );
  await expect.poll(() => heard.length).toBeGreaterThan(1000);
  await stream.close();
  expect(heard.slice(0, 1000).every((sample, index) => sample === (index % 2 === 0 ? 0.25 : 0.5))).toBe(true);
});

it('refuses a missing file, and a sample rate other than that of the file', async () => {
  await expect(new FileBackend('/nowhere.wav').devices()).rejects.toThrow(/nowhere\.wav: does not exist/);
  const backend = new FileBackend(null);
  const device = chooseDevice(await backend.devices(), 'input', null);
  const request = { input: { device, channels: 1 }, output: null, sampleRateHertz: 44_100, blockSamples: 160 };
  const refused = backend.open(request, { onInput() {}, onOutput() {}, onLost() {} });
  await expect(refused).rejects.toThrow(/^rate-not-supported: .*16000 Hz, not 44100/);
});

it('writes output to WAV files without a gap, and to a new file when opened again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unmingle-file-backend-'));
  const path = join(folder, 'mix.wav');
  const backend = new FileBackend(null, [path]);
  const device = chooseDevice(await backend.devices(), 'output', 'mix.wav');
  for (const expected of [path, join(folder, 'mix-2.wav')]) {
    let position = 0;
    const stream = await backend.open(
      { input: null, output: { device, channels: 1 }, sampleRateHertz: 16_000, blockSamples: 160 },
      {
        onInput() {},
        onOutput: (samples) => {
          for (let n = 0; n < samples.length; n++) samples[n] = position++ / 2 ** 20;
        },
        onLost() {},
      },
    );
    await new Promise((resolve) => setTimeout(resolve, 400));
    await stream.close();
    const written = await readRecording(expected);
    expect(position).toBeGreaterThan(1600);
    expect(written.sampleRateHertz).toBe(16_000);
    expect(Array.from(written.samples)).toEqual(Array.from({ length: position }, (_, n) => n / 2 ** 20));
  }
});
