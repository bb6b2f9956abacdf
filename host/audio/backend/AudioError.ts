import { InputError } from '../../../engine/core/errors.ts';

/** What can be wrong with a device, in words that a program can act on. */
export const AUDIO_ERROR_KINDS = [
  'busy',
  'gone',
  'denied',
  'no-device',
  'rate-not-supported',
  'no-audio-system',
  'package-missing',
] as const;
export type AudioErrorKind = (typeof AUDIO_ERROR_KINDS)[number];

/** What happened to a device and what the user can do: `busy: another program uses "Mic"; close it and try again`. */
export class AudioError extends InputError {
  readonly kind: AudioErrorKind;
  readonly happened: string;
  readonly remedy: string;

  constructor(kind: AudioErrorKind, happened: string, remedy: string) {
    super(`${kind}: ${happened}; ${remedy}`);
    this.kind = kind;
    this.happened = happened;
    this.remedy = remedy;
  }
}
