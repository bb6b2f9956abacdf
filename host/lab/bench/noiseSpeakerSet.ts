import { Random } from '../../../engine/core/Random.ts';
import type { Hertz, Samples } from '../../../engine/core/units.ts';
import { adaptSpeakerSet, type JointAdaptation } from '../../../engine/model/JointAdaptation.ts';
import { normalizeRows } from '../../../engine/model/normalizeRows.ts';
import type { SpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { networkSizes } from '../../../engine/network/MaskNetwork.ts';
import type { StftPlan } from '../../../engine/stft/StftPlan.ts';

/** Sizes of the bundled presets. */
const CORE_TEMPLATES = 64;
const COPIES = 3;
const BANDWIDTH_HERTZ: Hertz = 8000;
/** Value of a template outside its hump, relative to the top of the hump. */
const TEMPLATE_FLOOR = 0.05;
/** Sample points of the adaptation's gains. */
const GAIN_FREQUENCIES_HERTZ = Float64Array.of(0, 500, 1000, 2000, 4000, 8000);

/**
 * Voices of the bundled presets' size for which there are no recordings: templates are humps at random frequencies, and the adaptation
 * (output templates and mask network) has random numbers. Their separation means nothing; their processing time is that of learnt ones.
 * @param speakers 2 to 8
 */
export function noiseSpeakerSet(speakers: number, plan: StftPlan): SpeakerSet {
  const random = new Random(speakers);
  const bins = Math.floor((BANDWIDTH_HERTZ * plan.windowSamples) / plan.sampleRateHertz) + 1;
  const templates = COPIES * CORE_TEMPLATES;
  const plain: SpeakerSet = {
    plan,
    magnitudeExponent: 0.5,
    bins,
    speakers: Array.from({ length: speakers }, (_, index) => ({
      name: `voice ${index + 1}`,
      templates,
      coreTemplates: CORE_TEMPLATES,
      values: humps(random, templates, bins),
    })),
  };
  return adaptSpeakerSet(plain, noiseAdaptation(random, speakers, speakers * templates));
}

/**
 * A second of noise in hops of [hop] samples, all different, so that no frame starts from its own solution. Worst case for the solver: no
 * frame is silent, and noise fits templates so badly that nearly all frames take all iterations.
 */
export function noiseHops(sampleRateHertz: Hertz, hopSamples: Samples): Float32Array[] {
  const random = new Random(1);
  return Array.from({ length: Math.ceil(sampleRateHertz / hopSamples) }, () =>
    Float32Array.from({ length: hopSamples }, () => random.between(-0.3, 0.3)),
  );
}

function noiseAdaptation(random: Random, speakers: number, templates: number): JointAdaptation {
  const sizes = networkSizes(BANDWIDTH_HERTZ, speakers);
  const numbers = (length: number, range: number) => Float32Array.from({ length }, () => random.between(-range, range));
  return {
    frequenciesHertz: GAIN_FREQUENCIES_HERTZ,
    logGains: Array.from({ length: speakers }, () => numbers(templates * GAIN_FREQUENCIES_HERTZ.length, 1)),
    network: {
      bandwidthHertz: BANDWIDTH_HERTZ,
      speakers,
      temporalPrior: 0.5,
      first: numbers(sizes.first, 0.3),
      second: numbers(sizes.second, 0.3),
    },
  };
}

/** @returns [templates x bins], each row with mean 1 */
function humps(random: Random, templates: number, bins: number): Float32Array {
  const values = new Float32Array(templates * bins);
  for (let k = 0; k < templates; k++) {
    const centre = random.between(0, 0.6);
    const width = random.between(0.06, 0.3);
    for (let bin = 0; bin < bins; bin++)
      values[k * bins + bin] = TEMPLATE_FLOOR + Math.exp(-(((bin / bins - centre) / width) ** 2));
  }
  return normalizeRows(values, bins);
}
