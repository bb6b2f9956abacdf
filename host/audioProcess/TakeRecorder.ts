import { join } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import type { SampleRing } from '../../engine/core/SampleRing.ts';
import type { Hertz, Samples } from '../../engine/core/units.ts';
import { SpeechMeter } from '../../engine/realtime/SpeechMeter.ts';
import { TAP_CHANNELS, TAP_FIRST_SPEAKER, TAP_MAIN, TAP_MIXTURE, TAP_REST } from '../../engine/realtime/tapChannels.ts';
import { WavWriter } from '../audio/WavWriter.ts';

/** One file of a take. */
interface Stem {
  readonly writer: WavWriter;
  readonly channel: number;
}

/** Length and size of the running take. */
export interface TakeFigures {
  readonly samples: Samples;
  /** Total size of the files. */
  readonly bytes: number;
}

const DRAIN_MILLISECONDS = 50;
const BLOCK_SAMPLES: Samples = 8192;

/**
 * Writes the channels that one engine taps to WAV files: a take of all stems and, independently, one person's speech for training. All
 * files of a take begin and end at the same sample, and are readable at any moment.
 * @thread device. Writes are asynchronous.
 */
export class TakeRecorder {
  private readonly tap: SampleRing;
  private readonly sampleRateHertz: Hertz;
  private readonly onTapped: (isTapped: boolean) => void;
  private readonly onFault: (what: 'take' | 'speech', error: Error) => void;
  private readonly frames = new Float32Array(BLOCK_SAMPLES * TAP_CHANNELS);
  private readonly timer: NodeJS.Timeout;
  private stems: readonly Stem[] = [];
  private speech: Stem | null = null;
  private speechMeter: SpeechMeter | null = null;
  private samples: Samples = 0;
  private draining: Promise<void> = Promise.resolve();
  private isDraining = false;
  private isClosed = false;

  /**
   * @param tap [TAP_CHANNELS] interleaved, filled by the engine
   * @param onTapped switches the filling of the tap on or off
   * @param onFault called when a recording ends because it cannot be written
   */
  constructor(
    tap: SampleRing,
    sampleRateHertz: Hertz,
    onTapped: (isTapped: boolean) => void,
    onFault: (what: 'take' | 'speech', error: Error) => void,
  ) {
    this.tap = tap;
    this.sampleRateHertz = sampleRateHertz;
    this.onTapped = onTapped;
    this.onFault = onFault;
    this.timer = setInterval(() => {
      if (!this.isDraining) void this.drain();
    }, DRAIN_MILLISECONDS);
  }

  /** Length and size of the running take; null if none is running. */
  get take(): TakeFigures | null {
    if (this.stems.length === 0) return null;
    return { samples: this.samples, bytes: this.stems.reduce((total, { writer }) => total + writer.bytes, 0) };
  }

  /** Length and quality of the speech recorded so far; null: no speech is being recorded. */
  get speechFigures(): SpeechMeter | null {
    return this.speechMeter;
  }

  /**
   * Records mixture, each speaker, rest and main output into a folder.
   * @param speakers file names without extension, by slot
   * @throws InputError if a file cannot be created, or the recorder is closed; then nothing is recorded
   */
  async startTake(folder: string, speakers: readonly string[]): Promise<void> {
    this.requireOpen();
    await this.stopTake();
    const channels: [string, number][] = [
      ['mixture', TAP_MIXTURE],
      ...speakers.map((name, slot): [string, number] => [name, TAP_FIRST_SPEAKER + slot]),
      ['rest', TAP_REST],
      ['mix', TAP_MAIN],
    ];
    const stems: Stem[] = [];
    try {
      for (const [name, channel] of channels) {
        stems.push({ writer: await WavWriter.record(join(folder, `${name}.wav`), this.sampleRateHertz), channel });
      }
    } catch (error) {
      for (const { writer } of stems) await writer.abort();
      throw error;
    }
    this.begin();
    this.samples = 0;
    this.stems = stems;
  }

  async stopTake(): Promise<void> {
    await this.drain();
    const { stems } = this;
    this.stems = [];
    this.endTapping();
    for (const { writer } of stems) await writer.close();
  }

  /** Records the mixture alone, for training. @throws InputError as `startTake` */
  async startSpeech(path: string): Promise<void> {
    this.requireOpen();
    await this.stopSpeech();
    const writer = await WavWriter.record(path, this.sampleRateHertz);
    this.begin();
    this.speechMeter = new SpeechMeter(this.sampleRateHertz);
    this.speech = { writer, channel: TAP_MIXTURE };
  }

  async stopSpeech(): Promise<void> {
    await this.drain();
    const { speech } = this;
    this.speech = null;
    this.speechMeter = null;
    this.endTapping();
    await speech?.writer.close();
  }

  /** Completes all files; no recording can be started afterwards. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    await this.stopTake();
    await this.stopSpeech();
  }

  private requireOpen(): void {
    if (this.isClosed)
      throw new InputError('cannot record while the engine is being restarted; try again in a few seconds');
  }

  private begin(): void {
    if (this.stems.length === 0 && this.speech === null) this.tap.skip(this.tap.readable);
    this.onTapped(true);
  }

  private endTapping(): void {
    if (this.stems.length === 0 && this.speech === null) this.onTapped(false);
  }

  /**
   * Writes all frames that were in the tap at the time of the call. A drain that is already running may have read before they arrived, so
   * another one follows it.
   */
  private async drain(): Promise<void> {
    await this.draining;
    if (!this.isDraining) {
      this.isDraining = true;
      this.draining = this.writeAll().finally(() => {
        this.isDraining = false;
      });
    }
    await this.draining;
  }

  private async writeAll(): Promise<void> {
    if (this.stems.length === 0 && this.speech === null) return;
    for (let count = BLOCK_SAMPLES; count === BLOCK_SAMPLES; ) {
      count = this.tap.read(this.frames, 0, BLOCK_SAMPLES);
      if (count === 0) return;
      const { speech } = this;
      try {
        for (const { writer, channel } of this.stems) await writer.write(this.channelOf(channel, count));
        this.samples += count;
      } catch (error) {
        this.giveUp('take', error);
      }
      if (speech === null) continue;
      try {
        const samples = this.channelOf(speech.channel, count);
        this.speechMeter?.add(samples);
        await speech.writer.write(samples);
      } catch (error) {
        this.giveUp('speech', error);
      }
    }
  }

  private channelOf(channel: number, count: Samples): Float32Array {
    return Float32Array.from({ length: count }, (_, n) => this.frames[n * TAP_CHANNELS + channel]!);
  }

  /** Ends a recording that cannot be written; its files stay readable. */
  private giveUp(what: 'take' | 'speech', error: unknown): void {
    const ended = what === 'take' ? this.stems : this.speech === null ? [] : [this.speech];
    if (what === 'take') this.stems = [];
    else this.speech = null;
    this.endTapping();
    for (const { writer } of ended) void writer.close().catch(() => {});
    this.onFault(what, error instanceof Error ? error : new Error(String(error)));
  }
}
