import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'] as const;

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** Every address of this machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** By what name other machines reach a server that listens on `host`; null where they can't. */
export function outsideHost(host: string): string | null {
  if (isLoopback(host)) return null;
  if (!isWildcard(host)) return host;
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? hostname();
}

/** As it stands in an address: IPv6 in brackets. */
export function addressHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** What a request asks for; null for what is no address. The host in it means nothing. */
export function requestedAddress(request: IncomingMessage): URL | null {
  try {
    return new URL(`http://panel${request.url ?? '/'}`);
  } catch {
    return null;
  }
}

/**
 * Who may talk to the panel's server: who knows the token, asked for one of this server's own names, and comes from a page of this
 * server. The name stops DNS rebinding (a foreign name that points here), the origin stops pages of other sites.
 */
export class PanelAccess {
  readonly token: string;
  private readonly hosts: ReadonlySet<string>;
  private readonly tokenHash: Buffer;

  /** @param host as it was bound; a wildcard stands for every address of this machine */
  constructor(host: string, port: number, token: string) {
    this.token = token;
    this.tokenHash = hashOf(token);
    const names = [...LOOPBACK_HOSTS, ...(isLoopback(host) ? [] : networkNames(host))];
    this.hosts = new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
  }

  /** @returns what is wrong with a request's host or origin, or null */
  problem({ headers }: IncomingMessage): string | null {
    const host = headers.host?.toLowerCase() ?? '';
    if (!this.hosts.has(host)) return 'this server does not go by that name';
    // Programs send no origin; browsers always do where it matters, and can't be made to leave it out.
    const { origin } = headers;
    if (origin !== undefined && origin.toLowerCase() !== `http://${host}`) return 'only pages of this server may ask';
    return null;
  }

  /** In the same time for every wrong token. */
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
