import { InputError } from '../../engine/core/errors.ts';
import { AudioError, type AudioErrorKind } from '../audio/backend/AudioError.ts';

/** An error as plain data, so that its kind and remedy survive a message to another thread or process. */
export interface SerializedError {
  /** 'input': InputError; an audio error's own kind; 'internal': any other error, which is a bug. */
  readonly kind: 'input' | 'internal' | AudioErrorKind;
  /** What happened, without kind and remedy. */
  readonly message: string;
  /** What the user can do; null if the error names no remedy. */
  readonly remedy: string | null;
  /** True if the user can correct the cause: then the message is shown as it is, without a stack. */
  readonly isUserError: boolean;
  /** Stack trace of an internal error, in the thread that threw it. */
  readonly stack?: string;
}

/** @param thrown anything that was thrown, an Error or not */
export function serializeError(thrown: unknown): SerializedError {
  if (thrown instanceof AudioError) {
    return { kind: thrown.kind, message: thrown.happened, remedy: thrown.remedy, isUserError: true };
  }
  if (thrown instanceof InputError) return { kind: 'input', message: thrown.message, remedy: null, isUserError: true };
  if (!(thrown instanceof Error))
    return { kind: 'internal', message: String(thrown), remedy: null, isUserError: false };
  const { message, stack } = thrown;
  return { kind: 'internal', message, remedy: null, isUserError: false, ...(stack === undefined ? {} : { stack }) };
}

/** @returns an AudioError, InputError or Error equal to the one serialised, with the stack of its origin if it is internal */
export function deserializeError({ kind, message, remedy, stack }: SerializedError): Error {
  if (kind === 'input') return new InputError(message);
  if (kind !== 'internal') return new AudioError(kind, message, remedy ?? '');
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
