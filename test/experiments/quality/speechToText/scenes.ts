import type { Samples, Seconds } from '../../../../engine/core/units.ts';
import { RATE_HERTZ, type ReadSentence, readAtEqualLevel } from './sentences.ts';

/** Two people who speak, with each voice alone. All signals have the same length; the mixture is the sum of the voices. */
export interface Scene {
  readonly kind: SceneKind;
  /** Name of the scene's files. */
  readonly name: string;
  readonly mixture: Float32Array;
  readonly voices: readonly { readonly speaker: string; readonly text: string; readonly alone: Float32Array }[];
}

/** `together`: both begin at once, at equal level. `turns`: one after the other. */
export type SceneKind = 'together' | 'turns';

/** A turn begins this long before the end of the turn before. */
const OVERLAP_SECONDS: Seconds = 1;
const LEAD_IN_SECONDS: Seconds = 0.5;

interface Placed {
  readonly sentence: ReadSentence;
  readonly sound: Float32Array;
  readonly start: Samples;
}

/** @param sentences as many of each of the two speakers, longer than the overlap */
export async function scenesOf(
  sentences: readonly [readonly ReadSentence[], readonly ReadSentence[]],
): Promise<Scene[]> {
  const [first, second] = sentences;
  const scenes: Scene[] = [];
  const leadIn = LEAD_IN_SECONDS * RATE_HERTZ;
  const turns: Placed[] = [];
  let start = leadIn;
  for (const [index, sentence] of first.entries()) {
    const together: Placed[] = [];
    for (const each of [sentence, second[index]!]) {
      const sound = await readAtEqualLevel(each);
      together.push({ sentence: each, sound, start: leadIn });
      turns.push({ sentence: each, sound, start });
      start += sound.length - OVERLAP_SECONDS * RATE_HERTZ;
    }
    scenes.push(sceneOf('together', `${index + 1}`, together));
  }
  return [...scenes, sceneOf('turns', '', turns)];
}

function sceneOf(kind: SceneKind, suffix: string, placed: readonly Placed[]): Scene {
  const length = Math.max(...placed.map(({ sound, start }) => start + sound.length)) + LEAD_IN_SECONDS * RATE_HERTZ;
  const speakers = [...new Set(placed.map(({ sentence }) => sentence.speaker))];
  const voices = speakers.map((speaker) => {
    const own = placed.filter(({ sentence }) => sentence.speaker === speaker);
    const alone = new Float32Array(length);
    for (const { sound, start } of own) for (const [n, sample] of sound.entries()) alone[start + n]! += sample;
    return { speaker, text: own.map(({ sentence }) => sentence.text).join(' '), alone };
  });
  const mixture = new Float32Array(length);
  for (const { alone } of voices) for (const [n, sample] of alone.entries()) mixture[n]! += sample;
  return { kind, name: `${speakers.join('-')}-${kind}${suffix}`, mixture, voices };
}
