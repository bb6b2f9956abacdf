import { InputError } from '../../engine/core/errors.ts';

/** A server of Redis or Valkey. */
export interface QueueAddress {
  /** As the client reads it, with the password: never shown. */
  readonly url: string;
  /** For users: without name and password. */
  readonly text: string;
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  'redis:': 'redis:',
  'rediss:': 'rediss:',
  'valkey:': 'redis:',
  'valkeys:': 'rediss:',
};

/** @throws InputError, which does not repeat the text: it may hold a password */
export function queueAddress(text: string): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  const protocol = PROTOCOLS[url?.protocol ?? ''];
  if (url === null || protocol === undefined || url.hostname === '' || !/^\/?\d*$/.test(url.pathname)) {
    throw new InputError(
      '--queue must be redis://HOST:PORT/DATABASE, or rediss:// with TLS, if needed with USER:PASSWORD@ before the host',
    );
  }
  const rest = text.slice(text.indexOf(':') + 1);
  return { url: protocol + rest, text: `${protocol}//${url.host}${url.pathname.replace(/^\/$/, '')}` };
}
