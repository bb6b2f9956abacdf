import { describe, expect, it } from 'vitest';
import { type AudioDevice, chooseDevice } from '../../../host/audio/backend/AudioDevice.ts';
import { readSoundServer } from '../../../host/soundServer/SoundServer.ts';
import { serverDevices } from '../../../host/soundServer/serverDevices.ts';
import { makeModules } from '../../../host/soundServer/virtualMicrophoneModules.ts';
import { FakeSoundServer, fakeNode } from './FakeSoundServer.ts';

const DEFAULT: AudioDevice = {
  id: 'ALSA:default',
  index: 0,
  name: 'default',
  inputChannels: 32,
  outputChannels: 32,
  sampleRateHertz: 44_100,
  isDefaultInput: true,
  isDefaultOutput: true,
};

const devicesOf = async (server: FakeSoundServer, slots = { input: DEFAULT, output: DEFAULT }) =>
  serverDevices([DEFAULT], slots, await readSoundServer(server.pactl));
const defaultInput = (devices: readonly AudioDevice[]) => chooseDevice(devices, 'input', null).id;

describe('devices of a sound server', () => {
  it('follow those of the backend, whose default stays the default', async () => {
    const devices = await devicesOf(new FakeSoundServer());
    expect(devices.map(({ id, inputChannels, outputChannels }) => [id, inputChannels, outputChannels])).toEqual([
      ['ALSA:default', 32, 32],
      ['speakers.monitor', 2, 0],
      ['headset', 2, 0],
      ['speakers', 0, 2],
      ['virtual-mic', 0, 1],
    ]);
    expect(defaultInput(devices)).toBe('ALSA:default');
    expect(chooseDevice(devices, 'output', null).id).toBe('ALSA:default');
  });

  it('have no more channels than the backend can open', async () => {
    const mono = { ...DEFAULT, inputChannels: 1, outputChannels: 1 };
    const devices = await devicesOf(new FakeSoundServer(), { input: mono, output: mono });
    expect(devices.find(({ id }) => id === 'headset')).toMatchObject({ inputChannels: 1 });
    expect(devices.find(({ id }) => id === 'speakers')).toMatchObject({ outputChannels: 1 });
  });

  it('are listed once if several have a name', async () => {
    const server = new FakeSoundServer();
    server.sources = [...server.sources, fakeNode(2, 'headset')];
    const headsets = (await devicesOf(server)).filter(({ id }) => id === 'headset');
    expect(headsets.map(({ name }) => name)).toEqual(['The headset']);
  });

  it('include monitors, which a part of a name chooses only if nothing else has it', async () => {
    const server = new FakeSoundServer();
    server.sinks = [fakeNode(0, 'jabra', { monitor_source: 'jabra.monitor' })];
    server.sources = [
      fakeNode(0, 'jabra.monitor', { description: 'Monitor of Jabra' }),
      fakeNode(1, 'jabra-mic', { description: 'Jabra Mono' }),
    ];
    const devices = await devicesOf(server);
    expect(devices.find(({ id }) => id === 'jabra.monitor')).toMatchObject({ monitorOf: 'jabra' });
    expect(chooseDevice(devices, 'input', 'jabra').id).toBe('jabra-mic');
    expect(chooseDevice(devices, 'input', 'monitor of').id).toBe('jabra.monitor');
  });

  it('include no input that carries the sound of a session, and no default that may become one', async () => {
    const server = new FakeSoundServer();
    await makeModules(server.pactl, 'a/1/2/3');
    expect(server.made).toHaveLength(3);
    const ids = async () => (await devicesOf(server)).map(({ id }) => id);
    const without = ['ALSA:default', 'speakers.monitor', 'headset', 'speakers', 'virtual-mic'];
    expect(await ids()).toEqual(without);
    expect(defaultInput(await devicesOf(server))).toBe('headset');
    // A user makes it the default of all programs.
    server.defaultSource = 'unmingle-microphone';
    expect(await ids()).toEqual(without);
    expect(defaultInput(await devicesOf(server))).toBe('headset');
  });
});
