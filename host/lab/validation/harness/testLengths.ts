import type { Random } from '../../../../engine/core/Random.ts';
import type { Samples } from '../../../../engine/core/units.ts';
import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';

/** Enough sound for a plugin to settle and go on for 50 to 250 ms. */
export function caseSamples(random: Random, { plan }: SpeakerSet): Samples {
  const settling = plan.windowSamples + plan.windows.synthesis.length;
  return settling + Math.ceil(random.between(0.05, 0.25) * plan.sampleRateHertz);
}
