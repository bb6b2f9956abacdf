import type { SerializedError } from './SerializedError.ts';

/** Table of the requests that a thread or process answers: `interface TrainerRequests { readonly train: { argument, answer } }`. */
export type Requests<Table> = { readonly [Name in keyof Table]: RequestTypes };

interface RequestTypes {
  readonly argument: unknown;
  readonly answer: unknown;
  /** What is reported before the answer. @default nothing */
  readonly progress?: unknown;
}

export type ProgressOf<Request> = Request extends { readonly progress: infer Progress } ? Progress : never;

/** From the caller. */
export type CallMessage<Table extends Requests<Table>> =
  | {
      [Name in keyof Table]: {
        readonly type: 'call';
        readonly number: number;
        readonly name: Name;
        readonly argument: Table[Name]['argument'];
      };
    }[keyof Table]
  /** The caller no longer waits for this answer. */
  | { readonly type: 'abort'; readonly number: number };

/** From the side that answers. The name of the call with this number determines the types of `answer` and `progress`. */
export type AnswerMessage =
  | { readonly type: 'progress'; readonly number: number; readonly progress: unknown }
  | { readonly type: 'answer'; readonly number: number; readonly answer: unknown }
  | { readonly type: 'refusal'; readonly number: number; readonly error: SerializedError };

/** First message of a thread: it has loaded its modules and receives calls. */
export interface LoadedMessage {
  readonly type: 'loaded';
}
