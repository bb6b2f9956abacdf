import { InputError } from '../../engine/core/errors.ts';
import type { SampleRing } from '../../engine/core/SampleRing.ts';
import type { Hertz, Samples } from '../../engine/core/units.ts';
import type { TapMarks } from '../../engine/realtime/TapMarks.ts';
import type { VoiceStreamFormat } from '../protocol/voiceStreamFormat.ts';
import type {
  InputSound,
  LoadedVoice,
  NamedVoice,
  RecordingFigures,
  RecordingKind,
  RecordingRequest,
  SpeechFigures,
} from '../rpc/takeMessages.ts';
import { RecordingLifecycle } from './RecordingLifecycle.ts';
import { type TakeDeadlines, TakeThread } from './TakeThread.ts';

export interface TakeRecorderOptions {
  /** [TAP_CHANNELS] interleaved, filled by the engine. */
  readonly tap: SampleRing;
  readonly tapMarks: TapMarks;
  readonly sampleRateHertz: Hertz;
  /** Frames that did not fit into the tap, since the engine started. */
  readonly droppedSamples: () => Samples;
  /** Switches the filling of the tap on or off. */
  readonly onTapped: (isTapped: boolean) => void;
  /** Called with the next sound of the stream. */
  readonly onSound: (pcm: Uint8Array) => void;
  /** Called with the next sound frame of the mix. */
  readonly onMix: (frame: Uint8Array) => void;
  /** Called with the next sound of the input. */
  readonly onInput: (sound: InputSound) => void;
  /** Called when the mix was fed back to the input; its sound frames are silent for a while. */
  readonly onFeedback: () => void;
  /** Called when a recording ends because it cannot be written. */
  readonly onFault: (kind: RecordingKind, error: Error) => void;
  /** @default DEADLINES_MILLISECONDS */
  readonly deadlinesMilliseconds?: TakeDeadlines;
}

/** A completed take. */
export interface Take extends RecordingFigures {
  /** Samples that are missing because the disk was slower than the tap is long. */
  readonly droppedSamples: Samples;
}

/** Both end before the deadline of the session's request. */
const DEADLINES_MILLISECONDS: TakeDeadlines = { start: 8000, voices: 8000, stop: 15_000 };
const KINDS: readonly RecordingKind[] = ['take', 'speech', 'stream', 'mix', 'input'];
const NOTHING: RecordingFigures = { samples: 0, bytes: 0 };
const SILENCE: SpeechFigures = { recordedSeconds: 0, speechSeconds: 0, hints: [] };

/**
 * Records the channels that one engine taps: a take of all stems and, independently, one person's speech for training, one voice for
 * another program, the mix for listening browsers, and the input in which voices are found. A worker thread reads the tap, encodes and
 * writes, so that neither the device callbacks nor a slow disk delay each other.
 * @thread device
 */
export class TakeRecorder {
  private readonly options: TakeRecorderOptions;
  private readonly lifecycles = {
    take: new RecordingLifecycle(),
    speech: new RecordingLifecycle(),
    stream: new RecordingLifecycle(),
    mix: new RecordingLifecycle(),
    input: new RecordingLifecycle(),
  };
  /** Started with the first recording, and again after it was lost. */
  private thread: TakeThread | null = null;
  private takeFigures = NOTHING;
  /** All voices that have been named, by id. */
  private readonly named = new Map<number, LoadedVoice>();
  private speech = SILENCE;
  private droppedBefore: Samples = 0;
  private isTapped = false;
  private isClosed = false;
  /** Starts and stops run one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(options: TakeRecorderOptions) {
    this.options = options;
  }

  /** Length and size of the running take; null if none is running. */
  get take(): RecordingFigures | null {
    return this.lifecycles.take.isActive ? this.takeFigures : null;
  }

  /** Length and quality of the speech recorded so far; null: no speech is being recorded. */
  get speechFigures(): SpeechFigures | null {
    return this.lifecycles.speech.isActive ? this.speech : null;
  }

  /**
   * Records mixture, each voice, rest and main output into a folder.
   * @param voices present names of the loaded voices, by slot
   * @throws InputError if a file cannot be created in time, or the recorder is closed; then nothing is recorded
   */
  startTake(folder: string, voices: readonly NamedVoice[]): Promise<void> {
    return this.run(async () => {
      const named = voices.map(({ id, name }) => ({ id, name, presetHash: this.named.get(id)?.presetHash ?? null }));
      await this.start('take', () => ({ kind: 'take', folder, voices: named }));
      this.takeFigures = NOTHING;
      this.droppedBefore = this.options.droppedSamples();
    });
  }

  /** To be called before the engine loads voices, so that a take that is being recorded can name their files, and the stream finds its voice. */
  nameVoices(voices: readonly LoadedVoice[]): void {
    for (const voice of voices) this.named.set(voice.id, voice);
    this.thread?.nameVoices(voices);
  }

  /**
   * @returns the completed take; null if there was none, or it has failed before
   * @throws InputError if the files cannot be completed in time; then they are readable up to what was written
   */
  stopTake(): Promise<Take | null> {
    return this.run(async () => {
      const figures = await this.stop('take');
      if (figures === null) return null;
      return { ...figures, droppedSamples: this.options.droppedSamples() - this.droppedBefore };
    });
  }

  /** Records the mixture alone, for training. @throws InputError as `startTake` */
  startSpeech(path: string): Promise<void> {
    return this.run(async () => {
      await this.start('speech', () => ({ kind: 'speech', path }));
      this.speech = SILENCE;
    });
  }

  /** Sends one voice to `onSound` until `close`, from the present moment on. @throws CallError if the thread ends */
  startStream(format: VoiceStreamFormat): Promise<void> {
    return this.run(() => this.start('stream', () => ({ kind: 'stream', format, voices: [...this.named.values()] })));
  }

  /**
   * Sends the mix to `onMix` until `stopMix`, from the present moment on.
   * @param isGuarded whether the input could hear the loudspeaker on which it is played
   * @throws CallError if the thread ends
   */
  startMix(isGuarded: boolean): Promise<void> {
    return this.run(() => this.start('mix', () => ({ kind: 'mix', isGuarded })));
  }

  /** @throws CallError if the thread ends */
  async stopMix(): Promise<void> {
    await this.run(() => this.stop('mix'));
  }

  /** Sends the input to `onInput` until `stopInput`, from the present moment on. @throws CallError if the thread ends */
  startInput(): Promise<void> {
    return this.run(() => this.start('input', () => ({ kind: 'input' })));
  }

  /** @throws CallError if the thread ends */
  async stopInput(): Promise<void> {
    await this.run(() => this.stop('input'));
  }

  /** @throws InputError as `stopTake` */
  async stopSpeech(): Promise<void> {
    await this.run(() => this.stop('speech'));
  }

  /**
   * Completes all files; no recording can be started afterwards. Never throws.
   * @param brokenOff why recordings end early; null: they are complete
   */
  async close(brokenOff: string | null = null): Promise<void> {
    this.isClosed = true;
    for (const kind of KINDS) await this.run(() => this.stop(kind, brokenOff)).catch(() => {});
    await this.thread?.terminate();
    this.thread = null;
  }

  private run<Result>(action: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(action);
    this.last = result.catch(() => {});
    return result;
  }

  /** @param request called when the thread exists: `nameVoices` reaches it from then on */
  private async start(kind: RecordingKind, request: () => RecordingRequest): Promise<void> {
    if (this.isClosed)
      throw new InputError('cannot record while the engine is being restarted; try again in a few seconds');
    await this.stop(kind);
    const lifecycle = this.lifecycles[kind];
    lifecycle.change('starting');
    try {
      this.thread ??= this.startThread();
      await this.thread.start(request());
    } catch (error) {
      lifecycle.change('idle');
      throw error;
    }
    lifecycle.change('recording');
    this.updateTapped();
  }

  private async stop(kind: RecordingKind, brokenOff: string | null = null): Promise<RecordingFigures | null> {
    const lifecycle = this.lifecycles[kind];
    if (lifecycle.phase === 'failed') lifecycle.change('idle');
    const { thread } = this;
    if (lifecycle.phase === 'idle' || thread === null) return null;
    lifecycle.change('finishing');
    try {
      const figures = await thread.stop(kind, brokenOff);
      if (hasFailed(lifecycle)) return null;
      lifecycle.change('idle');
      return figures;
    } catch (error) {
      if (!hasFailed(lifecycle)) lifecycle.change('failed');
      throw error;
    } finally {
      this.updateTapped();
    }
  }

  private startThread(): TakeThread {
    const { tap, tapMarks, sampleRateHertz, deadlinesMilliseconds = DEADLINES_MILLISECONDS } = this.options;
    const config = { tap: tap.buffer, tapMarks: tapMarks.buffer, sampleRateHertz };
    return new TakeThread(config, deadlinesMilliseconds, {
      onProgress: (take, speech) => {
        this.takeFigures = take ?? this.takeFigures;
        this.speech = speech ?? this.speech;
      },
      onSound: (pcm) => this.options.onSound(pcm),
      onMix: (frame) => this.options.onMix(frame),
      onInput: (sound) => this.options.onInput(sound),
      onFeedback: () => this.options.onFeedback(),
      onFailed: (kind, error) => this.fail(kind, error),
      onLost: (error) => {
        this.thread = null;
        for (const kind of KINDS) this.fail(kind, error);
      },
    });
  }

  private fail(kind: RecordingKind, error: Error): void {
    const lifecycle = this.lifecycles[kind];
    if (!lifecycle.isActive) return;
    lifecycle.change('failed');
    this.updateTapped();
    this.options.onFault(kind, error);
  }

  private updateTapped(): void {
    const isTapped = KINDS.some((kind) => this.lifecycles[kind].isActive);
    if (isTapped === this.isTapped) return;
    this.isTapped = isTapped;
    this.options.onTapped(isTapped);
  }
}

/** A failure may arrive while a call is under way, which the compiler does not see. */
function hasFailed({ phase }: RecordingLifecycle): boolean {
  return phase === 'failed';
}
