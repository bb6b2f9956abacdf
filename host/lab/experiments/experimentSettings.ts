import type { Samples, Seconds } from '../../../engine/core/units.ts';
import { RealFft } from '../../../engine/kernel/RealFft.ts';
import type { StftPlan } from '../../../engine/stft/StftPlan.ts';
import { symmetricPair } from '../../../engine/stft/window.ts';
import type { Dataset, MethodSettings, PaperSettings, SpeakerPair } from '../evaluation/index.ts';
import { PAPER_SPEECH_SECONDS } from '../paper/paperSpectra.ts';
import { PAPER_RANK, PAPER_WINDOWS } from './printedValues.ts';

export interface ExperimentOptions {
  readonly dataset: Dataset;
  readonly pairs: readonly SpeakerPair[];
  readonly seed: number;
  /** Settings of the paper's own networks and the speakers they are trained for; null to leave them out. */
  readonly paper: (PaperSettings & { readonly speakers: readonly string[] }) | null;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (fraction: number, detail: string) => void;
}

/** A window of an experiment: the paper's N at 16 kHz, and the plan of about the same duration at the dataset's rate. */
export interface ExperimentWindow {
  readonly paperSamples: Samples;
  readonly plan: StftPlan;
}

const PAPER_RATE_HERTZ = 16_000;

/** Training speech of every method: the paper's duration. */
export const SPEECH_SECONDS: Seconds = PAPER_SPEECH_SECONDS;

/** Multiplicative updates of templates: enough for matrices that represent NMF to converge. */
export const UPDATES = 500;

/** Sine window, hop N/2. */
export function experimentWindows({ sampleRateHertz }: Dataset): ExperimentWindow[] {
  return PAPER_WINDOWS.map((paperSamples) => {
    const windowSamples = RealFft.nearestSupportedSize(Math.round((paperSamples * sampleRateHertz) / PAPER_RATE_HERTZ));
    const windows = symmetricPair(windowSamples);
    return { paperSamples, plan: { sampleRateHertz, windowSamples, hopSamples: windowSamples / 2, windows } };
  });
}

export function methodSettings({ seed, paper }: ExperimentOptions, { plan }: ExperimentWindow): MethodSettings {
  const networks = paper === null ? {} : { paper: { epochs: paper.epochs, coordinate: paper.coordinate } };
  return { plan, templates: PAPER_RANK, seed, speechSeconds: SPEECH_SECONDS, updates: UPDATES, ...networks };
}
