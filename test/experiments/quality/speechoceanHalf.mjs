import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Speakers of `data/speechocean` that settings are tuned on, or results are decided on: every other one of each sex.
 * @param folder of the speakers, with speakers.json
 * @param half `tune` or `decide`
 */
export function speechoceanHalf(folder, half) {
  const facts = Object.entries(JSON.parse(readFileSync(join(folder, 'speakers.json'), 'utf8')));
  return ['female', 'male'].flatMap((wanted) =>
    facts
      .filter(([, { sex }]) => sex === wanted)
      .map(([name]) => name)
      .sort()
      .filter((_, index) => index % 2 === (half === 'tune' ? 0 : 1))
      .map((name) => ({ name, sex: wanted })),
  );
}
