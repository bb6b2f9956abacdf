import type { Samples, Seconds } from '../../../engine/core/units.ts';
import type { Conversation } from './Conversation.ts';

/** Activity is decided for frames of this length. */
const FRAME_SECONDS: Seconds = 0.01;
/** A frame holds speech if its power is above this share (-20 dB) of the mean power of that voice's turns. */
const SPEECH_SHARE = 0.01;
/** Bridges closures of stops and quiet consonants. */
const HANGOVER_SECONDS: Seconds = 0.05;

/** Who speaks in each frame of a conversation, from its references. */
export interface SpeechActivity {
  readonly frameSamples: Samples;
  readonly frames: number;
  /** Activity begins and ends this many frames before and after the voice itself. */
  readonly hangoverFrames: number;
  /** [speakers][frames] 1 where that voice speaks, else 0 */
  readonly isActive: readonly Uint8Array[];
}

/** Finds who really speaks, by the level of each reference within its turns. */
export function speechActivity({ references, turns, sampleRateHertz }: Conversation): SpeechActivity {
  const frameSamples = Math.round(FRAME_SECONDS * sampleRateHertz);
  const hangoverFrames = Math.round(HANGOVER_SECONDS / FRAME_SECONDS);
  const frames = Math.floor((references[0]?.length ?? 0) / frameSamples);
  const isActive = references.map((reference, speaker) => {
    const powers = framePowers(reference, frameSamples, frames);
    let turnFrames = 0;
    let energy = 0;
    for (const { startSample, endSample } of turns.filter((turn) => turn.speaker === speaker)) {
      for (let frame = Math.ceil(startSample / frameSamples); (frame + 1) * frameSamples <= endSample; frame++) {
        energy += powers[frame] ?? 0;
        turnFrames++;
      }
    }
    const threshold = turnFrames === 0 ? Number.POSITIVE_INFINITY : (SPEECH_SHARE * energy) / turnFrames;
    return widen(
      powers.map((power) => (power > threshold ? 1 : 0)),
      hangoverFrames,
    );
  });
  return { frameSamples, frames, hangoverFrames, isActive };
}

function framePowers(signal: Float32Array, frameSamples: Samples, frames: number): Float64Array {
  const powers = new Float64Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    let energy = 0;
    for (let n = frame * frameSamples; n < (frame + 1) * frameSamples; n++) energy += signal[n]! ** 2;
    powers[frame] = energy / frameSamples;
  }
  return powers;
}

/** @returns [frames] 1 within `reach` frames of a 1 */
function widen(flags: ArrayLike<number>, reach: number): Uint8Array {
  const widened = new Uint8Array(flags.length);
  for (let frame = 0; frame < flags.length; frame++) {
    if (flags[frame] === 1) widened.fill(1, Math.max(0, frame - reach), frame + reach + 1);
  }
  return widened;
}
