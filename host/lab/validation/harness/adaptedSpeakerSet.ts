import { Random } from '../../../../engine/core/Random.ts';
import type { Hertz } from '../../../../engine/core/units.ts';
import { normalizeRows } from '../../../../engine/model/normalizeRows.ts';
import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import { networkSizes } from '../../../../engine/network/MaskNetwork.ts';
import { binCount, planStft } from '../../../../engine/stft/StftPlan.ts';

/** Fewer than the 40 of trained presets, to save time. With fewer still, inverse transforms would take a larger part of a frame than in use. */
const CORE_TEMPLATES = 12;
const LARGEST_BANDWIDTH_HERTZ: Hertz = 8000;

/** Jointly adapted speakers with a mask network, at the default latency. */
export function adaptedSpeakerSet(speakers: number, sampleRateHertz: Hertz, seed: number): SpeakerSet {
  const random = new Random(seed);
  const plan = planStft({ sampleRateHertz });
  const bins = binCount(plan);
  const templates = 3 * CORE_TEMPLATES;
  const noise = (count: number) => Float32Array.from({ length: count }, () => random.uniform() ** 4 + 0.01);
  const weights = (count: number) => Float32Array.from({ length: count }, () => random.between(-0.1, 0.1));
  const bandwidthHertz = Math.min(sampleRateHertz / 2, LARGEST_BANDWIDTH_HERTZ);
  const sizes = networkSizes(bandwidthHertz, speakers);
  return {
    plan,
    magnitudeExponent: 0.5,
    bins,
    speakers: Array.from({ length: speakers }, (_, s) => ({
      name: `speaker ${s + 1}`,
      templates,
      coreTemplates: CORE_TEMPLATES,
      values: normalizeRows(noise(templates * bins), bins),
    })),
    outputTemplates: Array.from({ length: speakers }, () => noise(speakers * templates * bins)),
    network: {
      bandwidthHertz,
      speakers,
      temporalPrior: 0.5,
      first: weights(sizes.first),
      second: weights(sizes.second),
    },
  };
}
