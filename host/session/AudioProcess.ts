import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../engine/core/errors.ts';
import type {
  AudioRequestName,
  AudioRequests,
  AudioStatus,
  MessageFromAudio,
  MessageToAudio,
} from '../rpc/audioMessages.ts';
import { deserializeError } from '../rpc/SerializedError.ts';

export interface AudioProcessListener {
  onStatus(status: AudioStatus): void;
  onTelemetry(frame: Uint8Array): void;
  onNotice(text: string): void;
  onRecordingFailed(what: 'take' | 'speech', message: string): void;
  /** The devices are lost, or the process has ended or stopped responding. Called at most once, and never after `close`. */
  onLost(message: string): void;
}

interface Waiter {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** PortAudio blocks one thread of libuv's pool for each direction of a stream. */
const THREAD_POOL_SIZE = '16';
/** The process sends a status twice a second while devices are open; after this time without one it is considered hung. */
const SILENCE_MILLISECONDS = 2500;
const CLOSE_PATIENCE_MILLISECONDS = 3000;
/** Amount of the sound libraries' output that is kept; its last line often states why the process ended. */
const KEPT_OUTPUT_CHARACTERS = 2000;

/** Proxy, in the session's process, of the audio process, which owns the devices and the engine. */
export class AudioProcess {
  private readonly child: ChildProcess;
  private readonly listener: AudioProcessListener;
  private readonly waiters = new Map<number, Waiter>();
  private number = 0;
  private output = '';
  private isOver = false;
  private watchdog: NodeJS.Timeout | null = null;

  /** @param isPatient whether to run at low priority, for a process that only lists devices */
  constructor(listener: AudioProcessListener, isPatient = false) {
    this.listener = listener;
    this.child = fork(fileURLToPath(new URL('../audioProcess/audioProcessMain.js', import.meta.url)), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A library of PortAudio's wrapper writes crash logs into its working directory.
      cwd: tmpdir(),
      env: { ...process.env, UV_THREADPOOL_SIZE: THREAD_POOL_SIZE },
    });
    if (isPatient) lowerPriority(this.child.pid);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-KEPT_OUTPUT_CHARACTERS);
      });
    }
    this.child.on('message', (message: MessageFromAudio) => this.receive(message));
    this.child.on('error', (error) => this.lose(`the audio process cannot run: ${error.message}`));
    this.child.on('exit', (code, signal) =>
      this.lose(`the audio process has ended (${signal ?? code})${this.lastPrinted()}`),
    );
  }

  /** @throws InputError if the audio process refuses the request or has ended */
  request<Name extends AudioRequestName>(
    name: Name,
    argument: AudioRequests[Name]['argument'],
  ): Promise<AudioRequests[Name]['answer']> {
    return new Promise((resolve, reject) => {
      if (this.isOver) {
        reject(new InputError('gone: the audio process ended and is being restarted; try again'));
        return;
      }
      const number = ++this.number;
      this.waiters.set(number, { resolve: resolve as Waiter['resolve'], reject });
      this.child.send({ number, name, argument } as MessageToAudio);
    });
  }

  /** Completes recordings and closes the devices; kills the process if that takes too long. Never throws. */
  async close(): Promise<void> {
    if (this.isOver) return;
    const closed = this.request('close', null).catch(() => null);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      closed,
      new Promise((resolve) => {
        timer = setTimeout(resolve, CLOSE_PATIENCE_MILLISECONDS);
      }),
    ]);
    clearTimeout(timer);
    this.end();
  }

  /** Ends the process immediately; recordings are not completed. */
  kill(): void {
    this.end();
  }

  private end(): void {
    this.isOver = true;
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    for (const { reject } of this.waiters.values()) reject(new InputError('gone: the audio process has ended'));
    this.waiters.clear();
    this.child.kill('SIGKILL');
  }

  private receive(message: MessageFromAudio): void {
    if (this.isOver) return;
    if (message instanceof Uint8Array) {
      this.listener.onTelemetry(message);
      return;
    }
    switch (message.type) {
      case 'answer':
        this.waiters.get(message.number)?.resolve(message.answer as never);
        this.waiters.delete(message.number);
        break;
      case 'refusal':
        this.waiters.get(message.number)?.reject(deserializeError(message.error));
        this.waiters.delete(message.number);
        break;
      case 'status':
        this.expectMore();
        this.listener.onStatus(message.status);
        break;
      case 'remark':
        this.listener.onNotice(message.text);
        break;
      case 'recordingFailed':
        this.listener.onRecordingFailed(message.what, message.message);
        break;
      case 'lost':
        this.lose(message.message);
    }
  }

  /** After the first status, more must follow. */
  private expectMore(): void {
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.lose('the audio process does not respond'), SILENCE_MILLISECONDS);
    this.watchdog.unref();
  }

  private lastPrinted(): string {
    const line = this.output.trim().split('\n').at(-1);
    return line ? `; it printed last: ${line}` : '';
  }

  private lose(message: string): void {
    if (this.isOver) return;
    this.end();
    this.listener.onLost(message);
  }
}

function lowerPriority(processId: number | undefined): void {
  try {
    if (processId !== undefined) setPriority(processId, constants.priority.PRIORITY_LOW);
  } catch {
    // The process has ended already, or the system has no priorities.
  }
}
