import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import { EMBEDDING_RATE_HERTZ } from '../../engine/embedding/EmbeddingFeatures.ts';
import type { EmbeddingInference } from '../../engine/embedding/EmbeddingInference.ts';
import { BLOCK_SECONDS, blocksIn, type SpeechBlock, SpeechBlocks } from '../../engine/embedding/SpeechBlocks.ts';
import { Resampler } from '../audio/Resampler.ts';
import { HIGHEST_TRAINING_RATE_HERTZ } from '../offline/trainingRecordings.ts';

/** A tenth of a second of the input, and whose it is by the latest search. */
export interface HeardBlock {
  readonly speech: SpeechBlock;
  /** At `sampleRateHertz` of `HeardSpeech`. */
  readonly samples: Float32Array;
  /** Number of the voice that speaks; 0: nobody, or it is not known yet. */
  voice: number;
  /** Whether this voice is certainly alone. */
  isSolo: boolean;
  /** Number of the voice that was learnt from this block last; 0: none was. */
  learntAs: number;
}

/** How much sound is held. */
export interface HeldSound {
  /** All sound of this time. */
  readonly recentSeconds: Seconds;
  /** Of earlier sound, so much of each voice alone, so that a voice that returns is not a new one. */
  readonly keptSeconds: Seconds;
}

const HELD: HeldSound = { recentSeconds: 180, keptSeconds: 20 };

/** What was heard last, in memory: three minutes, and of earlier sound a little of each voice. At 48 kHz up to 60 MB. */
export class HeardSpeech {
  private readonly speech: SpeechBlocks;
  private readonly recentBlocks: number;
  private readonly keptBlocks: number;
  private held: HeardBlock[] = [];
  private heardBlocks = 0;
  /** Samples that do not belong to a complete block yet. */
  private waiting = new Float32Array(0);
  private blocksCut = 0;
  private rateHertz: Hertz | null = null;
  /** Rate of the sound that arrives now. */
  private inputHertz: Hertz | null = null;
  private toHeld: Resampler | null = null;
  private toEmbedding: Resampler | null = null;

  constructor(inference: EmbeddingInference, { recentSeconds, keptSeconds }: HeldSound = HELD) {
    this.speech = new SpeechBlocks(inference);
    this.recentBlocks = blocksIn(recentSeconds);
    this.keptBlocks = blocksIn(keptSeconds);
  }

  /** In the order of time; where earlier sound was forgotten, there are gaps. */
  get blocks(): readonly HeardBlock[] {
    return this.held;
  }

  /** Sample rate of the blocks, that of the first sound if it is not higher than voices are learnt at; null: nothing has been heard. */
  get sampleRateHertz(): Hertz | null {
    return this.rateHertz;
  }

  /** Duration of the speech so far, pauses not counted. */
  get speechSeconds(): Seconds {
    return this.heardBlocks * BLOCK_SECONDS;
  }

  /** @param samples the next ones, any number. Calls must not overlap each other. */
  async add(samples: Float32Array, sampleRateHertz: Hertz): Promise<void> {
    this.rateHertz ??= Math.min(sampleRateHertz, HIGHEST_TRAINING_RATE_HERTZ);
    if (this.inputHertz !== sampleRateHertz || this.toHeld === null || this.toEmbedding === null) {
      this.close();
      this.inputHertz = sampleRateHertz;
      this.toHeld = await Resampler.create(sampleRateHertz, this.rateHertz);
      this.toEmbedding = await Resampler.create(sampleRateHertz, EMBEDDING_RATE_HERTZ);
    }
    this.waiting = joined(this.waiting, this.toHeld.process(samples));
    this.speech.add(this.toEmbedding.process(samples));
    for (const speech of this.speech.blocks.splice(0)) this.hold(speech, this.rateHertz);
  }

  /** Forgets what is older, except a little of each voice. To be called after each search. */
  forget(): void {
    let excess = this.held.length - this.recentBlocks;
    const solo = new Map<number, number>();
    for (const { voice, isSolo } of this.held) if (isSolo) solo.set(voice, (solo.get(voice) ?? 0) + 1);
    this.held = this.held.filter(({ voice, isSolo }) => {
      if (excess <= 0) return true;
      const left = solo.get(voice) ?? 0;
      if (isSolo && left <= this.keptBlocks) return true;
      if (isSolo) solo.set(voice, left - 1);
      excess--;
      return false;
    });
  }

  close(): void {
    this.toHeld?.close();
    this.toEmbedding?.close();
    this.toHeld = null;
    this.toEmbedding = null;
  }

  private hold(speech: SpeechBlock, rateHertz: Hertz): void {
    const edge = (block: number): Samples => Math.round(block * BLOCK_SECONDS * rateHertz);
    const count = edge(this.blocksCut + 1) - edge(this.blocksCut);
    this.blocksCut++;
    // The two resamplers differ in their delay, by a few milliseconds.
    const samples = new Float32Array(count);
    samples.set(this.waiting.subarray(0, count));
    this.waiting = this.waiting.slice(count);
    this.heardBlocks += speech.speech;
    this.held.push({ speech, samples, voice: 0, isSolo: false, learntAs: 0 });
    // Only if nobody searches.
    if (this.held.length > 2 * this.recentBlocks) this.held.shift();
  }
}

function joined(one: Float32Array, other: Float32Array): Float32Array<ArrayBuffer> {
  const both = new Float32Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
