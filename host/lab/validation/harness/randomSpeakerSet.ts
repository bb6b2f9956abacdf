import { MAXIMUM_SPEAKERS } from '../../../../engine/core/limits.ts';
import type { Random } from '../../../../engine/core/Random.ts';
import type { Hertz, Seconds } from '../../../../engine/core/units.ts';
import { normalizeRows } from '../../../../engine/model/normalizeRows.ts';
import type { SampledSpeaker, SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import { type MaskNetwork, networkSizes } from '../../../../engine/network/MaskNetwork.ts';
import { binCount, LATENCY_MODE_SECONDS, type LatencyMode, planStft } from '../../../../engine/stft/StftPlan.ts';

/** Sample rates of sound cards and files, and two that no window divides evenly. */
const SAMPLE_RATES_HERTZ: readonly Hertz[] = [
  8000, 11_025, 12_345, 16_000, 22_050, 32_000, 44_100, 48_000, 51_111, 88_200, 96_000, 176_400, 192_000,
];
const MODES = Object.keys(LATENCY_MODE_SECONDS) as LatencyMode[];
/** Limit of templates x bins of all speakers: larger cases take longer and find nothing more. */
const LARGEST_MATRIX = 1_500_000;
const LARGEST_RANK = 64;
const WARPED_COPIES = 3;
/** Limit of output templates x bins: larger speaker sets are not adapted. */
const LARGEST_OUTPUT = 4_000_000;

/** Draws from the table, so that common and odd, low and high rates are equally likely. */
export function randomSampleRate(random: Random): Hertz {
  return SAMPLE_RATES_HERTZ[random.integer(SAMPLE_RATES_HERTZ.length)]!;
}

/**
 * Draws a latency mode, or any latency of 4 to 60 ms and any window from there to 80 ms; 1 to 8 speakers of 1 to 64 templates; half of
 * the sets are jointly adapted.
 */
export function randomSpeakerSet(random: Random, sampleRateHertz: Hertz): SpeakerSet {
  const plan = planStft({ sampleRateHertz, ...randomTiming(random) });
  const speakers = 1 + random.integer(MAXIMUM_SPEAKERS);
  // Presets of recordings at a low sample rate have no high frequencies.
  const bins = random.uniform() < 0.7 ? binCount(plan) : 2 + random.integer(binCount(plan) - 1);
  const copies = random.uniform() < 0.5 ? WARPED_COPIES : 1;
  const rank = Math.max(1, Math.min(LARGEST_RANK, Math.floor(LARGEST_MATRIX / (speakers * bins * copies))));
  const speakerSet = {
    plan,
    magnitudeExponent: random.uniform() < 0.8 ? 0.5 : random.between(0.3, 1),
    bins,
    speakers: Array.from({ length: speakers }, (_, s) =>
      randomSpeaker(random, `speaker ${s + 1}`, 1 + random.integer(rank), copies, bins),
    ),
  };
  return speakers > 1 && random.uniform() < 0.5 ? adapted(random, speakerSet) : speakerSet;
}

/** Extreme results of learning: gains of all sizes, including 0, with or without a random mask network. */
function adapted(random: Random, speakerSet: SpeakerSet): SpeakerSet {
  const { speakers, bins } = speakerSet;
  const templates = speakers.reduce((sum, speaker) => sum + speaker.templates, 0);
  if (speakers.length * templates * bins > LARGEST_OUTPUT) return speakerSet;
  const all = new Float32Array(templates * bins);
  let written = 0;
  for (const { values } of speakers) {
    all.set(values, written);
    written += values.length;
  }
  const outputTemplates = speakers.map(() => {
    const values = all.slice();
    for (let template = 0; template < templates; template++) {
      const gain = random.uniform() < 0.2 ? 0 : 10 ** random.between(-3, 1);
      for (let bin = 0; bin < bins; bin++) values[template * bins + bin]! *= gain;
    }
    return values;
  });
  if (random.uniform() < 0.5) return { ...speakerSet, outputTemplates };
  return { ...speakerSet, outputTemplates, network: randomNetwork(random, speakerSet) };
}

function randomNetwork(random: Random, { plan, speakers }: SpeakerSet): MaskNetwork {
  const bandwidthHertz = Math.min(plan.sampleRateHertz / 2, 8000);
  const sizes = networkSizes(bandwidthHertz, speakers.length);
  const weights = (count: number) => Float32Array.from({ length: count }, () => random.between(-1, 1));
  return {
    bandwidthHertz,
    speakers: speakers.length,
    temporalPrior: random.uniform() < 0.5 ? 0 : random.uniform(),
    first: weights(sizes.first),
    second: weights(sizes.second),
  };
}

/** Describes a speaker set in reports of failures. */
export function adaptationText({ plan, speakers, bins }: SpeakerSet): string {
  const { sampleRateHertz, windowSamples, hopSamples, windows } = plan;
  const templates = speakers.map((speaker) => speaker.templates).join('+');
  return `${sampleRateHertz} Hz, window ${windowSamples}, hop ${hopSamples}, latency ${windows.synthesis.length}, ${bins} of ${binCount(plan)} bins, ${templates} templates`;
}

function randomTiming(random: Random): { latency: LatencyMode | Seconds; windowSeconds?: Seconds } {
  if (random.uniform() < 0.6) return { latency: MODES[random.integer(MODES.length)]! };
  const latency = random.between(0.004, 0.06);
  // The longest window is 85 ms at 192 kHz.
  return { latency, windowSeconds: Math.max(latency, random.between(0.016, 0.08)) };
}

/** Draws templates similar to a voice's: smooth humps over a floor, some with a gap of zeros. */
function randomSpeaker(random: Random, name: string, rank: number, copies: number, bins: number): SampledSpeaker {
  const values = new Float32Array(rank * copies * bins);
  for (let row = 0; row < rank * copies; row++) {
    const centre = random.between(0, bins);
    const width = 1 + random.between(0.01, 0.3) * bins;
    const floor = random.uniform() < 0.3 ? 0 : random.between(1e-4, 0.3);
    for (let bin = 0; bin < bins; bin++) values[row * bins + bin] = floor + Math.exp(-(((bin - centre) / width) ** 2));
  }
  return { name, templates: rank * copies, coreTemplates: rank, values: normalizeRows(values, bins) };
}
