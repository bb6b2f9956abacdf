import { InputError } from '../../../engine/core/errors.ts';
import type { AudioBackend, BackendName } from './AudioBackend.ts';
import { AudioError } from './AudioError.ts';
import { FileBackend } from './FileBackend.ts';
import { PortAudioBackend } from './PortAudioBackend.ts';
import { WebAudioBackend } from './WebAudioBackend.ts';

export interface FoundBackend {
  readonly backend: AudioBackend;
  /** Why earlier backends in the order could not be used, in one line; null if the first one could. */
  readonly notice: string | null;
}

/** Files of the file backend; input null: the demo mixture. */
export interface NamedFiles {
  readonly input: string | null;
  readonly outputs: readonly string[];
}

const LOADERS: { readonly [Name in BackendName]: (files: NamedFiles) => Promise<AudioBackend> } = {
  portaudio: () => PortAudioBackend.load(),
  webaudio: () => WebAudioBackend.load(),
  file: async ({ input, outputs }) => new FileBackend(input, outputs),
};

/** Tried in this order if the user names no backend. */
const TRIED: readonly BackendName[] = ['portaudio', 'webaudio'];

/**
 * @param wanted null: the first backend that has a device
 * @throws AudioError if none can be used; it states the reason for each
 */
export async function openBackend(wanted: BackendName | null, files: NamedFiles): Promise<FoundBackend> {
  if (wanted !== null) return { backend: await LOADERS[wanted](files), notice: null };
  const reasons: AudioError[] = [];
  for (const name of TRIED) {
    try {
      const backend = await LOADERS[name](files);
      await backend.devices();
      const notice =
        reasons.length === 0 ? null : `using ${name}, since ${reasons.map(({ happened }) => happened).join(' and ')}`;
      return { backend, notice };
    } catch (error) {
      if (!(error instanceof AudioError)) throw error;
      reasons.push(error);
    }
  }
  const [first] = reasons;
  throw first === undefined
    ? new InputError('no audio backend')
    : new AudioError(first.kind, reasons.map(({ happened }) => happened).join(', '), first.remedy);
}
