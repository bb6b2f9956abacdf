import { ReplaySubject, Subject } from 'rxjs';
import { InputError } from '../../engine/core/errors.ts';
import { AudioError } from '../audio/backend/AudioError.ts';
import type { LiveStatus } from '../protocol/LiveState.ts';
import type { AudioRequestName, AudioRequests, AudioStatus, OpenedAudio } from '../rpc/audioMessages.ts';
import { AudioProcess } from './AudioProcess.ts';
import { addCounters, NO_COUNTS } from './liveCounters.ts';

export interface AudioLinkListener {
  /** Opens devices in a new audio process: at the start, on request, and repeatedly after a loss. */
  onOpening(audio: AudioProcess): Promise<OpenedAudio>;
  /** The devices are open. No other setting has been sent to the new process yet. */
  onOpened(opened: OpenedAudio): void;
  /** The devices are open again after a loss. Never throws, even if they are lost again in the meantime. */
  onBack(): Promise<void>;
  /** The devices were lost; there is no sound until the next `onOpened`. */
  onWaiting(problem: string): void;
  onStatus(status: AudioStatus): void;
  onNotice(text: string): void;
  onRecordingFailed(what: 'take' | 'speech', message: string): void;
}

/** Interval between attempts to open lost devices. */
const RETRY_MILLISECONDS = 400;

/**
 * Keeps an audio process running: when the process, its devices or the sound server are lost, starts new ones until devices are open
 * again. Sums the counters of all of them.
 */
export class AudioLink {
  readonly status = new ReplaySubject<LiveStatus>(1);
  readonly telemetry = new Subject<Uint8Array>();

  private readonly listener: AudioLinkListener;
  private readonly startMilliseconds = performance.now();
  private audio: AudioProcess | null = null;
  /** Sum over the audio processes that have ended. */
  private endedCounts = NO_COUNTS;
  private latestCounts = NO_COUNTS;
  private restarts = 0;
  private isClosed = false;
  private isRetrying = false;
  /** Resolves when the last requested opening or closing is done: they run one at a time. */
  private opening: Promise<void> = Promise.resolve();

  constructor(listener: AudioLinkListener) {
    this.listener = listener;
  }

  get isOpen(): boolean {
    return this.audio !== null;
  }

  /** @throws InputError if the audio process refuses the request, or no device is open */
  request<Name extends AudioRequestName>(
    name: Name,
    argument: AudioRequests[Name]['argument'],
  ): Promise<AudioRequests[Name]['answer']> {
    if (this.audio === null)
      return Promise.reject(
        new AudioError('gone', 'no device is open now', 'wait until it is back, or choose another'),
      );
    return this.audio.request(name, argument);
  }

  /** Closes the audio process, if there is one, and opens devices in a new one. @throws InputError if that fails; then no process runs */
  open(): Promise<void> {
    this.opening = this.opening.catch(() => {}).then(() => this.openNow());
    return this.opening;
  }

  /** Closes the audio process, if there is one. */
  release(): Promise<void> {
    this.opening = this.opening.catch(() => {}).then(() => this.closeNow());
    return this.opening;
  }

  /** Tries until devices are open; a concurrent `open` counts. */
  async retry(): Promise<void> {
    if (this.isRetrying) return;
    this.isRetrying = true;
    while (!this.isClosed) {
      await this.opening.catch(() => {});
      if (this.isOpen) break;
      try {
        await this.open();
        this.restarts++;
        this.listener.onNotice('sound is back');
        await this.listener.onBack();
      } catch (error) {
        if (this.isClosed) break;
        this.listener.onWaiting(error instanceof Error ? error.message : String(error));
        await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS).unref());
      }
    }
    this.isRetrying = false;
  }

  /** Completes recordings and closes the devices. Never throws. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.audio?.close();
    this.status.complete();
    this.telemetry.complete();
  }

  private async closeNow(): Promise<void> {
    const { audio } = this;
    this.audio = null;
    await audio?.close();
    this.endCounts();
  }

  private async openNow(): Promise<void> {
    const { listener } = this;
    await this.closeNow();
    const audio = new AudioProcess({
      onStatus: (status) => this.receive(audio, status),
      onTelemetry: (frame) => this.telemetry.next(frame),
      onNotice: (text) => listener.onNotice(text),
      onRecordingFailed: (what, message) => listener.onRecordingFailed(what, message),
      onLost: (message) => this.lose(audio, message),
    });
    try {
      const opened = await listener.onOpening(audio);
      if (this.isClosed) throw new InputError('the session has been closed');
      this.audio = audio;
      listener.onOpened(opened);
    } catch (error) {
      audio.kill();
      throw error;
    }
  }

  private lose(audio: AudioProcess, message: string): void {
    if (this.isClosed || this.audio !== audio) return;
    this.audio = null;
    this.endCounts();
    this.listener.onNotice(`${message}; trying again`);
    this.listener.onWaiting(message);
    void this.retry();
  }

  private endCounts(): void {
    this.endedCounts = addCounters(this.endedCounts, this.latestCounts);
    this.latestCounts = NO_COUNTS;
  }

  private receive(audio: AudioProcess, audioStatus: AudioStatus): void {
    if (audio !== this.audio) return;
    const { soundSeconds: _, take: _take, speech: _speech, counters, ...figures } = audioStatus;
    this.latestCounts = counters;
    this.status.next({
      ...figures,
      seconds: (performance.now() - this.startMilliseconds) / 1000,
      counters: { ...addCounters(this.endedCounts, counters), restarts: this.restarts },
    });
    this.listener.onStatus(audioStatus);
  }
}
