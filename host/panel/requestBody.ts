import type { IncomingMessage } from 'node:http';
import { Refusal } from './Refusal.ts';

/** Time for a body, so that a sender that stops does not keep the connection for ever. */
const BODY_MILLISECONDS = 300_000;

export interface BodyLimits {
  readonly maximumBytes: number;
  /** What the body is, in texts for the user. */
  readonly what: string;
  /** @default `BODY_MILLISECONDS` */
  readonly milliseconds?: number;
}

/** @throws Refusal if the body exceeds a limit or breaks off */
export async function bodyText(request: IncomingMessage, limits: BodyLimits): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of limitedBody(request, limits)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Streams the body of a request. @throws Refusal if it exceeds a limit or breaks off */
export async function* limitedBody(
  request: IncomingMessage,
  { maximumBytes, what, milliseconds = BODY_MILLISECONDS }: BodyLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  const tooLong = () => new Refusal(413, `${what} must be at most ${maximumBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > maximumBytes) throw tooLong();
  const timer = setTimeout(() => request.destroy(), milliseconds);
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > maximumBytes) throw tooLong();
      yield chunk;
    }
  } catch (error) {
    // The sender has gone, or was too slow; nobody reads the refusal, and it is no fault of the program.
    throw request.complete || error instanceof Refusal ? error : new Refusal(400, `${what} was cut off`);
  } finally {
    clearTimeout(timer);
  }
}

/** @returns the name of an uploaded file for messages to the user: without folders and control characters, and shortened */
export function uploadName({ headers }: IncomingMessage): string {
  const name = decoded(String(headers['x-file-name'] ?? ''))
    .replace(/^.*[/\\]/s, '')
    .replace(/\p{C}/gu, '')
    .slice(0, 100);
  return name === '' ? 'file' : name;
}

/** @throws Refusal if a percent sign is not followed by a code */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400, 'a name in the request is malformed');
  }
}
