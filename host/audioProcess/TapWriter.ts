import type { SampleRing } from '../../engine/core/SampleRing.ts';
import type { Hertz } from '../../engine/core/units.ts';
import type { TapMarks } from '../../engine/realtime/TapMarks.ts';
import { TAP_CHANNELS, TAP_MARK } from '../../engine/realtime/tapChannels.ts';
import type {
  LoadedVoice,
  RecordingFigures,
  RecordingKind,
  RecordingRequest,
  SpeechFigures,
} from '../rpc/takeMessages.ts';
import { SpeechRecording } from './SpeechRecording.ts';
import { TakeFiles } from './TakeFiles.ts';
import type { TapBlock } from './TapBlock.ts';

const NOTHING: RecordingFigures = { samples: 0, bytes: 0 };
const BLOCK_SAMPLES = 8192;

/**
 * Writes the tap to WAV files. All files of a recording begin and end at the same sample, and are readable at any moment, after a crash
 * too. Its methods run one after the other, in the order of the calls.
 * @thread worker
 */
export class TapWriter {
  private readonly tap: SampleRing;
  private readonly marks: TapMarks;
  private readonly sampleRateHertz: Hertz;
  private readonly onFailed: (kind: RecordingKind, error: unknown) => void;
  private take: TakeFiles | null = null;
  private speech: SpeechRecording | null = null;
  private readonly frames = new Float32Array(BLOCK_SAMPLES * TAP_CHANNELS);
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param tap [TAP_CHANNELS] interleaved; this object is its only reader
   * @param onFailed called when a recording has ended because it cannot be written
   */
  constructor(
    tap: SampleRing,
    marks: TapMarks,
    sampleRateHertz: Hertz,
    onFailed: (kind: RecordingKind, error: unknown) => void,
  ) {
    this.tap = tap;
    this.marks = marks;
    this.sampleRateHertz = sampleRateHertz;
    this.onFailed = onFailed;
  }

  get isRecording(): boolean {
    return this.take !== null || this.speech !== null;
  }

  /** null: no take is recorded */
  get takeFigures(): RecordingFigures | null {
    return this.take?.figures ?? null;
  }

  /** null: no speech is recorded */
  get speechFigures(): SpeechFigures | null {
    return this.speech?.speech ?? null;
  }

  /** Records from the next frame of the tap on. @throws InputError if a file cannot be created; then none is left */
  start(request: RecordingRequest): Promise<RecordingFigures> {
    const { sampleRateHertz } = this;
    return this.run(async () => {
      const recording =
        request.kind === 'take'
          ? await TakeFiles.create(request.folder, request.voices, sampleRateHertz)
          : await SpeechRecording.create(request.path, sampleRateHertz);
      if (this.isRecording) await this.writeWaiting();
      else this.tap.skip(this.tap.readable);
      if (recording instanceof TakeFiles) this.take = recording;
      else this.speech = recording;
      return NOTHING;
    });
  }

  /** Names voices before they are heard. */
  nameVoices(voices: readonly LoadedVoice[]): void {
    this.take?.nameVoices(voices);
  }

  /**
   * Writes the frames that are in the tap at the time of the call, and completes the files. Nothing is done if none is recorded.
   * @param brokenOff why the recording ends early; null: it is complete
   */
  stop(kind: RecordingKind, brokenOff: string | null = null): Promise<RecordingFigures> {
    return this.run(async () => {
      await this.writeWaiting();
      const recording = this[kind];
      if (recording === null) return NOTHING;
      this[kind] = null;
      const { figures } = recording;
      await recording.close(brokenOff);
      return figures;
    });
  }

  /** Writes the frames that are in the tap. Never throws. */
  drain(): Promise<void> {
    return this.run(() => this.writeWaiting());
  }

  private run<Result>(action: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(action);
    this.last = result.catch(() => {});
    return result;
  }

  private async writeWaiting(): Promise<void> {
    if (!this.isRecording) return;
    // Frames that arrive while these are written are left to the next call.
    for (let left = this.tap.readable; left > 0; ) {
      const count = this.tap.read(this.frames, 0, Math.min(left, BLOCK_SAMPLES));
      left -= count;
      for (let first = 0; first < count; ) {
        const block = this.blockFrom(first, count);
        for (const kind of ['take', 'speech'] as const) await this.append(kind, block);
        first += block.count;
      }
    }
  }

  /** @returns the frames from `first` on with the same mark */
  private blockFrom(first: number, end: number): TapBlock {
    const { frames } = this;
    const mark = frames[first * TAP_CHANNELS + TAP_MARK]!;
    let next = first + 1;
    while (next < end && frames[next * TAP_CHANNELS + TAP_MARK] === mark) next++;
    return { frames, first, count: next - first, mark, state: this.marks.read(mark) };
  }

  private async append(kind: RecordingKind, block: TapBlock): Promise<void> {
    const recording = this[kind];
    try {
      await recording?.append(block);
    } catch (error) {
      this[kind] = null;
      await recording?.close(error instanceof Error ? error.message : String(error)).catch(() => {});
      this.onFailed(kind, error);
    }
  }
}
