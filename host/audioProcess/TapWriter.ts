import type { SampleRing } from '../../engine/core/SampleRing.ts';
import type { Hertz, Samples } from '../../engine/core/units.ts';
import { SpeechMeter } from '../../engine/realtime/SpeechMeter.ts';
import { TAP_CHANNELS } from '../../engine/realtime/tapChannels.ts';
import { WavWriter } from '../audio/WavWriter.ts';
import type { RecordingFigures, RecordingKind, SpeechFigures, StemFile } from '../rpc/takeMessages.ts';

interface Stem {
  readonly writer: WavWriter;
  readonly channel: number;
}

interface Recording {
  readonly stems: readonly Stem[];
  /** Only for speech. */
  readonly meter: SpeechMeter | null;
  samples: Samples;
}

const NOTHING: RecordingFigures = { samples: 0, bytes: 0 };
const BLOCK_SAMPLES: Samples = 8192;

/**
 * Writes channels of the tap to WAV files. All files of a recording begin and end at the same sample, and are readable at any moment, after
 * a crash too. Its methods run one after the other, in the order of the calls.
 * @thread worker
 */
export class TapWriter {
  private readonly tap: SampleRing;
  private readonly sampleRateHertz: Hertz;
  private readonly onFailed: (kind: RecordingKind, error: unknown) => void;
  private readonly recordings = new Map<RecordingKind, Recording>();
  private readonly frames = new Float32Array(BLOCK_SAMPLES * TAP_CHANNELS);
  private readonly channel = new Float32Array(BLOCK_SAMPLES);
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param tap [TAP_CHANNELS] interleaved; this object is its only reader
   * @param onFailed called when a recording has ended because it cannot be written
   */
  constructor(tap: SampleRing, sampleRateHertz: Hertz, onFailed: (kind: RecordingKind, error: unknown) => void) {
    this.tap = tap;
    this.sampleRateHertz = sampleRateHertz;
    this.onFailed = onFailed;
  }

  get isRecording(): boolean {
    return this.recordings.size > 0;
  }

  /** null: no take is recorded */
  get takeFigures(): RecordingFigures | null {
    const take = this.recordings.get('take');
    return take === undefined ? null : figuresOf(take);
  }

  /** null: no speech is recorded */
  get speechFigures(): SpeechFigures | null {
    const meter = this.recordings.get('speech')?.meter ?? null;
    if (meter === null) return null;
    const { recordedSeconds, speechSeconds, hints } = meter;
    return { recordedSeconds, speechSeconds, hints };
  }

  /** Records from the next frame of the tap on. @throws InputError if a file cannot be created; then none is left */
  start(kind: RecordingKind, files: readonly StemFile[]): Promise<RecordingFigures> {
    return this.run(async () => {
      const stems: Stem[] = [];
      try {
        for (const { path, channel } of files)
          stems.push({ writer: await WavWriter.record(path, this.sampleRateHertz), channel });
      } catch (error) {
        for (const { writer } of stems) await writer.abort();
        throw error;
      }
      if (this.isRecording) await this.writeWaiting();
      else this.tap.skip(this.tap.readable);
      const meter = kind === 'speech' ? new SpeechMeter(this.sampleRateHertz) : null;
      this.recordings.set(kind, { stems, meter, samples: 0 });
      return NOTHING;
    });
  }

  /** Writes the frames that are in the tap at the time of the call, and completes the files. Nothing is done if none is recorded. */
  stop(kind: RecordingKind): Promise<RecordingFigures> {
    return this.run(async () => {
      await this.writeWaiting();
      const recording = this.recordings.get(kind);
      if (recording === undefined) return NOTHING;
      this.recordings.delete(kind);
      const figures = figuresOf(recording);
      await closeAll(recording);
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
      for (const [kind, recording] of this.recordings) {
        try {
          await this.append(recording, count);
        } catch (error) {
          this.recordings.delete(kind);
          await closeAll(recording).catch(() => {});
          this.onFailed(kind, error);
        }
      }
    }
  }

  private async append(recording: Recording, count: Samples): Promise<void> {
    const samples = this.channel.subarray(0, count);
    for (const { writer, channel } of recording.stems) {
      for (let n = 0; n < count; n++) samples[n] = this.frames[n * TAP_CHANNELS + channel] ?? 0;
      await writer.write(samples);
      recording.meter?.add(samples);
    }
    recording.samples += count;
  }
}

/** @throws the first error, after all files were closed or tried */
async function closeAll({ stems }: Recording): Promise<void> {
  const results = await Promise.allSettled(stems.map(({ writer }) => writer.close()));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function figuresOf({ samples, stems }: Recording): RecordingFigures {
  return { samples, bytes: stems.reduce((total, { writer }) => total + writer.bytes, 0) };
}
