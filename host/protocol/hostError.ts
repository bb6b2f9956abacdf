import * as v from 'valibot';

/** Kinds of errors that programs distinguish. The texts beside them are for people, and may change. */
export const HOST_ERROR_KINDS = [
  /** The request is invalid or does not fit the present state. */
  'input',
  /** The voice that the request means is not loaded any more; `voice` is its id. */
  'voice-gone',
  /** A preset of this name exists; the request may be repeated as a replacement. */
  'name-taken',
  /** The token, the code or the origin is missing or wrong. */
  'no-access',
  /** Too many or too large requests. */
  'limit',
  /** A fault of the program. */
  'internal',
  // Of threads and processes of the host: see CallErrorKind.
  'timeout',
  'aborted',
  'ended',
  // Of devices: see AudioErrorKind.
  'busy',
  'gone',
  'denied',
  'no-device',
  'rate-not-supported',
  'no-audio-system',
  'package-missing',
] as const;
export type HostErrorKind = (typeof HOST_ERROR_KINDS)[number];

/** Why the host has refused a request. */
export interface HostError {
  readonly kind: HostErrorKind;
  /** What happened, one line. */
  readonly message: string;
  /** What the user can do; null if the message says it. */
  readonly remedy: string | null;
  /** Only for `voice-gone`: the id in the request. */
  readonly voice?: number;
}

export const HOST_ERROR: v.GenericSchema<unknown, HostError> = v.object({
  kind: v.picklist(HOST_ERROR_KINDS),
  message: v.string(),
  remedy: v.nullable(v.string()),
  voice: v.exactOptional(v.number()),
});
