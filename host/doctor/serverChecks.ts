import { AudioError } from '../audio/backend/AudioError.ts';
import { VIRTUAL_MICROPHONE } from '../protocol/virtualMicrophone.ts';
import { listDevices } from '../session/listDevices.ts';
import { ALSA_PLUGIN_REMEDY } from '../soundServer/alsaSlots.ts';
import { readSoundServer, type SoundServer } from '../soundServer/SoundServer.ts';
import { virtualCableRemedy } from '../soundServer/virtualCables.ts';
import type { Finding } from './Check.ts';

type Read = (signal: AbortSignal) => Promise<SoundServer>;
type List = (backend: null, signal: AbortSignal) => ReturnType<typeof listDevices>;

const readServer: Read = (signal) => readSoundServer(undefined, signal);

/** Whether the devices of PulseAudio or PipeWire can be chosen by their names, for which pactl and ALSA's plugin are needed. */
export async function serverFinding(
  signal: AbortSignal,
  platform: NodeJS.Platform = process.platform,
  read: Read = readServer,
  list: List = listDevices,
): Promise<Finding> {
  if (platform !== 'linux') return { isOk: true, found: 'the system has none, and needs none', remedy: null };
  const server = await found(read, signal);
  if (server instanceof AudioError) {
    const remedy = `to choose devices of PulseAudio or PipeWire by name: ${server.remedy}`;
    return { isOk: false, found: server.happened, remedy };
  }
  const { info, nodes } = server;
  const text = `${info.name}, by pactl: sources ${nodes.sources.length}, sinks ${nodes.sinks.length}`;
  const { devices } = await list(null, signal);
  const isReachable = devices.some(({ id }) => id === VIRTUAL_MICROPHONE);
  return isReachable
    ? { isOk: true, found: text, remedy: null }
    : { isOk: false, found: `${text}; ALSA does not reach it`, remedy: ALSA_PLUGIN_REMEDY };
}

/** Whether a session can make the virtual microphone, and what takes its place elsewhere. */
export async function virtualMicrophoneFinding(
  signal: AbortSignal,
  platform: NodeJS.Platform = process.platform,
  read: Read = readServer,
): Promise<Finding> {
  if (platform !== 'linux') {
    return { isOk: true, found: 'not made by Unmingle on this system', remedy: virtualCableRemedy(platform) };
  }
  const server = await found(read, signal);
  if (server instanceof AudioError) return { isOk: false, found: server.happened, remedy: server.remedy };
  return { isOk: true, found: `made when it is used: --send ${VIRTUAL_MICROPHONE}`, remedy: null };
}

async function found(read: Read, signal: AbortSignal): Promise<SoundServer | AudioError> {
  try {
    return await read(signal);
  } catch (error) {
    if (error instanceof AudioError) return error;
    throw error;
  }
}
