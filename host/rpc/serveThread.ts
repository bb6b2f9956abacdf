import { parentPort } from 'node:worker_threads';
import { answerCalls, type CallHandlers } from './answerCalls.ts';
import type { CallMessage, LoadedMessage, Requests } from './calls.ts';

/** Answers the calls of the `CallableThread` that has started this worker thread. */
export function serveThread<Table extends Requests<Table>>(handlers: CallHandlers<Table>): void {
  const port = parentPort;
  if (port === null) throw new Error('calls are answered in a worker thread only');
  const receive = answerCalls<Table>(handlers, (message) => port.postMessage(message));
  port.on('message', (message: CallMessage<Table>) => receive(message));
  port.postMessage({ type: 'loaded' } satisfies LoadedMessage);
}
