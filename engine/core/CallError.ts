import { InputError } from './errors.ts';

export type CallErrorKind =
  /** No answer, and no progress, before the deadline. */
  | 'timeout'
  /** The caller has cancelled the call. */
  | 'aborted'
  /** The other thread or process has ended. */
  | 'ended';

/** A call to another thread or process that ended without an answer. Shown to users as it is, like an AudioError. */
export class CallError extends InputError {
  readonly kind: CallErrorKind;
  /** What happened, to which call of which thread or process. */
  readonly happened: string;
  /** What the user can do; null: nothing, as after an abort. */
  readonly remedy: string | null;

  /** @param cause the abort signal's reason, or the error that ended the other side */
  constructor(kind: CallErrorKind, happened: string, remedy: string | null, cause?: unknown) {
    super(remedy === null ? happened : `${happened}; ${remedy}`, { cause });
    this.kind = kind;
    this.happened = happened;
    this.remedy = remedy;
  }
}
