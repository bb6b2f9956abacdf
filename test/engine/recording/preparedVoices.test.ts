import { expect, it } from 'vitest';
import { adaptedWithRest } from '../../../engine/recording/preparedVoices.ts';
import { randomPreset } from '../syntheticVoice.ts';

const voiceOf = (name: string, seed: number) => ({ preset: randomPreset(name, 4, seed) });
type Voice = ReturnType<typeof voiceOf>;

const ann = voiceOf('ann', 1);
const bob = voiceOf('bob', 2);
const background = voiceOf('background', 3);

/** @returns the names of the voices of each adaptation, and the progress of all */
async function adapted(voices: readonly Voice[], isLoaded: boolean) {
  const rounds: string[][] = [];
  const fractions: number[] = [];
  await adaptedWithRest(
    voices,
    { voices: isLoaded ? [...voices, background] : voices, isLoaded, reason: null },
    async (speakers, onProgress) => {
      rounds.push(speakers.map(({ preset }) => preset.name));
      onProgress(0.5);
      onProgress(1);
      return { adaptation: null, reason: null };
    },
    (fraction) => fractions.push(fraction),
  );
  return { rounds, fractions };
}

it('adapts several voices without and with the background, each for half of the progress', async () => {
  expect(await adapted([ann, bob], true)).toEqual({
    rounds: [
      ['ann', 'bob'],
      ['ann', 'bob', 'background'],
    ],
    fractions: [0.25, 0.5, 0.75, 1],
  });
});

it.each([
  ['one voice', [ann], true, ['ann', 'background']],
  ['voices without a background', [ann, bob], false, ['ann', 'bob']],
])('adapts %s once, for all of the progress', async (_, voices, isLoaded, names) => {
  expect(await adapted(voices, isLoaded)).toEqual({ rounds: [names], fractions: [0.5, 1] });
});
