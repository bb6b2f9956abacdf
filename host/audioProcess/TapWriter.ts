import type { SampleRing } from '../../engine/core/SampleRing.ts';
import type { Hertz } from '../../engine/core/units.ts';
import type { TapMarks } from '../../engine/realtime/TapMarks.ts';
import { TAP_CHANNELS, TAP_MARK } from '../../engine/realtime/tapChannels.ts';
import type {
  InputSound,
  LoadedVoice,
  RecordingFigures,
  RecordingKind,
  RecordingRequest,
  SpeechFigures,
} from '../rpc/takeMessages.ts';
import { InputStream } from './InputStream.ts';
import { MixStream, type MixStreamListener } from './MixStream.ts';
import { SpeechRecording } from './SpeechRecording.ts';
import { TakeFiles } from './TakeFiles.ts';
import type { TapBlock } from './TapBlock.ts';
import { VoiceStream } from './VoiceStream.ts';

const NOTHING: RecordingFigures = { samples: 0, bytes: 0 };
const BLOCK_SAMPLES = 8192;
const KINDS = ['take', 'speech', 'stream', 'mix', 'input'] as const satisfies readonly RecordingKind[];

export interface TapWriterListener extends MixStreamListener {
  /** A recording has ended because it cannot be written. */
  onFailed(kind: RecordingKind, error: unknown): void;
  /** The next sound of the stream. */
  onSound(pcm: Uint8Array): void;
  /** The next sound of the input. */
  onInput(sound: InputSound): void;
}

/**
 * Writes the tap to WAV files, and one voice, the mix and the input to streams. All files of a recording begin and end at the same sample, and are
 * readable at any moment, after a crash too. Its methods run one after the other, in the order of the calls.
 * @thread worker
 */
export class TapWriter {
  private readonly tap: SampleRing;
  private readonly marks: TapMarks;
  private readonly sampleRateHertz: Hertz;
  private readonly listener: TapWriterListener;
  private take: TakeFiles | null = null;
  private speech: SpeechRecording | null = null;
  private stream: VoiceStream | null = null;
  private mix: MixStream | null = null;
  private input: InputStream | null = null;
  private readonly frames = new Float32Array(BLOCK_SAMPLES * TAP_CHANNELS);
  private last: Promise<unknown> = Promise.resolve();

  /** @param tap [TAP_CHANNELS] interleaved; this object is its only reader */
  constructor(tap: SampleRing, marks: TapMarks, sampleRateHertz: Hertz, listener: TapWriterListener) {
    this.tap = tap;
    this.marks = marks;
    this.sampleRateHertz = sampleRateHertz;
    this.listener = listener;
  }

  get isRecording(): boolean {
    return KINDS.some((kind) => this[kind] !== null);
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
    return this.run(async () => {
      const recording = await this.create(request);
      if (this.isRecording) await this.writeWaiting();
      else this.tap.skip(this.tap.readable);
      if (recording instanceof TakeFiles) this.take = recording;
      else if (recording instanceof SpeechRecording) this.speech = recording;
      else if (recording instanceof VoiceStream) this.stream = recording;
      else if (recording instanceof MixStream) this.mix = recording;
      else this.input = recording;
      return NOTHING;
    });
  }

  /** Names voices before they are heard. */
  nameVoices(voices: readonly LoadedVoice[]): void {
    this.take?.nameVoices(voices);
    this.stream?.nameVoices(voices);
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

  private create(
    request: RecordingRequest,
  ): Promise<TakeFiles | SpeechRecording | VoiceStream | MixStream | InputStream> {
    const { sampleRateHertz, listener } = this;
    switch (request.kind) {
      case 'take':
        return TakeFiles.create(request.folder, request.voices, sampleRateHertz);
      case 'speech':
        return SpeechRecording.create(request.path, sampleRateHertz);
      case 'stream':
        return VoiceStream.create(request.format, request.voices, sampleRateHertz, (pcm) => listener.onSound(pcm));
      case 'mix':
        return Promise.resolve(new MixStream(sampleRateHertz, request.isGuarded, listener));
      case 'input':
        return Promise.resolve(new InputStream(sampleRateHertz, (sound) => listener.onInput(sound)));
    }
  }

  private async writeWaiting(): Promise<void> {
    if (!this.isRecording) return;
    // Frames that arrive while these are written are left to the next call.
    for (let left = this.tap.readable; left > 0; ) {
      const count = this.tap.read(this.frames, 0, Math.min(left, BLOCK_SAMPLES));
      left -= count;
      for (let first = 0; first < count; ) {
        const block = this.blockFrom(first, count);
        for (const kind of KINDS) await this.append(kind, block);
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
      this.listener.onFailed(kind, error);
    }
  }
}
