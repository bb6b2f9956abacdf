import type { Hertz } from '../../../engine/core/units.ts';
import type { SpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { type LatencyMode, planStft } from '../../../engine/stft/StftPlan.ts';
import { readRecording } from '../../audio/readRecording.ts';
import { resample } from '../../audio/resample.ts';
import { demoMixturePath } from '../../files/demoFiles.ts';
import { defaultSpeakerSet, plainSpeakerSet } from '../../library/defaultSpeakerSet.ts';
import { noiseHops, noiseSpeakerSet } from './noiseSpeakerSet.ts';

const SAMPLE_RATE_HERTZ: Hertz = 48_000;

/** What a measurement of the separator runs on. */
export interface BenchCase {
  readonly voices: string;
  readonly latency: LatencyMode;
  readonly signal: 'demo mixture' | 'noise';
  readonly speakerSet: SpeakerSet;
  /** Input in hops of [hop] samples, repeated as often as necessary. */
  readonly hops: readonly Float32Array[];
}

/**
 * Loads the cases, all at 48 kHz: the speaker set that runs by default first, then in other modes, then other speaker sets.
 * @throws InputError for a broken bundled file
 */
export async function loadBenchCases(): Promise<BenchCase[]> {
  const mixture = await demoMixture();
  const timing = (latency: LatencyMode) => {
    const plan = planStft({ sampleRateHertz: SAMPLE_RATE_HERTZ, latency });
    return { latency, plan, hops: hopsOf(mixture, plan.hopSamples) };
  };
  const bundled = async (latency: LatencyMode): Promise<BenchCase> => {
    const { plan, hops } = timing(latency);
    const speakerSet = await defaultSpeakerSet(plan);
    return { voices: 'bundled, adapted', latency, signal: 'demo mixture', speakerSet, hops };
  };
  const usual = await bundled('monitor');
  const { plan, hops } = timing('monitor');
  const noise = { latency: 'monitor', signal: 'noise', hops: noiseHops(SAMPLE_RATE_HERTZ, plan.hopSamples) } as const;
  return [
    usual,
    await bundled('ear'),
    await bundled('call'),
    await bundled('studio'),
    { ...usual, ...noise },
    { ...usual, voices: 'bundled, plain', speakerSet: await plainSpeakerSet(plan), hops },
    { ...noise, voices: 'synthetic, adapted', speakerSet: noiseSpeakerSet(4, plan) },
    { ...noise, voices: 'synthetic, adapted', speakerSet: noiseSpeakerSet(8, plan) },
  ];
}

/** @returns a hop of the input, which starts again after its end */
export function hopAt(hops: readonly Float32Array[], index: number): Float32Array {
  const hop = hops[index % hops.length];
  if (hop === undefined) throw new Error('a bench case must have at least one hop of input');
  return hop;
}

async function demoMixture(): Promise<Float32Array> {
  const { samples, sampleRateHertz } = await readRecording(demoMixturePath());
  return resample(samples, sampleRateHertz, SAMPLE_RATE_HERTZ);
}

function hopsOf(signal: Float32Array, hopSamples: number): Float32Array[] {
  return Array.from({ length: Math.floor(signal.length / hopSamples) }, (_, hop) =>
    signal.slice(hop * hopSamples, (hop + 1) * hopSamples),
  );
}
