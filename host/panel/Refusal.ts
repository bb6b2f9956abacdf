import type { HostError, HostErrorKind } from '../protocol/hostError.ts';

/** Kinds of refusals by HTTP status; all others are mistakes in the request. */
const KINDS: Readonly<Record<number, HostErrorKind>> = {
  401: 'no-access',
  403: 'no-access',
  413: 'limit',
  429: 'limit',
};

/** A refused request and its HTTP status. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }

  get error(): HostError {
    return { kind: KINDS[this.status] ?? 'input', message: this.message, remedy: null };
  }
}
