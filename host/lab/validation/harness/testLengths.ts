import type { Random } from '../../../../engine/core/Random.ts';
import type { Samples } from '../../../../engine/core/units.ts';
import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';

/** Duration in which a plugin settles and then runs for 50 to 250 ms more. */
export function caseSamples(random: Random, { plan }: SpeakerSet): Samples {
  const settling = plan.windowSamples + plan.windows.synthesis.length;
  return settling + Math.ceil(random.between(0.05, 0.25) * plan.sampleRateHertz);
}
