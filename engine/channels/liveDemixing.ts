import type { Hertz, Seconds } from '../core/units.ts';
import { planStft, type StftPlan } from '../stft/StftPlan.ts';
import { asymmetricPair } from '../stft/window.ts';

/** Longer than the echoes of a small room, short enough that few frames determine the matrices; as for recordings. */
const WINDOW_SECONDS: Seconds = 0.128;
/** Bins above have little speech. They are masked only, so that estimate and matrices are as small at 48 kHz as at 16 kHz. */
const DEMIXED_HERTZ: Hertz = 8000;

/** Parts of the plan of a live demixing that all its ends must share. */
export interface LiveDemixingPlan {
  /** STFT of the estimate. */
  readonly estimation: StftPlan;
  /** STFT of the sound: the same analysis frequencies, with the delay of the shortest latency mode. */
  readonly sound: StftPlan;
  /** Bins from 0 Hz up that have matrices. */
  readonly bins: number;
}

/** Plans the live demixing of channels at a sample rate. @throws InputError for a sample rate out of range */
export function planLiveDemixing(sampleRateHertz: Hertz): LiveDemixingPlan {
  const plan = planStft({ sampleRateHertz, latency: WINDOW_SECONDS, windowSeconds: WINDOW_SECONDS });
  const { windowSamples } = plan;
  const hopSamples = planStft({ sampleRateHertz, latency: 'ear' }).hopSamples;
  const bins = Math.min(windowSamples / 2, Math.floor((DEMIXED_HERTZ * windowSamples) / sampleRateHertz)) + 1;
  return {
    // Half overlap is sufficient: with a quarter, twice as many frames determine hardly better matrices (34.9 and 34.2 dB).
    estimation: { ...plan, hopSamples: windowSamples / 2 },
    sound: { sampleRateHertz, windowSamples, hopSamples, windows: asymmetricPair(windowSamples, 2 * hopSamples) },
    bins,
  };
}
