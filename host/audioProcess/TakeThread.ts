import { CallableThread } from '../rpc/CallableThread.ts';
import { deserializeError } from '../rpc/SerializedError.ts';
import type {
  InputSound,
  LoadedVoice,
  RecordingFigures,
  RecordingKind,
  RecordingRequest,
  SpeechFigures,
  TakeEvent,
  TakeRequests,
  TakeWorkerConfig,
} from '../rpc/takeMessages.ts';

export interface TakeThreadListener {
  /** Figures of what is being recorded; null: nothing of that kind. */
  onProgress(take: RecordingFigures | null, speech: SpeechFigures | null): void;
  /** The next sound of the stream. */
  onSound(pcm: Uint8Array): void;
  /** The next sound frame of the mix. */
  onMix(frame: Uint8Array): void;
  /** The next sound of the input. */
  onInput(sound: InputSound): void;
  /** The mix was fed back to the input; its sound frames are silent for a while. */
  onFeedback(): void;
  /** A recording has ended because it cannot be written; the thread continues. */
  onFailed(kind: RecordingKind, error: Error): void;
  /** The thread has ended by itself or missed a deadline, and with it all recordings. Called once, and never after `terminate`. */
  onLost(error: Error): void;
}

/** Time for an answer of the thread. */
export type TakeDeadlines = Readonly<Record<keyof TakeRequests, number>>;

/** The worker thread that reads the tap and writes recordings. @thread device */
export class TakeThread {
  private readonly thread: CallableThread<TakeRequests, TakeEvent>;
  private readonly listener: TakeThreadListener;

  constructor(config: TakeWorkerConfig, deadlinesMilliseconds: TakeDeadlines, listener: TakeThreadListener) {
    this.listener = listener;
    this.thread = new CallableThread<TakeRequests, TakeEvent>({
      url: new URL('./takeWorker.js', import.meta.url),
      name: 'the thread that writes recordings',
      remedy: 'if the disk does not respond, record to another one; what was written is readable',
      deadlinesMilliseconds,
      workerData: config,
      onEvent: (event) => this.receive(event),
      onEnded: (error) => listener.onLost(error),
    });
  }

  /** @throws InputError if a file cannot be created; CallError if the thread ends or the disk does not respond in time */
  async start(request: RecordingRequest): Promise<void> {
    await this.thread.call('start', request);
  }

  /** Names voices before they are heard. Never throws: if the thread ends, `onLost` is called. */
  nameVoices(voices: readonly LoadedVoice[]): void {
    this.thread.call('voices', voices).catch(() => {});
  }

  /**
   * @param brokenOff why the recording ends early; null: it is complete
   * @returns figures of the completed files
   * @throws InputError if they cannot be completed; CallError if the thread ends or the disk does not respond in time
   */
  stop(kind: RecordingKind, brokenOff: string | null): Promise<RecordingFigures> {
    return this.thread.call('stop', { kind, brokenOff });
  }

  terminate(): Promise<void> {
    return this.thread.terminate();
  }

  private receive(event: TakeEvent): void {
    if (event.type === 'figures') this.listener.onProgress(event.take, event.speech);
    else if (event.type === 'sound') this.listener.onSound(event.pcm);
    else if (event.type === 'mix') this.listener.onMix(event.frame);
    else if (event.type === 'input') this.listener.onInput(event.sound);
    else if (event.type === 'feedback') this.listener.onFeedback();
    else this.listener.onFailed(event.kind, deserializeError(event.error));
  }
}
