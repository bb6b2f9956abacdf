import { InputError, requireInteger, requireNumber } from '../core/errors.ts';
import type { Hertz, Samples, Seconds } from '../core/units.ts';
import { RealFft } from '../kernel/RealFft.ts';
import { asymmetricPair, equivalentNoiseBandwidthBins, symmetricPair, type WindowPair } from './window.ts';

/** Parameters of an STFT and its inverse. Plain data: can be posted to another thread. */
export interface StftPlan {
  readonly sampleRateHertz: Hertz;
  readonly windowSamples: Samples;
  readonly hopSamples: Samples;
  readonly windows: WindowPair;
}

/** Latency modes: length of the synthesis window. The blocks of the sound card come on top. */
export const LATENCY_MODE_SECONDS = { ear: 0.008, monitor: 0.016, call: 0.032, studio: 0.064 } as const;
export type LatencyMode = keyof typeof LATENCY_MODE_SECONDS;

/** 40 ms separates adapted voices 0.1 to 0.3 dB better than 64 ms, and unadapted ones 0.1 dB worse; 128 ms is worse in all live modes. */
export const DEFAULT_WINDOW_SECONDS: Seconds = 0.04;

export const SAMPLE_RATE_RANGE_HERTZ = { minimum: 4000, maximum: 384_000 } as const;
export const LATENCY_RANGE_SECONDS = { minimum: 0.002, maximum: 0.5 } as const;
const WINDOW_RANGE_SAMPLES = { minimum: 16, maximum: 16_384 } as const;

export interface StftPlanOptions {
  readonly sampleRateHertz: Hertz;
  /** Name of a mode, or algorithmic latency in seconds, 0.002 to 0.5. @default 'monitor' */
  readonly latency?: LatencyMode | Seconds;
  /** Analysis window, rounded to the nearest size that the FFT supports. @default 0.04, or the latency if that is longer */
  readonly windowSeconds?: Seconds;
}

/** Delay of `Stft` followed by `InverseStft`: length of the synthesis window. */
export function latencySamples(plan: StftPlan): Samples {
  return plan.windows.synthesis.length;
}

/** Number of frequency bins, N/2 + 1. */
export function binCount(plan: StftPlan): number {
  return plan.windowSamples / 2 + 1;
}

/**
 * Duration of the sine window with the same equivalent noise bandwidth as this plan's analysis window; an input of template networks.
 * N / sampleRate * (pi^2 / 8) / ENBW, so N / sampleRate for the sine window itself.
 */
export function effectiveDurationSeconds(plan: StftPlan): Seconds {
  const sineBandwidthBins = Math.PI ** 2 / 8;
  const bandwidthBins = equivalentNoiseBandwidthBins(plan.windows.analysis);
  return (plan.windowSamples / plan.sampleRateHertz) * (sineBandwidthBins / bandwidthBins);
}

/**
 * Chooses windows and hop for a latency: a symmetric pair with hop N/4 if the latency allows the whole window, otherwise a long
 * analysis window with a short synthesis window at its end and half the synthesis window as hop.
 * @throws InputError for a sample rate, latency or window out of range
 */
export function planStft(options: StftPlanOptions): StftPlan {
  const { sampleRateHertz } = options;
  requireNumber('sampleRateHertz', sampleRateHertz, SAMPLE_RATE_RANGE_HERTZ.minimum, SAMPLE_RATE_RANGE_HERTZ.maximum);
  const latency = options.latency ?? 'monitor';
  const latencySeconds = typeof latency === 'number' ? latency : LATENCY_MODE_SECONDS[latency];
  if (latencySeconds === undefined) {
    throw new InputError(
      `latency must be ${Object.keys(LATENCY_MODE_SECONDS).join(', ')} or a number of seconds, got "${latency}"`,
    );
  }
  requireNumber('latencySeconds', latencySeconds, LATENCY_RANGE_SECONDS.minimum, LATENCY_RANGE_SECONDS.maximum);
  const windowSeconds = options.windowSeconds ?? Math.max(DEFAULT_WINDOW_SECONDS, latencySeconds);
  requireNumber('windowSeconds', windowSeconds, latencySeconds, 1);
  const windowSamples = RealFft.nearestSupportedSize(Math.round(windowSeconds * sampleRateHertz));
  requireInteger('windowSamples', windowSamples, WINDOW_RANGE_SAMPLES.minimum, WINDOW_RANGE_SAMPLES.maximum);
  if (latencySeconds >= windowSeconds) {
    const hopSamples = Math.max(1, Math.floor(windowSamples / 4));
    return { sampleRateHertz, windowSamples, hopSamples, windows: symmetricPair(windowSamples) };
  }
  const hopSamples = Math.max(1, Math.min(Math.round((latencySeconds * sampleRateHertz) / 2), windowSamples / 2));
  return { sampleRateHertz, windowSamples, hopSamples, windows: asymmetricPair(windowSamples, 2 * hopSamples) };
}
