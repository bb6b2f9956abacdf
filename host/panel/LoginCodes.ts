import { createHash } from 'node:crypto';
import type { Seconds } from '../../engine/core/units.ts';
import { randomToken } from './panelToken.ts';

/** A browser that takes longer to start finds the complete address in the terminal. */
const LIFETIME_SECONDS: Seconds = 60;

/**
 * Codes that a page exchanges for the panel's token, each once and within a minute. The address that a browser is started with is an
 * argument of its process, which every user of the machine can read, so it holds a code instead of the token.
 */
export class LoginCodes {
  private readonly now: () => Seconds;
  /** Times of expiry, by hash: a lookup by hash takes a time that reveals nothing about the codes. */
  private readonly expiries = new Map<string, Seconds>();

  /** @param now monotonic clock */
  constructor(now: () => Seconds = () => performance.now() / 1000) {
    this.now = now;
  }

  issue(): string {
    this.removeExpired();
    const code = randomToken();
    this.expiries.set(hashOf(code), this.now() + LIFETIME_SECONDS);
    return code;
  }

  /** Whether `code` can be exchanged now. It stays valid. */
  isValid(code: string | null): boolean {
    this.removeExpired();
    return code !== null && this.expiries.has(hashOf(code));
  }

  /** Uses the code up. @returns whether it was valid */
  redeem(code: string): boolean {
    this.removeExpired();
    return this.expiries.delete(hashOf(code));
  }

  private removeExpired(): void {
    for (const [hash, expiry] of this.expiries) if (expiry <= this.now()) this.expiries.delete(hash);
  }
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('base64');
}
