import type * as BullMq from 'bullmq';
import type { Redis } from 'ioredis';
import { InputError } from '../../engine/core/errors.ts';
import { packageProblem } from './packageProblem.ts';
import { type QueueAddress, queueAddress } from './queueAddress.ts';

/** Name of the queue, which dashboards of BullMQ show. */
export const QUEUE_NAME = 'unmingle';
/** Name of the stream by which batches tell workers to stop a job. */
export const CONTROL_NAME = 'unmingle-control';
/** Time for the first connection; later ones are tried until they succeed. */
const CONNECT_MILLISECONDS = 10_000;
const LONGEST_RETRY_MILLISECONDS = 5000;

/** The package, loaded, and a connection to the server. */
export interface BullConnection {
  readonly bullmq: typeof BullMq;
  readonly client: Redis;
  readonly address: QueueAddress;
}

/**
 * Loads BullMQ and connects. A connection that is lost later is restored; until then commands wait.
 * @param onNotice one line when the connection is lost, and when it is restored
 * @throws InputError if the packages are not installed, or the server cannot be reached or refuses the password
 */
export async function connectQueue(text: string, onNotice: (text: string) => void): Promise<BullConnection> {
  const address = queueAddress(text);
  const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]).catch((error: unknown) => {
    throw packageProblem(error, '--queue', ['bullmq', 'ioredis']);
  });
  let isConnected = false;
  const client = new Redis(address.url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MILLISECONDS,
    // BullMQ requires it: a command waits for the server to come back.
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => (isConnected ? Math.min(200 * attempt, LONGEST_RETRY_MILLISECONDS) : null),
  });
  let problem: Error | null = null;
  client.on('error', (error: Error) => {
    problem = error;
  });
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw new InputError(`cannot use the queue ${address.text}: ${problemText(problem ?? error)}`);
  }
  isConnected = true;
  let isAway = false;
  client.on('close', () => {
    if (!isAway && client.status !== 'end') onNotice(`the queue ${address.text} cannot be reached; waiting for it`);
    isAway = true;
  });
  client.on('ready', () => {
    if (isAway) onNotice(`the queue ${address.text} is reached again`);
    isAway = false;
  });
  return { bullmq, client, address };
}

function problemText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.message.replace(/\s*\n\s*/g, ' ').slice(0, 200);
}
