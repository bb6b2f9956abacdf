import type {
  AudioBackend,
  AudioStream,
  StreamCallbacks,
  StreamEnd,
  StreamRequest,
} from '../audio/backend/AudioBackend.ts';
import type { AudioDevice, DeviceDirection } from '../audio/backend/AudioDevice.ts';
import { AudioError } from '../audio/backend/AudioError.ts';
import { VIRTUAL_MICROPHONE } from '../protocol/virtualMicrophone.ts';
import { ALSA_PLUGIN_REMEDY, SLOTS } from './alsaSlots.ts';
import { ServerWatch, type WatchedNode } from './ServerWatch.ts';
import type { SoundServer } from './SoundServer.ts';
import { serverDevices } from './serverDevices.ts';
import type { ServerNode } from './serverNodes.ts';

/**
 * Adds the sources and sinks of a sound server to the devices of PortAudio or Web Audio, and opens them through the slots of `alsaSlots.ts`.
 * Without the ALSA plugin that connects to the server, there are no slots, and only the devices of the backend itself are listed.
 */
export class SoundServerBackend implements AudioBackend {
  private readonly backend: AudioBackend;
  private readonly server: SoundServer;
  private readonly owner: string;
  private readonly watch: typeof startWatch;

  /**
   * @param backend whose library was loaded after `addAlsaSlots`
   * @param owner of the virtual microphone that may be opened: the session of this audio process
   */
  constructor(backend: AudioBackend, server: SoundServer, owner: string, watch = startWatch) {
    this.backend = backend;
    this.server = server;
    this.owner = owner;
    this.watch = watch;
  }

  get name() {
    return this.backend.name;
  }

  sharesClock(input: AudioDevice, output: AudioDevice): boolean {
    return this.backend.sharesClock(input, output);
  }

  async devices(): Promise<readonly AudioDevice[]> {
    const own = await this.backend.devices();
    const others = own.filter((device) => !isSlot(device, 'input') && !isSlot(device, 'output'));
    const input = own.find((device) => isSlot(device, 'input'));
    const output = own.find((device) => isSlot(device, 'output'));
    const isReachable = input !== undefined && output !== undefined;
    const devices = isReachable ? serverDevices(others, { input, output }, this.server) : others;
    return devices.map((device, index) => ({ ...device, index }));
  }

  async open(request: StreamRequest, callbacks: StreamCallbacks): Promise<AudioStream> {
    const ends = { input: this.nodeOf(request.input, 'input'), output: this.nodeOf(request.output, 'output') };
    if (ends.input === null && ends.output === null) return this.backend.open(request, callbacks);
    const slots = await this.backend.devices();
    let isLost = false;
    const onLost = (error: AudioError) => {
      if (!isLost) callbacks.onLost(error);
      isLost = true;
    };
    const stream = await this.backend.open(
      {
        ...request,
        input: slotEnd(slots, request.input, ends.input, 'input'),
        output: slotEnd(slots, request.output, ends.output, 'output'),
      },
      {
        onInput: (samples, frames, lostSamples) => callbacks.onInput(samples, frames, lostSamples),
        onOutput: (samples, frames, lostSamples) => callbacks.onOutput(samples, frames, lostSamples),
        onLost,
      },
    );
    const watch = this.watch(watchedNodes(ends), ({ kind }) => onLost(removedError(request, kind)));
    return watchedStream(stream, watch);
  }

  /** @returns the node of a device; null if the device is not one of the server, or there is none @throws AudioError if it is gone */
  private nodeOf(end: StreamEnd | null, direction: DeviceDirection): ServerNode | null {
    if (end === null) return null;
    const { id, name } = end.device;
    const { sinks, sources } = this.server.nodes;
    if (id !== VIRTUAL_MICROPHONE)
      return (direction === 'input' ? sources : sinks).find((node) => node.name === id) ?? null;
    const sink = sinks.find(({ owner }) => owner === this.owner);
    if (sink !== undefined) return sink;
    throw new AudioError('gone', `"${name}" has not been made`, `choose it by its id, ${VIRTUAL_MICROPHONE}`);
  }
}

function isSlot(device: AudioDevice, direction: DeviceDirection): boolean {
  const channels = direction === 'input' ? device.inputChannels : device.outputChannels;
  return channels > 0 && device.name === SLOTS[direction].device;
}

/** Points the slot of a direction to the node, and takes its place in the request. */
function slotEnd(
  devices: readonly AudioDevice[],
  end: StreamEnd | null,
  node: ServerNode | null,
  direction: DeviceDirection,
): StreamEnd | null {
  if (end === null || node === null) return end;
  const slot = devices.find((device) => isSlot(device, direction));
  if (slot === undefined) {
    throw new AudioError('gone', `"${end.device.name}" cannot be reached through ALSA`, ALSA_PLUGIN_REMEDY);
  }
  process.env[SLOTS[direction].variable] = node.name;
  // The name is that of the device, for errors.
  return { ...end, device: { ...slot, name: end.device.name } };
}

function watchedNodes({ input, output }: { input: ServerNode | null; output: ServerNode | null }): WatchedNode[] {
  return [
    ...(input === null ? [] : [{ kind: 'source', index: input.index } as const]),
    ...(output === null ? [] : [{ kind: 'sink', index: output.index } as const]),
  ];
}

function removedError({ input, output }: StreamRequest, kind: WatchedNode['kind']): AudioError {
  const name = (kind === 'source' ? input : output)?.device.name;
  return new AudioError('gone', `"${name}" has been removed`, 'it is opened again as soon as it is back');
}

function startWatch(nodes: readonly WatchedNode[], onRemoved: (node: WatchedNode) => void): Pick<ServerWatch, 'close'> {
  return new ServerWatch(nodes, onRemoved);
}

function watchedStream(stream: AudioStream, watch: Pick<ServerWatch, 'close'>): AudioStream {
  return {
    sampleRateHertz: stream.sampleRateHertz,
    inputLatencySeconds: stream.inputLatencySeconds,
    outputLatencySeconds: stream.outputLatencySeconds,
    close: () => {
      watch.close();
      return stream.close();
    },
  };
}
