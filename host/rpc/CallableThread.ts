import { type MessagePort, Worker } from 'node:worker_threads';
import { CallError } from '../../engine/core/CallError.ts';
import { Caller, type CallOptions } from './Caller.ts';
import type { AnswerMessage, LoadedMessage, Requests } from './calls.ts';
import { terminateLoaded } from './terminateLoaded.ts';

export interface CallableThreadOptions<Table extends Requests<Table>, Event> {
  /** Module of the worker, which calls `serveThread`. */
  readonly url: URL;
  /** What the thread is, as in "the trainer"; used in the text of errors. */
  readonly name: string;
  /** What the user can do if it ends or does not answer. */
  readonly remedy: string;
  /** Time for an answer, counted from the call or from its latest progress. */
  readonly deadlinesMilliseconds: Readonly<Record<keyof Table, number>>;
  readonly workerData?: unknown;
  readonly transferList?: readonly (ArrayBuffer | MessagePort)[];
  /**
   * Largest heap for young objects, in MB. Less occupies less memory, and is collected more often. @default that of V8, 48 MB for a thread
   * that creates many objects
   */
  readonly youngHeapMegabytes?: number;
  /** Receives what the thread posts besides answers. */
  readonly onEvent?: (event: Event) => void;
  /** The thread has ended by itself, or was terminated because of a missed deadline. Called once, and never after `terminate`. */
  readonly onEnded?: (error: CallError) => void;
}

/** A worker thread that answers calls, and may post events of its own. Types of events differ from those of AnswerMessage. */
export class CallableThread<Table extends Requests<Table>, Event extends { readonly type: string } = never> {
  private readonly worker: Worker;
  private readonly options: CallableThreadOptions<Table, Event>;
  private readonly caller: Caller<Table>;
  private readonly exited: Promise<void>;
  private readonly loaded: Promise<unknown>;
  private isOver = false;

  constructor(options: CallableThreadOptions<Table, Event>) {
    const { url, name, remedy, deadlinesMilliseconds, workerData, transferList = [], youngHeapMegabytes } = options;
    this.options = options;
    const worker = new Worker(url, {
      workerData,
      transferList: [...transferList],
      ...(youngHeapMegabytes === undefined ? {} : { resourceLimits: { maxYoungGenerationSizeMb: youngHeapMegabytes } }),
    });
    this.worker = worker;
    this.caller = new Caller<Table>({
      peer: name,
      remedy,
      deadlinesMilliseconds,
      post: (message, transfer) => worker.postMessage(message, transfer),
      onTimeout: (error) => this.fail(error),
    });
    worker.on('message', (message: AnswerMessage | LoadedMessage | Event) => this.receive(message));
    worker.on('error', (error: Error) =>
      this.fail(new CallError('ended', `${name} has failed (${error.message})`, remedy, error)),
    );
    this.exited = new Promise((resolve) =>
      worker.on('exit', (code) => {
        this.fail(new CallError('ended', `${name} has ended (exit code ${code})`, remedy));
        resolve();
      }),
    );
    this.loaded = new Promise((resolve) => worker.once('message', resolve).once('exit', resolve));
  }

  /** @throws the error of the thread; CallError if the call is aborted, misses its deadline, or the thread has ended */
  call<Name extends keyof Table & string>(
    name: Name,
    argument: Table[Name]['argument'],
    options: CallOptions<Table[Name]> = {},
  ): Promise<Table[Name]['answer']> {
    return this.caller.call(name, argument, options);
  }

  /**
   * Ends the thread, once it has loaded its modules; calls that are still open are rejected immediately.
   * @param patienceMilliseconds time in which it may end by itself
   * @param error error of the open calls and of later ones. @default CallError of kind 'ended'
   */
  async terminate(
    patienceMilliseconds = 0,
    error: Error = new CallError('ended', `${this.options.name} has been stopped`, this.options.remedy),
  ): Promise<void> {
    this.isOver = true;
    this.caller.close(error);
    if (patienceMilliseconds > 0) {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patienceMilliseconds);
      });
      await Promise.race([this.exited, patience]);
      clearTimeout(timer);
    }
    await terminateLoaded(this.worker, this.loaded);
  }

  private receive(message: AnswerMessage | LoadedMessage | Event): void {
    if (this.isOver || isLoaded(message)) return;
    if (isAnswer(message)) this.caller.receive(message);
    else this.options.onEvent?.(message);
  }

  private fail(error: CallError): void {
    if (this.isOver) return;
    this.isOver = true;
    this.caller.close(error);
    void terminateLoaded(this.worker, this.loaded);
    this.options.onEnded?.(error);
  }
}

const ANSWER_TYPES: readonly string[] = ['answer', 'refusal', 'progress'] satisfies AnswerMessage['type'][];

function isAnswer(message: AnswerMessage | { readonly type: string }): message is AnswerMessage {
  return ANSWER_TYPES.includes(message.type);
}

function isLoaded(message: AnswerMessage | LoadedMessage | { readonly type: string }): message is LoadedMessage {
  return message.type === 'loaded';
}
