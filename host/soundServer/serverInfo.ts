import * as v from 'valibot';
import { AudioError } from '../audio/backend/AudioError.ts';
import type { Pactl } from './pactl.ts';

/** General facts about a sound server. */
export interface ServerInfo {
  /** Such as "pulseaudio 16.1", or "PulseAudio (on PipeWire 1.0.5) 15.0.0". */
  readonly name: string;
  /** Name of the source that programs record unless they choose one; null: there is none. */
  readonly defaultSource: string | null;
}

const INFO = v.object({
  server_name: v.pipe(v.string(), v.maxLength(200)),
  server_version: v.pipe(v.string(), v.maxLength(100)),
  default_source_name: v.optional(v.nullable(v.string())),
});

/** @throws AudioError if the server does not answer, or not as expected */
export async function readServerInfo(pactl: Pactl, signal?: AbortSignal): Promise<ServerInfo> {
  const json = await pactl(['--format=json', 'info'], signal);
  const info = v.safeParse(v.pipe(v.string(), v.parseJson(), INFO), json);
  if (!info.success) {
    throw new AudioError('no-audio-system', 'pactl does not print JSON', 'install pactl 16 or newer');
  }
  const { server_name: name, server_version: version, default_source_name: source } = info.output;
  return { name: `${name} ${version}`.replace(/\p{Cc}+/gu, ' '), defaultSource: source ?? null };
}
