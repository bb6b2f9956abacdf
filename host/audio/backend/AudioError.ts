import { InputError } from '../../../engine/core/errors.ts';

/** Kinds of device errors that programs distinguish. */
export type AudioErrorKind =
  /** Another program uses the device. */
  | 'busy'
  /** The device, sound server or audio process does not exist, or no longer does. */
  | 'gone'
  /** The user has no permission. */
  | 'denied'
  /** No device matches the request, or more than one does. */
  | 'no-device'
  | 'rate-not-supported'
  /** There is no sound card or sound server. */
  | 'no-audio-system'
  /** A native package is not installed or cannot be loaded. */
  | 'package-missing';

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
