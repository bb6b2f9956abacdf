import type { Hertz, Seconds } from '../core/units.ts';
import { SecondVoice } from './SecondVoice.ts';

/** Duration of the pieces that are classified as speech or silence. */
const PIECE_SECONDS: Seconds = 0.03;
/** Least level of speech, relative to the loudest piece so far (-35 dB) and to full scale (-60 dB). */
const SPEECH_RANGE = 10 ** (-35 / 20);
const SILENCE = 10 ** (-60 / 20);
/** RMS level of speech below which the recording is too quiet: -40 dB. */
const QUIET = 10 ** (-40 / 20);
/** Peak from which a piece counts as clipped. */
const CLIPPED = 0.99;
/** Recommended and least amount of speech for training. */
const GOOD_SECONDS: Seconds = 20;
const LEAST_SECONDS: Seconds = 3;

/** Measures a recording of one person: the amount of speech in it, and what is wrong with it. */
export class SpeechMeter {
  private readonly pieceSamples: number;
  private samples = 0;
  private energy = 0;
  private speechPieces = 0;
  private speechPower = 0;
  private loudest = 0;
  private clippedPieces = 0;
  private peak = 0;
  private readonly sampleRateHertz: Hertz;
  private total = 0;
  private readonly secondVoice: SecondVoice;

  constructor(sampleRateHertz: Hertz) {
    this.sampleRateHertz = sampleRateHertz;
    this.pieceSamples = Math.max(1, Math.round(PIECE_SECONDS * sampleRateHertz));
    this.secondVoice = new SecondVoice(sampleRateHertz);
  }

  get recordedSeconds(): Seconds {
    return this.total / this.sampleRateHertz;
  }

  get speechSeconds(): Seconds {
    return (this.speechPieces * this.pieceSamples) / this.sampleRateHertz;
  }

  /** Whether speech is below -40 dB. */
  get isTooQuiet(): boolean {
    const level = this.speechPieces === 0 ? 0 : Math.sqrt(this.speechPower / this.speechPieces);
    return this.recordedSeconds > 1 && level < QUIET;
  }

  /** User-facing hints, most important first; empty if the recording is good. */
  get hints(): string[] {
    return [...this.soundHints, ...amountHints(this.speechSeconds)];
  }

  /** The hints that concern the sound, not the amount of speech. */
  get soundHints(): string[] {
    const hints: string[] = [];
    if (this.isTooQuiet) hints.push('too quiet: come nearer or turn the microphone up');
    if (this.clippedPieces > 2) hints.push('clipped: turn the microphone down and start again');
    if (this.secondVoice.isDetected)
      hints.push('there may be a second voice, or music: only one person should be heard');
    return hints;
  }

  add(samples: Float32Array): void {
    for (const sample of samples) {
      const level = Math.abs(sample);
      this.energy += level * level;
      if (level > this.peak) this.peak = level;
      if (++this.samples === this.pieceSamples) this.endPiece();
    }
    this.total += samples.length;
    this.secondVoice.add(samples);
  }

  private endPiece(): void {
    const level = Math.sqrt(this.energy / this.pieceSamples);
    this.loudest = Math.max(this.loudest, level);
    if (level > Math.max(SILENCE, this.loudest * SPEECH_RANGE)) {
      this.speechPieces++;
      this.speechPower += level * level;
    }
    if (this.peak >= CLIPPED) this.clippedPieces++;
    this.samples = 0;
    this.energy = 0;
    this.peak = 0;
  }
}

/** @returns user-facing hint on the amount of speech; empty if it is enough */
export function amountHints(speechSeconds: Seconds): string[] {
  if (speechSeconds < LEAST_SECONDS) return [`at least ${LEAST_SECONDS} s of speech are needed`];
  return speechSeconds < GOOD_SECONDS ? [`more speech is better: ${GOOD_SECONDS} to 60 s`] : [];
}
