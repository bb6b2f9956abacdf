import { blocksIn } from '../../engine/embedding/SpeechBlocks.ts';

/** Speech that a voice and its successor have in common at least. */
const LEAST_SHARED_BLOCKS = blocksIn(1);

/**
 * Gives the voices of a new search the numbers that they had in the one before, by the blocks that they share.
 * @param isSpeaking [voices][blocks] where each voice of the new search speaks
 * @param numbers [blocks] number of the voice that spoke there before, 0: nobody
 * @param known numbers that exist, from 1 on
 * @param most number of voices that there may be
 * @returns [voices] their numbers, new ones from the highest on; 0: one voice too many
 */
export function matchVoices(
  isSpeaking: readonly Uint8Array[],
  numbers: readonly number[],
  known: readonly number[],
  most: number,
): number[] {
  const shared = isSpeaking.flatMap((flags, voice) =>
    known.map((number) => ({
      voice,
      number,
      blocks: numbers.reduce((sum, each, block) => sum + (each === number ? flags[block]! : 0), 0),
    })),
  );
  const matched = isSpeaking.map(() => 0);
  for (const { voice, number, blocks } of shared.sort((one, other) => other.blocks - one.blocks)) {
    if (blocks < LEAST_SHARED_BLOCKS) break;
    if (matched[voice] === 0 && !matched.includes(number)) matched[voice] = number;
  }
  const left = known.filter((number) => !matched.includes(number));
  let latest = Math.max(0, ...known);
  return matched.map((number) => {
    if (number > 0) return number;
    // If all have been found, somebody was mistaken for another one so far.
    return latest < most ? ++latest : (left.shift() ?? 0);
  });
}
