import { afterEach, describe, expect, it } from 'vitest';
import type { AudioBackend, StreamCallbacks, StreamRequest } from '../../../host/audio/backend/AudioBackend.ts';
import type { AudioDevice } from '../../../host/audio/backend/AudioDevice.ts';
import type { AudioError } from '../../../host/audio/backend/AudioError.ts';
import { SLOTS } from '../../../host/soundServer/alsaSlots.ts';
import { removedNode, type WatchedNode } from '../../../host/soundServer/ServerWatch.ts';
import { readSoundServer } from '../../../host/soundServer/SoundServer.ts';
import { SoundServerBackend } from '../../../host/soundServer/SoundServerBackend.ts';
import { makeModules } from '../../../host/soundServer/virtualMicrophoneModules.ts';
import { FakeSoundServer } from './FakeSoundServer.ts';

function device(name: string, inputChannels: number, outputChannels: number): AudioDevice {
  const id = `ALSA:${name}`;
  const isDefault = { isDefaultInput: false, isDefaultOutput: false };
  return { id, index: 0, name, inputChannels, outputChannels, sampleRateHertz: 44_100, ...isDefault };
}
const OWNER = 'a/1/2/3';
const SLOT_DEVICES = [device('unmingle_input', 32, 0), device('unmingle_output', 0, 32)];

/** A backend that records what is opened, and the variables of the slots at that moment. */
class RecordingBackend implements AudioBackend {
  readonly name = 'portaudio';
  readonly opened: { request: StreamRequest; source: string | undefined; sink: string | undefined }[] = [];
  callbacks: StreamCallbacks | null = null;
  private readonly list: readonly AudioDevice[];

  constructor(list: readonly AudioDevice[] = [device('default', 32, 32), ...SLOT_DEVICES]) {
    this.list = list;
  }

  sharesClock(): boolean {
    return false;
  }

  async devices() {
    return this.list;
  }

  async open(request: StreamRequest, callbacks: StreamCallbacks) {
    const { [SLOTS.input.variable]: source, [SLOTS.output.variable]: sink } = process.env;
    this.opened.push({ request, source, sink });
    this.callbacks = callbacks;
    return { sampleRateHertz: 48_000, inputLatencySeconds: 0, outputLatencySeconds: 0, close: async () => {} };
  }
}

async function create(backend = new RecordingBackend(), server = new FakeSoundServer()) {
  const watches: { nodes: readonly WatchedNode[]; remove: () => void; isClosed: boolean }[] = [];
  const layered = new SoundServerBackend(backend, await readSoundServer(server.pactl), OWNER, (nodes, onRemoved) => {
    const watch = { nodes, remove: () => onRemoved(nodes[0]!), isClosed: false };
    watches.push(watch);
    return {
      close: () => {
        watch.isClosed = true;
      },
    };
  });
  const lost: AudioError[] = [];
  const callbacks = { onInput: () => {}, onOutput: () => {}, onLost: (error: AudioError) => lost.push(error) };
  const open = async (input: string | null, output: string | null) => {
    const devices = await layered.devices();
    const end = (id: string | null) =>
      id === null ? null : { device: devices.find((each) => each.id === id)!, channels: 1 };
    const request = { input: end(input), output: end(output), sampleRateHertz: 48_000, blockSamples: 192 };
    return layered.open(request, callbacks);
  };
  return { backend, layered, watches, lost, open };
}

afterEach(() => {
  for (const { variable } of Object.values(SLOTS)) delete process.env[variable];
});

describe('a backend with a sound server', () => {
  it('lists the devices of both, without the slots, and numbers them', async () => {
    const { layered } = await create();
    const devices = await layered.devices();
    expect(devices.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(devices.map(({ id }) => id)).not.toContain('ALSA:unmingle_input');
  });

  it('lists its own devices only where ALSA does not reach the server', async () => {
    const { layered } = await create(new RecordingBackend([device('default', 32, 32)]));
    expect((await layered.devices()).map(({ id }) => id)).toEqual(['ALSA:default']);
  });

  it('opens a source and a sink through the slots, under the names of the devices', async () => {
    const { backend, open } = await create();
    await open('headset', null);
    await open(null, 'speakers');
    const [first, second] = backend.opened;
    expect(first).toMatchObject({ source: 'headset', request: { output: null, sampleRateHertz: 48_000 } });
    expect(first!.request.input).toMatchObject({
      channels: 1,
      device: { id: 'ALSA:unmingle_input', name: 'The headset' },
    });
    expect(second).toMatchObject({ sink: 'speakers', request: { input: null } });
    expect(second!.request.output!.device.id).toBe('ALSA:unmingle_output');
  });

  it('opens its own devices as before, without a watch', async () => {
    const { backend, watches, open } = await create();
    await open('ALSA:default', null);
    expect(backend.opened[0]!.request.input!.device.id).toBe('ALSA:default');
    expect(watches).toEqual([]);
  });

  it('loses the stream once when its device is removed, and ends the watch with the stream', async () => {
    const { backend, watches, lost, open } = await create();
    const stream = await open('headset', null);
    expect(watches[0]!.nodes).toEqual([{ kind: 'source', index: 1 }]);
    watches[0]!.remove();
    watches[0]!.remove();
    backend.callbacks!.onLost(lost[0]!);
    expect(lost.map(({ message }) => message)).toEqual([
      'gone: "The headset" has been removed; it is opened again as soon as it is back',
    ]);
    await stream.close();
    expect(watches[0]!.isClosed).toBe(true);
  });

  it('plays to the virtual microphone of its session only, through the sink', async () => {
    const server = new FakeSoundServer();
    const refused = '"Virtual microphone" has not been made';
    await expect((await create(new RecordingBackend(), server)).open(null, 'virtual-mic')).rejects.toThrow(refused);
    const theirs = new FakeSoundServer();
    await makeModules(theirs.pactl, 'another/1/2/3');
    await expect((await create(new RecordingBackend(), theirs)).open(null, 'virtual-mic')).rejects.toThrow(refused);
    await makeModules(server.pactl, OWNER);
    const { backend, open } = await create(new RecordingBackend(), server);
    await open(null, 'virtual-mic');
    expect(backend.opened[0]!.sink).toBe('unmingle-mix');
  });
});

it.each([
  ["Event 'remove' on source #4", { kind: 'source', index: 4 }],
  ["Event 'remove' on sink #12", { kind: 'sink', index: 12 }],
  ["Event 'remove' on source-output #4", null],
  ["Event 'new' on source #4", null],
  ["Event 'remove' on source #", null],
  ['', null],
])('the event %j is the removal of %j', (line, removed) => {
  expect(removedNode(line)).toEqual(removed);
});
