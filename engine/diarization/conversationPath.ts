import type { TargetActivity } from '../embedding/TargetActivityInference.ts';
import { mostLikelyPath } from './mostLikelyPath.ts';

/** Cost of a change of who speaks from one block to the next: the logarithm of its odds against no change. */
const CHANGE_COST = 3;
/** Cost of each block in which two speak: the logarithm of the odds of one speaker against two. */
const TWO_VOICES_COST = 1;
/** The network is never more certain than this. */
const SMALLEST_CHANCE = 0.02;

/**
 * Who speaks in each block: nobody, one voice, or two at once.
 * @param activities [voices] where each voice speaks by the network, each on its own
 * @returns [voices][blocks] 1 where the voice speaks
 */
export function conversationPath(activities: readonly TargetActivity[]): Uint8Array[] {
  const states = statesOf(activities.length);
  const blocks = activities[0]?.own.length ?? 0;
  const likelihoods = new Float32Array(blocks * states.length);
  activities.forEach(({ own, others }, voice) => {
    for (let block = 0; block < blocks; block++) {
      const [speaks, isSilent] = logChances(own[block]!);
      const [anyOther, noOther] = logChances(others[block]!);
      states.forEach((speaking, state) => {
        const isSpeaking = speaking.includes(voice);
        const hasOthers = speaking.length > (isSpeaking ? 1 : 0);
        likelihoods[block * states.length + state]! +=
          (isSpeaking ? speaks : isSilent) + (hasOthers ? anyOther : noOther);
      });
    }
  });
  states.forEach((speaking, state) => {
    if (speaking.length < 2) return;
    for (let block = 0; block < blocks; block++) likelihoods[block * states.length + state]! -= TWO_VOICES_COST;
  });
  const path = mostLikelyPath(likelihoods, states.length, () => CHANGE_COST);
  return activities.map((_, voice) => Uint8Array.from(path, (state) => (states[state]!.includes(voice) ? 1 : 0)));
}

/** @returns the voices that speak in each state: none, each one, each pair */
function statesOf(voices: number): (readonly number[])[] {
  const all = Array.from({ length: voices }, (_, voice) => voice);
  const pairs = all.flatMap((one) => all.slice(one + 1).map((other) => [one, other]));
  return [[], ...all.map((voice) => [voice]), ...pairs];
}

function logChances(probability: number): readonly [number, number] {
  const chance = Math.min(1 - SMALLEST_CHANCE, Math.max(SMALLEST_CHANCE, probability));
  return [Math.log(chance), Math.log(1 - chance)];
}
