import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'] as const;

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** Whether `host` stands for every address of this machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** @returns the name by which other machines reach a server that listens on `host`; null if they cannot */
export function outsideHost(host: string): string | null {
  if (isLoopback(host)) return null;
  if (!isWildcard(host)) return host;
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? hostname();
}

/** @returns `host` as it is written in a URL: IPv6 in brackets */
export function addressHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Parses the request target; null if it is malformed. The host of the result is a placeholder. */
export function requestedAddress(request: IncomingMessage): URL | null {
  try {
    return new URL(`http://panel${request.url ?? '/'}`);
  } catch {
    return null;
  }
}

/**
 * Access control of the panel's server. A request needs the token, a Host header with one of this server's names, and, from a browser, an
 * Origin of this server. The Host check stops DNS rebinding (a foreign name that resolves to this machine), the Origin check other sites.
 */
export class PanelAccess {
  readonly token: string;
  private readonly hosts: ReadonlySet<string>;
  private readonly tokenHash: Buffer;

  /** @param host address that the server listens on; a wildcard allows every address of this machine */
  constructor(host: string, port: number, token: string) {
    this.token = token;
    this.tokenHash = hashOf(token);
    const names = [...LOOPBACK_HOSTS, ...(isLoopback(host) ? [] : networkNames(host))];
    this.hosts = new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
  }

  /** @returns why the Host or Origin of a request is refused; null if it is allowed */
  problem({ headers }: IncomingMessage): string | null {
    const host = headers.host?.toLowerCase() ?? '';
    if (!this.hosts.has(host)) return 'the Host header is not a name of this server';
    // Programs send no Origin. Browsers always send it with WebSockets and POST, and pages cannot suppress it.
    const { origin } = headers;
    if (origin !== undefined && origin.toLowerCase() !== `http://${host}`)
      return 'only pages of this server may send requests';
    return null;
  }

  /** Compares in constant time, so that the time reveals nothing about the token. */
  isToken(text: string | null): boolean {
    return text !== null && timingSafeEqual(hashOf(text), this.tokenHash);
  }
}

function networkNames(host: string): string[] {
  if (!isWildcard(host)) return [addressHost(host).toLowerCase()];
  const addresses = Object.values(networkInterfaces()).flatMap((entries) =>
    (entries ?? []).map((each) => each.address),
  );
  return [...addresses.map(addressHost), hostname(), `${hostname()}.local`].map((name) => name.toLowerCase());
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
