import { CallError, type CallErrorKind } from './CallError.ts';
import { InputError } from './errors.ts';

/** 'input': InputError; 'internal': any error that has no kind of its own, which is a bug. */
export type ErrorKind = 'input' | 'internal' | CallErrorKind;

/** An error as plain data, so that its kind and remedy survive a message to another thread or process. */
export interface ErrorRecord<Kind extends string = ErrorKind> {
  readonly kind: Kind;
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
export function recordError(thrown: unknown): ErrorRecord {
  if (thrown instanceof CallError) {
    const { kind, happened, remedy } = thrown;
    return { kind, message: happened, remedy, isUserError: kind !== 'ended' };
  }
  if (thrown instanceof InputError) return { kind: 'input', message: thrown.message, remedy: null, isUserError: true };
  if (!(thrown instanceof Error))
    return { kind: 'internal', message: String(thrown), remedy: null, isUserError: false };
  const { message, stack } = thrown;
  return { kind: 'internal', message, remedy: null, isUserError: false, ...(stack === undefined ? {} : { stack }) };
}

/** @returns a CallError, InputError or Error equal to the one recorded, with the stack of its origin if it is internal */
export function errorOf({ kind, message, remedy, stack }: ErrorRecord): Error {
  if (kind === 'input') return new InputError(message);
  if (kind !== 'internal') return new CallError(kind, message, remedy);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
