import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { AudioError } from '../audio/backend/AudioError.ts';
import type { AudioRequestName, AudioRequests, AudioStatus, MessageFromAudio } from '../rpc/audioMessages.ts';
import { Caller } from '../rpc/Caller.ts';
import { deserializeError } from '../rpc/SerializedError.ts';
import { SYSTEM_CLOCK } from '../rpc/systemClock.ts';
import type { InputSound, RecordingKind } from '../rpc/takeMessages.ts';
import {
  type AudioProcessEvent,
  type AudioProcessState,
  isUnexpectedEnd,
  nextAudioProcessState,
} from './audioProcessState.ts';

export interface AudioProcessListener {
  onStatus(status: AudioStatus): void;
  onTelemetry(frame: Uint8Array): void;
  onNotice(text: string): void;
  /** The best channels of the input have been found. @param remark which and why */
  onInputChosen(remark: string): void;
  onRecordingFailed(what: RecordingKind, message: string): void;
  /** The next sound of the voice stream. */
  onSound(pcm: Uint8Array): void;
  /** The next sound frame of the mix. */
  onMix(frame: Uint8Array): void;
  /** The next sound of the input. */
  onInput(sound: InputSound): void;
  /** Feedback has been found, and the output is silent. */
  onFeedback(): void;
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
  listen: 10_000,
  followInput: 10_000,
  close: 3000,
};
/** Amount of the sound libraries' output that is kept; its last line often states why the process ended. */
const KEPT_OUTPUT_CHARACTERS = 2000;

const HANGING = 'the audio process does not respond: this computer may be too busy';
const REMEDY = 'it is being restarted; try again';

/**
 * Proxy, in the session's process, of one audio process, which owns the devices and the engine. All changes of state pass through
 * `dispatch`.
 */
export class AudioProcess {
  private readonly child: ChildProcess;
  private readonly listener: AudioProcessListener;
  private readonly caller: Caller<AudioRequests>;
  private output = '';
  private state: AudioProcessState = { name: 'idle' };
  private cancelTimer = () => {};

  constructor(
    listener: AudioProcessListener,
    { isPatient = false, deadlinesMilliseconds = REQUEST_DEADLINES_MILLISECONDS }: AudioProcessOptions = {},
  ) {
    this.listener = listener;
    const child = fork(fileURLToPath(new URL('../audioProcess/audioProcessMain.js', import.meta.url)), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A library of PortAudio's wrapper writes crash logs into its working directory.
      cwd: tmpdir(),
      env: { ...process.env, UV_THREADPOOL_SIZE: THREAD_POOL_SIZE },
    });
    this.child = child;
    this.caller = new Caller<AudioRequests>({
      peer: 'the audio process',
      remedy: REMEDY,
      deadlinesMilliseconds,
      // The channel may be closing already: then the child's exit follows, and ends the calls.
      post: (message) => void child.send(message, () => {}),
      onTimeout: ({ happened }) => this.lose(happened),
    });
    if (isPatient) lowerPriority(child.pid);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-KEPT_OUTPUT_CHARACTERS);
      });
    }
    child.on('message', (message: MessageFromAudio) => this.receive(message));
    child.on('error', (error) => this.lose(`the audio process cannot run: ${error.message}`));
    child.on('exit', (code, signal) =>
      this.lose(`the audio process has ended (${signal ?? `exit code ${code}`})${this.lastPrinted()}`),
    );
  }

  /** null: the process could not be started. */
  get processId(): number | null {
    return this.child.pid ?? null;
  }

  /**
   * @param signal ends the wait for the answer with a CallError of kind 'aborted'; the process continues
   * @throws the error of the audio process; AudioError of kind 'gone' if it has ended; CallError of kind 'timeout' if it does not answer
   * before the deadline: then it is killed
   */
  request<Name extends AudioRequestName>(
    name: Name,
    argument: AudioRequests[Name]['argument'],
    signal?: AbortSignal,
  ): Promise<AudioRequests[Name]['answer']> {
    return this.caller.call(name, argument, signal === undefined ? {} : { signal });
  }

  /** Completes recordings and closes the devices; kills the process if that takes too long. Never throws. */
  async close(): Promise<void> {
    if (this.state.name === 'ended') return;
    this.dispatch({ type: 'close' });
    await this.request('close', null).catch(() => null);
    this.kill();
  }

  /** Ends the process immediately; recordings are not completed. */
  kill(): void {
    this.dispatch({ type: 'killed' });
  }

  private lose(message: string): void {
    const before = this.state;
    const event: AudioProcessEvent = { type: 'lost' };
    this.dispatch(event, message);
    if (isUnexpectedEnd(before, event)) this.listener.onLost(message);
  }

  /** Sets the timer of the new state and cancels that of the old one; ends the process in the state 'ended'. */
  private dispatch(event: AudioProcessEvent, reason = 'the audio process has ended'): void {
    const before = this.state;
    this.state = nextAudioProcessState(before, event, SYSTEM_CLOCK.nowMilliseconds());
    if (this.state === before) return;
    this.cancelTimer();
    this.cancelTimer = () => {};
    if (this.state.name === 'streaming') {
      const milliseconds = this.state.silentAtMilliseconds - SYSTEM_CLOCK.nowMilliseconds();
      this.cancelTimer = SYSTEM_CLOCK.after(milliseconds, () => this.lose(HANGING));
    }
    if (this.state.name !== 'ended') return;
    this.caller.close(new AudioError('gone', reason, REMEDY));
    this.child.kill('SIGKILL');
  }

  private receive(message: MessageFromAudio): void {
    if (this.state.name === 'ended') return;
    if (message instanceof Uint8Array) {
      this.listener.onTelemetry(message);
      return;
    }
    switch (message.type) {
      case 'status':
        this.dispatch({ type: 'status' });
        this.listener.onStatus(message.status);
        break;
      case 'notice':
        this.listener.onNotice(message.text);
        break;
      case 'inputChosen':
        this.listener.onInputChosen(message.remark);
        break;
      case 'sound':
        this.listener.onSound(message.pcm);
        break;
      case 'mix':
        this.listener.onMix(message.frame);
        break;
      case 'input':
        this.listener.onInput(message.sound);
        break;
      case 'feedback':
        this.listener.onFeedback();
        break;
      case 'recordingFailed':
        this.listener.onRecordingFailed(message.what, deserializeError(message.error).message);
        break;
      case 'lost':
        this.lose(message.message);
        break;
      default:
        this.caller.receive(message);
    }
  }

  private lastPrinted(): string {
    const line = this.output.trim().split('\n').at(-1);
    return line ? `; it printed last: ${line}` : '';
  }
}

function lowerPriority(processId: number | undefined): void {
  try {
    if (processId !== undefined) setPriority(processId, constants.priority.PRIORITY_LOW);
  } catch {
    // The process has ended already, or the system has no priorities.
  }
}
