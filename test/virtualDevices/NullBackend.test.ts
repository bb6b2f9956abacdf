import { expect, it } from 'vitest';
import { chooseDevice } from '../../host/audio/backend/AudioDevice.ts';
import { audioBackendContract } from '../contracts/audioBackend.ts';
import { NullBackend } from './NullBackend.ts';

audioBackendContract('null', {
  load: async () => new NullBackend(),
  advance: (backend) => (backend as NullBackend).advance(256),
});

it('passes whole blocks as its clock is advanced, and reports the loss when the device is unplugged', async () => {
  const backend = new NullBackend(16_000);
  const device = chooseDevice(await backend.devices(), 'input', null);
  const heard: number[] = [];
  const lost: string[] = [];
  const request = { input: { device, channels: 2 }, output: null, sampleRateHertz: null, blockSamples: 100 };
  await backend.open(request, {
    onInput: (samples) => heard.push(...samples),
    onOutput() {},
    onLost: (error) => lost.push(error.kind),
  });
  backend.advance(250, (position) => position);
  expect(heard).toEqual(Array.from({ length: 400 }, (_, n) => Math.floor(n / 2)));
  backend.advance(50, (position) => position);
  expect(heard).toHaveLength(600);
  backend.unplug();
  backend.advance(1000);
  expect(heard).toHaveLength(600);
  expect(lost).toEqual(['gone']);
  expect(await backend.devices()).toEqual([]);
  backend.replug();
  await backend.open(request, { onInput: (samples) => heard.push(...samples), onOutput() {}, onLost() {} });
  backend.advance(100);
  expect(heard).toHaveLength(800);
});
