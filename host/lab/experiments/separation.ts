import {
  evaluate,
  type MethodSettings,
  type PairResult,
  resultLogPath,
  type SpeakerPair,
  separationMethod,
  type TrainedSpeaker,
} from '../evaluation/index.ts';
import { type ExperimentOptions, experimentWindows, methodSettings } from './experimentSettings.ts';
import type { PaperTrainingTime } from './reconstruction.ts';

export const SEPARATION_EXPERIMENT_METHODS = ['nmf', 'interpolated', 'innmf', 'paper'] as const;

export interface SeparationResult extends PairResult {
  /** The paper's N. */
  readonly window: number;
}

export interface SeparationExperiment {
  readonly results: readonly SeparationResult[];
  /** Trainings of this run; empty if all results of `paper` are from an earlier one. */
  readonly paperTrainings: readonly PaperTrainingTime[];
}

/** Figure 5 of the paper: separates the same mixtures at 0 dB at every window. Resumes an interrupted run. @throws InputError as methods do */
export async function separateAll(options: ExperimentOptions): Promise<SeparationExperiment> {
  const windows = experimentWindows(options.dataset);
  const remembered = new Map<string, TrainedSpeaker>();
  const results: SeparationResult[] = [];
  for (const [index, window] of windows.entries()) {
    const settings = methodSettings(options, window);
    const logPath = await resultLogPath({ dataset: options.dataset, settings, snrDecibels: 0 });
    for (const { methods, pairs, share } of rounds(options)) {
      if (pairs.length === 0) continue;
      const { results: own } = await evaluateRound(
        options,
        settings,
        { methods, pairs, logPath, remembered },
        (fraction) => (index + share.from + (share.to - share.from) * fraction) / windows.length,
      );
      results.push(...own.map((result) => ({ ...result, window: window.paperSamples })));
    }
  }
  const paperTrainings = [...remembered].flatMap(([key, speaker]) =>
    speaker.kind === 'paper'
      ? [{ speaker: key.slice(key.indexOf(' ') + 1), seconds: speaker.training.trainingSeconds }]
      : [],
  );
  return { results, paperTrainings };
}

interface Round {
  readonly methods: readonly string[];
  readonly pairs: readonly SpeakerPair[];
}

/** Pairs of each method: the paper's networks may be trained for some of the speakers only. */
function rounds({ pairs, paper }: ExperimentOptions): (Round & { share: { from: number; to: number } })[] {
  const named = paper?.speakers ?? [];
  const isPaper = ({ first, second }: SpeakerPair) => named.includes(first.name) && named.includes(second.name);
  return [
    { methods: ['nmf', 'interpolated', 'innmf'], pairs, share: { from: 0, to: paper === null ? 1 : 0.5 } },
    { methods: ['paper'], pairs: pairs.filter(isPaper), share: { from: 0.5, to: 1 } },
  ];
}

function evaluateRound(
  { dataset, threads, signal, onProgress }: ExperimentOptions,
  settings: MethodSettings,
  { methods, ...round }: Round & { logPath: string; remembered: Map<string, TrainedSpeaker> },
  overall: (fraction: number) => number,
) {
  return evaluate({
    dataset,
    settings,
    threads,
    signal,
    ...round,
    methods: methods.map(separationMethod),
    snrDecibels: 0,
    isFresh: false,
    onProgress: (fraction, detail) => onProgress?.(overall(fraction), `N = ${settings.plan.windowSamples}: ${detail}`),
  });
}
