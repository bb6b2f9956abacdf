import type { BackendName } from '../audio/backend/AudioBackend.ts';
import type { ListedDevice } from '../protocol/LiveState.ts';
import type { AudioRequests } from '../rpc/audioMessages.ts';
import { AudioProcess } from './AudioProcess.ts';

/**
 * Lists the devices without opening any, in a process of its own, because PortAudio reads its list only once per process, and because
 * sound libraries print.
 * @param backend null: the first one that has a device
 * @param signal ends the process
 * @throws InputError if no backend can be used; CallError if the process hangs, or the search is aborted
 */
export async function listDevices(
  backend: BackendName | null,
  signal?: AbortSignal,
): Promise<AudioRequests['devices']['answer']> {
  const ignored = () => {};
  const audio = new AudioProcess(
    {
      onStatus: ignored,
      onTelemetry: ignored,
      onSound: ignored,
      onMix: ignored,
      onInput: ignored,
      onFeedback: ignored,
      onNotice: ignored,
      onInputChosen: ignored,
      onRecordingFailed: ignored,
      onLost: ignored,
    },
    { isPatient: true },
  );
  try {
    return await audio.request('devices', { backend }, signal);
  } finally {
    audio.kill();
  }
}

/**
 * The newly found devices plus the open ones of the previous list: a sound card that one program has opened exclusively is hidden from
 * all other processes.
 * @param used names of the open devices
 */
export function mergeDevices(
  before: readonly ListedDevice[],
  found: readonly ListedDevice[],
  used: readonly (string | null)[],
): readonly ListedDevice[] {
  const ids = new Set(found.map(({ id }) => id));
  return [...found, ...before.filter(({ id, name }) => used.includes(name) && !ids.has(id))];
}
