import { requireInteger, requireNumber } from '../../../engine/core/errors.ts';
import type { Random } from '../../../engine/core/Random.ts';
import {
  type Decibels,
  decibelsToAmplitude,
  type Hertz,
  type Samples,
  type Seconds,
} from '../../../engine/core/units.ts';
import { addNoise, reverberate } from './room.ts';

/** One uninterrupted contribution of a speaker, from `startSample` up to `endSample`. */
export interface Turn {
  readonly speaker: number;
  readonly startSample: Samples;
  readonly endSample: Samples;
}

/** A simulated conversation and its ground truth. All signals have the same length and add up: mixture = references + noise. */
export interface Conversation {
  readonly sampleRateHertz: Hertz;
  readonly mixture: Float32Array;
  /** [speakers][samples] each voice alone, as it sounds in the mixture (reverberation included) */
  readonly references: readonly Float32Array[];
  /** In order of their start. */
  readonly turns: readonly Turn[];
}

export interface ConversationOptions {
  /** 10 to 600. */
  readonly seconds: Seconds;
  /** Intended share of the talking time in which two turns overlap, 0 to 0.6. */
  readonly overlap: number;
  /** Each speaker's level is drawn from -level to +level, 0 to 20. */
  readonly levelRangeDecibels: Decibels;
  /** Reverberation time RT60, 0 (dry) to 2. */
  readonly reverberationSeconds: Seconds;
  /** Level of the talking voices over white noise; null: no noise. */
  readonly noiseSnrDecibels: Decibels | null;
}

/** Turn lengths of casual conversation: most are a sentence, 1.5 to 4 s. */
const TURN_SECONDS = { minimum: 1.5, maximum: 4 } as const;
/** Pauses between turns that do not overlap. */
const PAUSE_SECONDS = { minimum: 0.1, maximum: 0.6 } as const;
/** Share of the speaker changes with a pause, also where much overlaps. */
const PAUSE_SHARE = 0.3;
/** An overlap never covers more of either turn than this. */
const LARGEST_OVERLAP_SHARE = 0.8;
/** Level of a voice at 0 dB: -26 dBFS RMS, so that three loud voices stay below full scale. */
const REFERENCE_RMS = 0.05;
const LEAD_IN_SECONDS: Seconds = 0.5;
/** Turns fade in and out so that cuts do not click. */
const FADE_SECONDS: Seconds = 0.005;

/**
 * Simulates a conversation: speakers take turns of 1.5 to 4 s, changes either overlap or pause. Nobody follows themselves.
 * @param voices [speakers][samples] continuous speech of 2 or more speakers without long pauses; repeated where it is too short
 * @param random drawn from in a fixed order: the same seed and voices give the same conversation
 * @throws InputError for options out of range or fewer than two voices
 */
export function simulateConversation(
  voices: readonly Float32Array[],
  sampleRateHertz: Hertz,
  options: ConversationOptions,
  random: Random,
): Conversation {
  requireInteger('speakers of a conversation', voices.length, 2, 8);
  requireNumber('seconds', options.seconds, 10, 600);
  requireNumber('overlap', options.overlap, 0, 0.6);
  requireNumber('levelRangeDecibels', options.levelRangeDecibels, 0, 20);
  requireNumber('reverberationSeconds', options.reverberationSeconds, 0, 2);
  const length = Math.round(options.seconds * sampleRateHertz);
  const turns = drawTurns(voices.length, length, sampleRateHertz, options.overlap, random);
  const dry = voices.map((voice, speaker) => {
    const level = decibelsToAmplitude(random.between(-options.levelRangeDecibels, options.levelRangeDecibels));
    const own = turns.filter((turn) => turn.speaker === speaker);
    return speak(voice, own, length, level * REFERENCE_RMS, sampleRateHertz);
  });
  const references = dry.map((signal) => reverberate(signal, sampleRateHertz, options.reverberationSeconds, random));
  const mixture = new Float32Array(length);
  for (const reference of references) for (let n = 0; n < length; n++) mixture[n]! += reference[n]!;
  if (options.noiseSnrDecibels !== null) {
    addNoise(mixture, REFERENCE_RMS * decibelsToAmplitude(-options.noiseSnrDecibels), random);
  }
  return { sampleRateHertz, mixture, references, turns };
}

function drawTurns(
  speakers: number,
  length: Samples,
  sampleRateHertz: Hertz,
  overlap: number,
  random: Random,
): readonly Turn[] {
  const samples = (seconds: Seconds) => Math.round(seconds * sampleRateHertz);
  const meanTurn = samples((TURN_SECONDS.minimum + TURN_SECONDS.maximum) / 2);
  // With a mean overlap o a turn, o / (turn - o) of the talking time overlaps; only some of the changes overlap at all.
  const meanOverlap = (overlap * meanTurn) / (1 + overlap) / (1 - PAUSE_SHARE);
  const turns: Turn[] = [];
  let speaker = random.integer(speakers);
  let start = samples(LEAD_IN_SECONDS);
  for (;;) {
    const turn = samples(random.between(TURN_SECONDS.minimum, TURN_SECONDS.maximum));
    if (start + turn > length) return turns;
    turns.push({ speaker, startSample: start, endSample: start + turn });
    const isPause = random.uniform() < PAUSE_SHARE || overlap === 0;
    const wanted = random.between(0.5, 1.5) * meanOverlap;
    const largest = LARGEST_OVERLAP_SHARE * Math.min(turn, samples(TURN_SECONDS.minimum));
    const pause = samples(random.between(PAUSE_SECONDS.minimum, PAUSE_SECONDS.maximum));
    start += turn + (isPause ? pause : -Math.round(Math.min(wanted, largest)));
    speaker = (speaker + 1 + random.integer(speakers - 1)) % speakers;
  }
}

/** @returns [length] a voice in its turns, going on in each where the turn before stopped */
function speak(
  voice: Float32Array,
  turns: readonly Turn[],
  length: Samples,
  rms: number,
  sampleRateHertz: Hertz,
): Float32Array {
  const energy = voice.reduce((sum, sample) => sum + sample * sample, 0);
  const gain = rms / Math.sqrt(energy / voice.length);
  const fade = Math.round(FADE_SECONDS * sampleRateHertz);
  const spoken = new Float32Array(length);
  let position = 0;
  for (const { startSample, endSample } of turns) {
    const count = endSample - startSample;
    for (let n = 0; n < count; n++) {
      const edge = Math.min(1, n / fade, (count - 1 - n) / fade);
      spoken[startSample + n] = gain * edge * voice[(position + n) % voice.length]!;
    }
    position += count;
  }
  return spoken;
}
