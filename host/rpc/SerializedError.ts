import { type ErrorKind, type ErrorRecord, errorOf, recordError } from '../../engine/core/errorRecord.ts';
import { AudioError, type AudioErrorKind } from '../audio/backend/AudioError.ts';

/** An error as plain data, as it crosses threads and processes; an audio error keeps its own kind. */
export type SerializedError = ErrorRecord<ErrorKind | AudioErrorKind>;

/** @param thrown anything that was thrown, an Error or not */
export function serializeError(thrown: unknown): SerializedError {
  if (!(thrown instanceof AudioError)) return recordError(thrown);
  return { kind: thrown.kind, message: thrown.happened, remedy: thrown.remedy, isUserError: true };
}

/** @returns an AudioError, CallError, InputError or Error equal to the one serialised, with the stack of its origin if it is internal */
export function deserializeError(error: SerializedError): Error {
  const { kind, message, remedy } = error;
  return isEngineKind(error) ? errorOf(error) : new AudioError(kind as AudioErrorKind, message, remedy ?? '');
}

const ENGINE_KINDS: Readonly<Record<ErrorKind, true>> = {
  input: true,
  internal: true,
  timeout: true,
  aborted: true,
  ended: true,
};

function isEngineKind(error: SerializedError): error is ErrorRecord {
  return error.kind in ENGINE_KINDS;
}
