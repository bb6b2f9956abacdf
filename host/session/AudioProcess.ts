import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { AudioError } from '../audio/backend/AudioError.ts';
import type {
  AudioRequestName,
  AudioRequests,
  AudioStatus,
  MessageFromAudio,
  MessageToAudio,
} from '../rpc/audioMessages.ts';
import { CallTimeoutError, PendingCalls } from '../rpc/PendingCalls.ts';
import { deserializeError } from '../rpc/SerializedError.ts';

export interface AudioProcessListener {
  onStatus(status: AudioStatus): void;
  onTelemetry(frame: Uint8Array): void;
  onNotice(text: string): void;
  onRecordingFailed(what: 'take' | 'speech', message: string): void;
  /** The devices are lost, or the process has ended or stopped responding. Called at most once, and never after `close`. */
  onLost(message: string): void;
}

export interface AudioProcessOptions {
  /** Run at low priority, for a process that only lists devices. @default false */
  readonly isPatient?: boolean;
  /** @default REQUEST_DEADLINES_MILLISECONDS */
  readonly deadlinesMilliseconds?: Readonly<Record<AudioRequestName, number>>;
}

/** PortAudio blocks one thread of libuv's pool for each direction of a stream. */
const THREAD_POOL_SIZE = '16';
/** The process sends a status twice a second while devices are open; after this time without one it is considered hung. */
const SILENCE_MILLISECONDS = 2500;
/**
 * Time for an answer, after which the process is considered hung. A native call can block it: a driver that opens a device may take
 * seconds, a sound server that hangs never answers. Sampling eight speakers at a window of 1 s takes 4 s on an idle machine.
 */
export const REQUEST_DEADLINES_MILLISECONDS: Readonly<Record<AudioRequestName, number>> = {
  devices: 15_000,
  open: 20_000,
  speakerSet: 60_000,
  mix: 5000,
  parameters: 5000,
  startTake: 10_000,
  stopTake: 20_000,
  startSpeech: 10_000,
  stopSpeech: 20_000,
  close: 3000,
};
/** Amount of the sound libraries' output that is kept; its last line often states why the process ended. */
const KEPT_OUTPUT_CHARACTERS = 2000;

/** Proxy, in the session's process, of the audio process, which owns the devices and the engine. */
export class AudioProcess {
  private readonly child: ChildProcess;
  private readonly listener: AudioProcessListener;
  private readonly calls = new PendingCalls();
  private readonly deadlinesMilliseconds: Readonly<Record<AudioRequestName, number>>;
  private output = '';
  private isOver = false;
  private isClosing = false;
  private watchdog: NodeJS.Timeout | null = null;

  constructor(
    listener: AudioProcessListener,
    { isPatient = false, deadlinesMilliseconds = REQUEST_DEADLINES_MILLISECONDS }: AudioProcessOptions = {},
  ) {
    this.listener = listener;
    this.deadlinesMilliseconds = deadlinesMilliseconds;
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

  /** null: the process could not be started. */
  get processId(): number | null {
    return this.child.pid ?? null;
  }

  /** @throws InputError if the audio process refuses the request, has ended, or does not answer before the deadline: then it is killed */
  async request<Name extends AudioRequestName>(
    name: Name,
    argument: AudioRequests[Name]['argument'],
  ): Promise<AudioRequests[Name]['answer']> {
    if (this.isOver) throw processEnded();
    const timeoutMilliseconds = this.deadlinesMilliseconds[name];
    const { number, answer } = this.calls.open<AudioRequests[Name]['answer']>(name, { timeoutMilliseconds });
    // The child's message channel may be closing already: then its exit follows, and ends the call.
    this.child.send({ number, name, argument } as MessageToAudio, () => {});
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof CallTimeoutError)) throw error;
      this.lose(`the audio process does not respond (${error.message})`);
      throw new AudioError('gone', 'the audio process does not respond', 'it is being restarted; try again');
    }
  }

  /** Completes recordings and closes the devices; kills the process if that takes too long. Never throws. */
  async close(): Promise<void> {
    if (this.isOver) return;
    this.isClosing = true;
    await this.request('close', null).catch(() => null);
    this.end();
  }

  /** Ends the process immediately; recordings are not completed. */
  kill(): void {
    this.end();
  }

  private end(): void {
    this.isOver = true;
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    this.calls.rejectAll(processEnded());
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
        this.calls.resolve(message.number, message.answer);
        break;
      case 'refusal':
        this.calls.reject(message.number, deserializeError(message.error));
        break;
      case 'status':
        this.expectMore();
        this.listener.onStatus(message.status);
        break;
      case 'notice':
        this.listener.onNotice(message.text);
        break;
      case 'recordingFailed':
        this.listener.onRecordingFailed(message.what, deserializeError(message.error).message);
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
    if (!this.isClosing) this.listener.onLost(message);
  }
}

function processEnded(): AudioError {
  return new AudioError('gone', 'the audio process has ended', 'it is being restarted; try again');
}

function lowerPriority(processId: number | undefined): void {
  try {
    if (processId !== undefined) setPriority(processId, constants.priority.PRIORITY_LOW);
  } catch {
    // The process has ended already, or the system has no priorities.
  }
}
