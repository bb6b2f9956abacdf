import { InputError } from '../../../engine/core/errors.ts';
import type { AudioBackend, BackendName } from './AudioBackend.ts';
import { AudioError } from './AudioError.ts';
import { FileBackend } from './FileBackend.ts';
import type { LoopedChannels } from './LoopingFile.ts';
import { PortAudioBackend } from './PortAudioBackend.ts';
import { WebAudioBackend } from './WebAudioBackend.ts';

export interface FoundBackend {
  readonly backend: AudioBackend;
  /** Why earlier backends in the order have no devices, in one line; null if the first one has, or those before are not installed. */
  readonly notice: string | null;
}

/** Files of the file backend; input null: the demo mixture. */
export interface NamedFiles {
  readonly input: string | null;
  readonly outputs: readonly string[];
  /** Channels of the input. @default best */
  readonly looped?: LoopedChannels;
}

const LOADERS: { readonly [Name in BackendName]: (files: NamedFiles) => Promise<AudioBackend> } = {
  portaudio: () => PortAudioBackend.load(),
  webaudio: () => WebAudioBackend.load(),
  file: async ({ input, outputs, looped }) => new FileBackend(input, outputs, looped),
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
      // An optional package that is not installed is no news: unmingle doctor reports it.
      const unusual = reasons.filter(({ kind }) => kind !== 'package-missing').map(({ happened }) => happened);
      return { backend, notice: unusual.length === 0 ? null : `using ${name}, since ${unusual.join(' and ')}` };
    } catch (error) {
      if (!(error instanceof AudioError)) throw error;
      reasons.push(error);
    }
  }
  // A device that is missing can be plugged in; of the packages, the last one needs no compiler.
  const decisive = reasons.find(({ kind }) => kind !== 'package-missing') ?? reasons.at(-1);
  throw decisive === undefined
    ? new InputError('no audio backend')
    : new AudioError(decisive.kind, reasons.map(({ happened }) => happened).join(', '), decisive.remedy);
}
