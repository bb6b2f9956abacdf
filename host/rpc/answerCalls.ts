import type { AnswerMessage, CallMessage, ProgressOf, Requests } from './calls.ts';
import { serializeError } from './SerializedError.ts';

/** A call as its handler sees it. */
export interface AnsweredCall<Request> {
  /** Aborted when the caller no longer waits. */
  readonly signal: AbortSignal;
  /** Reports progress, which extends the caller's deadline. */
  readonly onProgress: (progress: ProgressOf<Request>) => void;
}

export type CallHandlers<Table extends Requests<Table>> = {
  readonly [Name in keyof Table]: (
    argument: Table[Name]['argument'],
    call: AnsweredCall<Table[Name]>,
  ) => Table[Name]['answer'] | Promise<Table[Name]['answer']>;
};

/**
 * The side of a thread or process border that answers. Anything a handler throws is sent as a SerializedError.
 * @param post sends a message to the caller; must not throw
 * @returns receiver of the caller's messages
 */
export function answerCalls<Table extends Requests<Table>>(
  handlers: CallHandlers<Table>,
  post: (message: AnswerMessage) => void,
): (message: CallMessage<Table>) => void {
  const running = new Map<number, AbortController>();
  const answer = async <Name extends keyof Table>(number: number, name: Name, argument: Table[Name]['argument']) => {
    const abortion = new AbortController();
    running.set(number, abortion);
    try {
      const { signal } = abortion;
      const onProgress = (progress: ProgressOf<Table[Name]>) => post({ type: 'progress', number, progress });
      post({ type: 'answer', number, answer: await handlers[name](argument, { signal, onProgress }) });
    } catch (error) {
      post({ type: 'refusal', number, error: serializeError(error) });
    } finally {
      running.delete(number);
    }
  };
  return (message) => {
    if (message.type === 'abort') running.get(message.number)?.abort();
    else void answer(message.number, message.name, message.argument);
  };
}
