import type { Hertz, Seconds } from '../core/units.ts';
import { SecondVoice } from './SecondVoice.ts';

/** Speech is judged in pieces of this length. */
const PIECE_SECONDS: Seconds = 0.03;
/** A piece is speech when it is this near to the loudest so far, and not next to silent. */
const SPEECH_RANGE = 10 ** (-35 / 20);
const SILENCE = 10 ** (-60 / 20);
/** RMS of speech under which a microphone should be turned up, and the peak from which it has clipped. */
const QUIET = 10 ** (-40 / 20);
const CLIPPED = 0.99;
/** Speech that is good to train from, and the least. */
const GOOD_SECONDS: Seconds = 20;
const LEAST_SECONDS: Seconds = 3;

/** Watches a recording of one person: how much of it is speech, and what could be better. */
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

  /** In words, most important first; empty when all is well. */
  get hints(): string[] {
    return [...this.soundHints, ...amountHints(this.speechSeconds)];
  }

  /** Of those, what is wrong with the sound itself. */
  get soundHints(): string[] {
    const hints: string[] = [];
    const level = this.speechPieces === 0 ? 0 : Math.sqrt(this.speechPower / this.speechPieces);
    if (this.recordedSeconds > 1 && level < QUIET) hints.push('too quiet: come nearer or turn the microphone up');
    if (this.clippedPieces > 2) hints.push('clipped: turn the microphone down and start again');
    if (this.secondVoice.isHeard) hints.push('there may be a second voice, or music: only one person should be heard');
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

/** @returns what is to be said about so much speech; nothing where it is enough */
export function amountHints(speechSeconds: Seconds): string[] {
  if (speechSeconds < LEAST_SECONDS) return [`at least ${LEAST_SECONDS} s of speech are needed`];
  return speechSeconds < GOOD_SECONDS ? [`more speech is better: ${GOOD_SECONDS} to 60 s`] : [];
}
