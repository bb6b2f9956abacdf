import { ReplaySubject, Subject } from 'rxjs';
import type { AudioError } from '../audio/backend/AudioError.ts';
import type { LiveStatus } from '../protocol/LiveState.ts';
import type { AudioRequestName, AudioRequests, AudioStatus, OpenedAudio } from '../rpc/audioMessages.ts';
import { SYSTEM_CLOCK } from '../rpc/systemClock.ts';
import type { InputSound, RecordingKind } from '../rpc/takeMessages.ts';
import { AudioProcess } from './AudioProcess.ts';
import { AudioSupervisor } from './AudioSupervisor.ts';
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
  /** The best channels of the input have been found. @param remark which and why */
  onInputChosen(remark: string): void;
  onRecordingFailed(what: RecordingKind, message: string): void;
  /** Feedback has been found, and the output is silent until the master is muted and unmuted. */
  onFeedback(): void;
  /** @returns the reason why a request is refused while no audio process is open */
  noSoundError(): AudioError;
}

/** Connects a session to its audio process, whichever is running now. Sums the counters of all of them. */
export class AudioLink {
  readonly status = new ReplaySubject<LiveStatus>(1);
  readonly telemetry = new Subject<Uint8Array>();
  /** Sound of the voice stream. */
  readonly sound = new Subject<Uint8Array>();
  /** Sound frames of the mix, while they are requested. */
  readonly mix = new Subject<Uint8Array>();
  /** Sound of the input, while it is followed. */
  readonly input = new Subject<InputSound>();

  private readonly listener: AudioLinkListener;
  private readonly supervisor: AudioSupervisor<AudioProcess, OpenedAudio>;
  private readonly startMilliseconds = performance.now();
  /** Sum over the audio processes that have ended. */
  private endedCounts = NO_COUNTS;
  private latestCounts = NO_COUNTS;
  private restarts = 0;

  constructor(listener: AudioLinkListener) {
    this.listener = listener;
    this.supervisor = new AudioSupervisor<AudioProcess, OpenedAudio>({
      clock: SYSTEM_CLOCK,
      start: (onLost) => this.start(onLost),
      openDevices: (audio) => listener.onOpening(audio),
      onOpened: (opened, isRetry) => {
        listener.onOpened(opened);
        if (!isRetry) return;
        this.restarts++;
        listener.onNotice('sound is back');
        void listener.onBack();
      },
      onEnded: () => {
        this.endedCounts = addCounters(this.endedCounts, this.latestCounts);
        this.latestCounts = NO_COUNTS;
      },
      onLost: (problem) => {
        listener.onNotice(`${problem}; trying again`);
        listener.onWaiting(problem);
      },
      onRetryFailed: (problem) => listener.onWaiting(problem),
    });
  }

  get isOpen(): boolean {
    return this.supervisor.openProcess !== null;
  }

  /** @throws the error of the audio process; AudioError of kind 'gone' if no device is open; CallError if there is no answer */
  request<Name extends AudioRequestName>(
    name: Name,
    argument: AudioRequests[Name]['argument'],
  ): Promise<AudioRequests[Name]['answer']> {
    const audio = this.supervisor.openProcess;
    if (audio === null) return Promise.reject(this.listener.noSoundError());
    return audio.request(name, argument);
  }

  /**
   * Ends the audio process, if there is one, and opens devices in a new one.
   * @throws the reason why that failed; then no process runs. CallError of kind 'aborted' if it is called again in the meantime
   */
  open(): Promise<void> {
    return this.supervisor.open();
  }

  /** Ends the audio process, if there is one. */
  release(): Promise<void> {
    return this.supervisor.release();
  }

  /** Tries until devices are open; does nothing while an audio process runs. */
  retry(): void {
    this.supervisor.retry();
  }

  /** Completes recordings and closes the devices. Never throws. */
  async close(): Promise<void> {
    await this.supervisor.close();
    this.status.complete();
    this.telemetry.complete();
    this.sound.complete();
    this.mix.complete();
    this.input.complete();
  }

  private start(onLost: (problem: string) => void): AudioProcess {
    const { listener } = this;
    const audio: AudioProcess = new AudioProcess({
      onStatus: (status) => this.receive(audio, status),
      onTelemetry: (frame) => this.telemetry.next(frame),
      onSound: (pcm) => this.sound.next(pcm),
      onMix: (frame) => this.mix.next(frame),
      onInput: (sound) => this.input.next(sound),
      onFeedback: () => listener.onFeedback(),
      onNotice: (text) => listener.onNotice(text),
      onInputChosen: (remark) => {
        if (audio === this.supervisor.openProcess) listener.onInputChosen(remark);
      },
      onRecordingFailed: (what, message) => listener.onRecordingFailed(what, message),
      onLost,
    });
    return audio;
  }

  private receive(audio: AudioProcess, audioStatus: AudioStatus): void {
    if (audio !== this.supervisor.openProcess) return;
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
