import type { BackendName } from '../audio/backend/AudioBackend.ts';
import type { ListedDevice } from '../protocol/LiveState.ts';
import type { AudioRequests } from '../rpc/audioMessages.ts';
import { AudioProcess } from './AudioProcess.ts';

/**
 * What there is now, nothing opened, by a process of its own: PortAudio's list is as old as its process, and sound libraries print.
 * @param backend null: the first that has a device
 * @throws InputError where no backend can be used
 */
export async function listDevices(backend: BackendName | null): Promise<AudioRequests['devices']['answer']> {
  const ignored = () => {};
  const audio = new AudioProcess(
    { onStatus: ignored, onTelemetry: ignored, onNotice: ignored, onRecordingFailed: ignored, onLost: ignored },
    true,
  );
  try {
    return await audio.request('devices', { backend });
  } finally {
    audio.kill();
  }
}

/**
 * The new list, and of the old one what is in use: a card that is open for one program alone is hidden from all others.
 * @param used names of open devices
 */
export function mergeDevices(
  before: readonly ListedDevice[],
  found: readonly ListedDevice[],
  used: readonly (string | null)[],
): readonly ListedDevice[] {
  const ids = new Set(found.map(({ id }) => id));
  return [...found, ...before.filter(({ id, name }) => used.includes(name) && !ids.has(id))];
}
