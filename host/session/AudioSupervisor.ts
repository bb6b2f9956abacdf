import { CallError } from '../../engine/core/CallError.ts';
import type { Clock } from '../../engine/core/Clock.ts';
import { type AudioEvent, type AudioState, nextAudioState, processOf } from './audioState.ts';

/** The part of an audio process that its supervisor uses. */
export interface SupervisedProcess {
  /** Completes recordings and closes the devices; never throws. */
  close(): Promise<void>;
  kill(): void;
}

export interface AudioSupervisorOptions<Process, Opened> {
  readonly clock: Clock;
  /** Starts a process. @param onLost to be called if its devices are lost, or it ends or hangs; never after `close` or `kill` */
  readonly start: (onLost: (problem: string) => void) => Process;
  /** Opens devices in it. Must reject if the process ends, is killed, or does not answer in time. */
  readonly openDevices: (process: Process) => Promise<Opened>;
  /** @param isRetry after a loss, not because `open` was called */
  readonly onOpened: (opened: Opened, isRetry: boolean) => void;
  /** A process with open devices has ended, for whatever reason. */
  readonly onEnded: () => void;
  readonly onLost: (problem: string) => void;
  /** An attempt after a loss has failed; another follows. */
  readonly onRetryFailed: (problem: string) => void;
}

/**
 * Owns the audio process of a session: starts one to open devices, replaces one that is lost, and ends it. It retries until devices are
 * open or others are chosen, and gives up only if devices that the user chose cannot be opened. All changes of state pass through
 * `dispatch`.
 */
export class AudioSupervisor<Process extends SupervisedProcess, Opened> {
  private readonly options: AudioSupervisorOptions<Process, Opened>;
  private current: AudioState<Process> = { name: 'released' };
  private cancelTimer = () => {};
  /** Resolves when the processes before the current one are closed: two cannot have the same devices open. */
  private closing: Promise<void> = Promise.resolve();

  constructor(options: AudioSupervisorOptions<Process, Opened>) {
    this.options = options;
  }

  get state(): AudioState<Process> {
    return this.current;
  }

  /** The process whose devices are open; null: there is none. */
  get openProcess(): Process | null {
    return this.current.name === 'open' ? this.current.process : null;
  }

  /**
   * Ends the present process and opens devices in a new one.
   * @throws the reason why that failed; then no process runs. CallError of kind 'aborted' if another call of `open`, `release` or `close`
   * has come in between
   */
  async open(): Promise<void> {
    await this.attempt('open');
  }

  /** Ends the process, if there is one. */
  release(): Promise<void> {
    this.dispatch({ type: 'release' });
    return this.closing;
  }

  /** Tries until devices are open, if there is no process. */
  retry(): void {
    this.dispatch({ type: 'wait' });
  }

  /** Ends the process for good. */
  close(): Promise<void> {
    this.dispatch({ type: 'close' });
    return this.closing;
  }

  /** Ends the process of the old state, and sets the timer of the new one. */
  private dispatch(event: AudioEvent<Process>): void {
    const { clock, onEnded } = this.options;
    const before = this.current;
    const state = nextAudioState(before, event, clock.nowMilliseconds());
    if (state === before) return;
    this.cancelTimer();
    this.cancelTimer = () => {};
    this.current = state;
    const left = processOf(before);
    if (left !== null && left !== processOf(state)) {
      // A process that is opening, or lost, may hang.
      if (before.name === 'opening' || event.type === 'lost') left.kill();
      else this.closing = this.closing.then(() => left.close());
      if (before.name === 'open') onEnded();
    }
    if (state.name === 'waiting') {
      const milliseconds = state.untilMilliseconds - clock.nowMilliseconds();
      this.cancelTimer = clock.after(milliseconds, () => void this.retryNow());
    }
  }

  private async attempt(type: 'open' | 'retry'): Promise<void> {
    const { options } = this;
    if (this.current.name === 'closed') throw superseded();
    const process = options.start((problem) => this.lose(process, problem));
    this.dispatch({ type, process });
    try {
      await this.closing;
      const opened = await options.openDevices(process);
      if (processOf(this.current) !== process) throw superseded();
      this.dispatch({ type: 'opened', process });
      options.onOpened(opened, type === 'retry');
    } catch (error) {
      if (processOf(this.current) !== process) throw superseded();
      this.dispatch({ type: 'failed', process });
      throw error;
    }
  }

  private async retryNow(): Promise<void> {
    try {
      await this.attempt('retry');
    } catch (error) {
      if (this.current.name !== 'waiting') return;
      this.options.onRetryFailed(error instanceof Error ? error.message : String(error));
    }
  }

  private lose(process: Process, problem: string): void {
    if (this.openProcess !== process) return;
    this.dispatch({ type: 'lost', process });
    this.options.onLost(problem);
  }
}

function superseded(): CallError {
  return new CallError(
    'aborted',
    'opening the devices was cancelled: others were chosen, or the session has ended',
    null,
  );
}
