import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AudioDevice } from '../../../host/audio/backend/AudioDevice.ts';
import { AudioError } from '../../../host/audio/backend/AudioError.ts';
import { kernelFinding, nodeFinding } from '../../../host/doctor/engineChecks.ts';
import { folderFinding } from '../../../host/doctor/folderChecks.ts';
import { soundPackageFinding, trainingFinding } from '../../../host/doctor/packageChecks.ts';
import { serverFinding, virtualMicrophoneFinding } from '../../../host/doctor/serverChecks.ts';
import { portFinding, sessionFinding } from '../../../host/doctor/sessionChecks.ts';
import { devicesFinding, permissionFinding } from '../../../host/doctor/soundChecks.ts';
import { readSoundServer } from '../../../host/soundServer/SoundServer.ts';
import { FakeSoundServer } from '../soundServer/FakeSoundServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const { signal } = new AbortController();
const loading = (problems: Record<string, string>) => async (name: string) => problems[name] ?? null;

describe('doctor', () => {
  it('compares the parts of the Node version as numbers', () => {
    expect(nodeFinding('20.19.0', '20.19').isOk).toBe(true);
    expect(nodeFinding('22.1.0', '20.19').isOk).toBe(true);
    expect(nodeFinding('20.9.0', '20.19')).toMatchObject({ isOk: false, found: '20.9.0; at least 20.19 is needed' });
  });

  it('warns about the slow kernel', () => {
    expect(kernelFinding('relaxed-simd')).toMatchObject({ isOk: true, found: 'WebAssembly, relaxed-simd' });
    expect(kernelFinding('javascript').isOk).toBe(false);
  });

  it('needs one TensorFlow, and names the faster one only if it is not installed', async () => {
    const wasm = '@tensorflow/tfjs-backend-wasm';
    const native = '@tensorflow/tfjs-node';
    expect(await trainingFinding(signal, loading({}))).toMatchObject({ isOk: true, remedy: null });
    expect(await trainingFinding(signal, loading({ [native]: 'not installed' }))).toMatchObject({
      isOk: true,
      remedy: `for faster training: npm install ${native}`,
    });
    expect(await trainingFinding(signal, loading({ [native]: 'x', [wasm]: 'broken' }))).toMatchObject({
      isOk: false,
      found: `${wasm}: broken`,
    });
  });

  it('states why a sound package cannot be loaded, and how it is installed', async () => {
    expect(await soundPackageFinding('naudiodon', 'install it', signal, loading({ naudiodon: 'bad ELF' }))).toEqual({
      isOk: false,
      found: 'naudiodon: bad ELF',
      remedy: 'install it',
    });
  });

  it('counts inputs and outputs; without a sound system it passes on the reason and the remedy', async () => {
    const device = {
      id: 'a',
      index: 0,
      name: 'a',
      sampleRateHertz: 48_000,
      isDefaultInput: false,
      isDefaultOutput: false,
    };
    const list = (inputChannels: number) => async () => ({
      backend: 'portaudio' as const,
      notice: null,
      devices: [{ ...device, inputChannels, outputChannels: 2 }],
    });
    expect(await devicesFinding(signal, list(1))).toMatchObject({
      isOk: true,
      found: 'inputs 1, outputs 1, by portaudio',
    });
    expect(await devicesFinding(signal, list(0))).toMatchObject({ isOk: false, remedy: 'plug one in' });
    const failing = () => Promise.reject(new AudioError('no-audio-system', 'no sound card', 'plug one in'));
    expect(await devicesFinding(signal, failing)).toEqual({
      isOk: false,
      found: 'no sound card',
      remedy: 'plug one in; without devices: unmingle live --backend file',
    });
  });

  it.skipIf(process.getuid?.() === 0)('finds a microphone that this user may not read', async () => {
    writeFileSync(join(folder, 'pcmC0D0c'), '');
    expect((await permissionFinding('linux', folder)).isOk).toBe(true);
    chmodSync(join(folder, 'pcmC0D0c'), 0);
    expect(await permissionFinding('linux', folder)).toMatchObject({ isOk: false });
  });

  it('tells a free port from one that another program uses and from the own session', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const own = async () => `ws://127.0.0.1:${port}/live?token=x`;
    const none = () => Promise.reject(new Error('none'));
    expect(await portFinding(port, none)).toMatchObject({ isOk: false, found: `${port} is used by another program` });
    expect(await portFinding(port, own)).toMatchObject({ isOk: true });
    await new Promise((resolve) => server.close(resolve));
    expect(await portFinding(port, none)).toMatchObject({ isOk: true, found: `${port} is free` });
    expect(await sessionFinding(own)).toMatchObject({
      isOk: false,
      found: expect.stringContaining('no session answers'),
    });
    expect(await sessionFinding(none)).toMatchObject({ isOk: true });
  });

  it('tries a folder that does not exist yet at its nearest parent, and leaves nothing there', async () => {
    const path = join(folder, 'not', 'yet');
    expect(await folderFinding(path, 0, 'choose another')).toMatchObject({ isOk: true });
    expect(await folderFinding(path, 1e12, 'choose another')).toMatchObject({
      isOk: false,
      remedy: 'free some space, or choose another',
    });
    writeFileSync(join(folder, 'file'), '');
    expect(await folderFinding(join(folder, 'file'), 0, 'choose another')).toMatchObject({
      isOk: false,
      found: `cannot write into ${join(folder, 'file')} (ENOTDIR)`,
      remedy: 'choose another',
    });
  });
});

describe('doctor on the sound server', () => {
  const read = () => readSoundServer(new FakeSoundServer().pactl);
  const fails = () => Promise.reject(new AudioError('package-missing', 'pactl is not installed', 'install pactl'));
  const lists = (...ids: string[]) => {
    const devices = ids.map((id) => ({ id })) as AudioDevice[];
    return async () => ({ backend: 'portaudio', notice: null, devices }) as const;
  };

  it('states the server and its devices, or what is missing to choose them', async () => {
    expect(await serverFinding(signal, 'linux', read, lists('ALSA:default', 'virtual-mic'))).toEqual({
      isOk: true,
      found: 'pulseaudio 16.1, by pactl: sources 2, sinks 1',
      remedy: null,
    });
    expect(await serverFinding(signal, 'linux', read, lists('ALSA:default'))).toMatchObject({
      isOk: false,
      found: expect.stringContaining('ALSA does not reach it'),
      remedy: expect.stringContaining('libasound2-plugins'),
    });
    expect(await serverFinding(signal, 'linux', fails, lists())).toMatchObject({
      isOk: false,
      found: 'pactl is not installed',
      remedy: 'to choose devices of PulseAudio or PipeWire by name: install pactl',
    });
    expect(await serverFinding(signal, 'win32', fails, lists())).toMatchObject({ isOk: true, remedy: null });
  });

  it('states how the virtual microphone is made, what it needs, or what takes its place', async () => {
    expect(await virtualMicrophoneFinding(signal, 'linux', read)).toMatchObject({
      isOk: true,
      found: 'made when it is used: --send virtual-mic',
    });
    expect(await virtualMicrophoneFinding(signal, 'linux', fails)).toMatchObject({
      isOk: false,
      remedy: 'install pactl',
    });
    expect(await virtualMicrophoneFinding(signal, 'darwin', fails)).toMatchObject({
      isOk: true,
      remedy: expect.stringContaining('--send BlackHole'),
    });
  });
});
