import { Random } from '../../../engine/core/Random.ts';
import type { Hertz, Samples } from '../../../engine/core/units.ts';
import type { SpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { binCount, planStft } from '../../../engine/stft/StftPlan.ts';

/** Size of a timed separator. */
export interface SpeakerSetSize {
  readonly speakers: number;
  readonly templatesPerSpeaker: number;
  readonly windowSamples: Samples;
}

/** Worst case for a size: no frame is silent, and noise fits the templates so badly that nearly all frames take all iterations. */
export interface NoiseSpeakerSet {
  readonly speakerSet: SpeakerSet;
  /** A second of noise in hops of [hop] samples, all different, so that no frame starts from its own solution. */
  readonly hops: readonly Float32Array[];
}

export const SAMPLE_RATE_HERTZ: Hertz = 48_000;

/** Value of a template outside its hump, relative to the top of the hump. */
const TEMPLATE_FLOOR = 0.05;

/** Templates are humps at random frequencies, 48 kHz, hop N/4. Plain noise would settle after 5 of 8 iterations: too optimistic. */
export function noiseSpeakerSet({ speakers, templatesPerSpeaker, windowSamples }: SpeakerSetSize): NoiseSpeakerSet {
  const random = new Random(1);
  const seconds = windowSamples / SAMPLE_RATE_HERTZ;
  const plan = planStft({ sampleRateHertz: SAMPLE_RATE_HERTZ, latency: seconds, windowSeconds: seconds });
  const bins = binCount(plan);
  const speakerSet: SpeakerSet = {
    plan,
    magnitudeExponent: 0.5,
    bins,
    speakers: Array.from({ length: speakers }, (_, index) => ({
      name: `speaker ${index + 1}`,
      templates: templatesPerSpeaker,
      values: humps(random, templatesPerSpeaker, bins),
    })),
  };
  const hops = Array.from({ length: Math.ceil(SAMPLE_RATE_HERTZ / plan.hopSamples) }, () =>
    Float32Array.from({ length: plan.hopSamples }, () => random.between(-0.3, 0.3)),
  );
  return { speakerSet, hops };
}

/** @returns [templates x bins], each row with mean 1 */
function humps(random: Random, templates: number, bins: number): Float32Array {
  const values = new Float32Array(templates * bins);
  for (let k = 0; k < templates; k++) {
    const row = values.subarray(k * bins, (k + 1) * bins);
    const centre = random.between(0, 0.2);
    const width = random.between(0.02, 0.1);
    for (let bin = 0; bin < bins; bin++) {
      const distance = (bin / bins - centre) / width;
      row[bin] = TEMPLATE_FLOOR + Math.exp(-distance * distance);
    }
    const mean = row.reduce((sum, value) => sum + value, 0) / bins;
    for (let bin = 0; bin < bins; bin++) row[bin]! /= mean;
  }
  return values;
}
