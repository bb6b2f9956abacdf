import { AudioError } from '../audio/backend/AudioError.ts';
import { type Pactl, pactlProgram } from './pactl.ts';
import { readServerInfo, type ServerInfo } from './serverInfo.ts';
import { readServerNodes, type ServerNodes } from './serverNodes.ts';

/** What was found at one moment on a running PulseAudio or PipeWire. */
export interface SoundServer {
  readonly info: ServerInfo;
  readonly nodes: ServerNodes;
}

/** @throws AudioError if there is no pactl, or no server that answers it */
export async function readSoundServer(pactl: Pactl = pactlProgram(), signal?: AbortSignal): Promise<SoundServer> {
  const [info, nodes] = await Promise.all([readServerInfo(pactl, signal), readServerNodes(pactl, signal)]);
  return { info, nodes };
}

/** @returns null: there is none that can be asked, which `unmingle doctor` explains */
export async function findSoundServer(pactl: Pactl = pactlProgram()): Promise<SoundServer | null> {
  if (process.platform !== 'linux') return null;
  try {
    return await readSoundServer(pactl);
  } catch (error) {
    if (error instanceof AudioError) return null;
    throw error;
  }
}
