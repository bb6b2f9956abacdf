import type { AudioDevice, DeviceDirection } from '../audio/backend/AudioDevice.ts';
import { VIRTUAL_MICROPHONE } from '../protocol/virtualMicrophone.ts';
import type { SoundServer } from './SoundServer.ts';
import type { ServerNode } from './serverNodes.ts';

const VIRTUAL_MICROPHONE_NAME = 'Virtual microphone';

/**
 * The devices of a backend and those of a sound server, after each other. Sources that this program has made are left out: its own sound
 * must not be its input. For the same reason the default input is a source by its name while there is such a source, which the system may
 * make the default at any time.
 * @param others devices of the backend, among them the server's default input and output
 * @param slots through which the server's devices are opened; these have no more channels than their slot
 */
export function serverDevices(
  others: readonly AudioDevice[],
  slots: Readonly<Record<DeviceDirection, AudioDevice>>,
  { info, nodes }: SoundServer,
): AudioDevice[] {
  const sources = nodes.sources.filter((source) => !isOwn(source, nodes.sinks)).filter(isFirstOfName);
  const sinks = nodes.sinks.filter(({ owner }) => owner === null).filter(isFirstOfName);
  const isMade = nodes.sinks.some(({ owner }) => owner !== null);
  const microphone = isMade ? defaultMicrophone(sources, sinks, info.defaultSource) : null;
  const { inputChannels } = slots.input;
  const { outputChannels } = slots.output;
  return [
    ...others.map((device) => (microphone === null ? device : { ...device, isDefaultInput: false })),
    ...sources.map((source) => ({
      ...inputDevice(source, monitoredSink(source, sinks)),
      inputChannels: Math.min(source.channels, inputChannels),
      isDefaultInput: source === microphone,
    })),
    ...sinks.map((sink) => ({ ...deviceOf(sink), outputChannels: Math.min(sink.channels, outputChannels) })),
    virtualMicrophone(),
  ];
}

function isOwn(source: ServerNode, sinks: readonly ServerNode[]): boolean {
  return source.owner !== null || sinks.some(({ owner, monitor }) => owner !== null && monitor === source.name);
}

function isFirstOfName({ name }: ServerNode, index: number, nodes: readonly ServerNode[]): boolean {
  return nodes.findIndex((node) => node.name === name) === index;
}

function monitoredSink(source: ServerNode, sinks: readonly ServerNode[]): ServerNode | null {
  return sinks.find(({ monitor }) => monitor === source.name) ?? null;
}

/** The default source; if this program has made that, the first one that is no monitor. */
function defaultMicrophone(sources: readonly ServerNode[], sinks: readonly ServerNode[], name: string | null) {
  const microphones = sources.filter((source) => monitoredSink(source, sinks) === null);
  return sources.find((source) => source.name === name) ?? microphones[0] ?? null;
}

function inputDevice(source: ServerNode, sink: ServerNode | null): AudioDevice {
  return { ...deviceOf(source), ...(sink === null ? {} : { monitorOf: sink.name }) };
}

function virtualMicrophone(): AudioDevice {
  const node = { name: VIRTUAL_MICROPHONE, description: VIRTUAL_MICROPHONE_NAME, sampleRateHertz: 48_000 };
  return { ...deviceOf(node), outputChannels: 1 };
}

/** A device without channels; it has no position in a list yet. */
function deviceOf(node: Pick<ServerNode, 'name' | 'description' | 'sampleRateHertz'>): AudioDevice {
  const { name: id, description: name, sampleRateHertz } = node;
  const channels = { inputChannels: 0, outputChannels: 0 };
  return { id, index: 0, name, ...channels, sampleRateHertz, isDefaultInput: false, isDefaultOutput: false };
}
