import type { Decibels } from '../../../engine/core/units.ts';
import { latencySamples } from '../../../engine/stft/StftPlan.ts';
import type { Dataset, DatasetSplit } from './Dataset.ts';
import type { PairResult } from './evaluate.ts';
import type { MethodSettings } from './methods/SeparationMethod.ts';
import type { PairGroup } from './pairs.ts';
import { SCORES, type ScoreName } from './scores.ts';
import { type Distribution, distributionOf, type PairedDifference, pairedDifference } from './statistics.ts';

export interface MethodSummary {
  readonly method: string;
  readonly group: PairGroup | 'all';
  readonly scores: { readonly [Score in ScoreName]: Distribution };
  /** Duration of all mixtures over the time to separate them, without training. */
  readonly realTimeFactor: number;
}

/** Scores of a method minus those of the first method, for the same pairs. */
export interface MethodDifference {
  readonly method: string;
  readonly minus: string;
  readonly scores: { readonly [Score in ScoreName]: PairedDifference };
}

export type EvaluationReport = ReturnType<typeof evaluationReport>;

const GROUPS: readonly PairGroup[] = ['female/female', 'male/male', 'mixed'];

/** Builds the JSON report of `evaluate`: conditions, summaries, and the results of every pair for further statistics. */
export function evaluationReport(
  dataset: Dataset,
  split: DatasetSplit,
  settings: MethodSettings,
  snrDecibels: Decibels,
  results: readonly PairResult[],
) {
  const { plan, templates, seed } = settings;
  const milliseconds = (samples: number) => (1000 * samples) / plan.sampleRateHertz;
  const methods = [...new Set(results.map((result) => result.method))];
  const [reference, ...others] = methods;
  return {
    dataset: dataset.folder,
    speakers: dataset.speakers.map(({ name, sex }) => ({ name, sex })),
    split,
    conditions: {
      sampleRateHertz: plan.sampleRateHertz,
      windowSamples: plan.windowSamples,
      windowMilliseconds: milliseconds(plan.windowSamples),
      hopSamples: plan.hopSamples,
      latencySamples: latencySamples(plan),
      latencyMilliseconds: milliseconds(latencySamples(plan)),
      snrDecibels,
      templates,
      seed,
      // The paper method always uses 20 templates and hop N/2.
      ...(methods.includes('paper') ? { paper: settings.paper } : {}),
    },
    pairs: new Set(results.map((result) => result.pair)).size,
    summaries: (['all', ...GROUPS] as const).flatMap((group) =>
      methods.flatMap((method) => summarize(results, method, group)),
    ),
    differences: reference === undefined ? [] : others.map((method) => difference(results, method, reference)),
    results,
  };
}

function summarize(results: readonly PairResult[], method: string, group: PairGroup | 'all'): MethodSummary[] {
  const own = results.filter((result) => result.method === method && (group === 'all' || result.group === group));
  if (own.length === 0) return [];
  const total = (quantity: 'mixtureSeconds' | 'separationSeconds') =>
    own.reduce((sum, result) => sum + result[quantity], 0);
  return [
    {
      method,
      group,
      scores: perScore((name) => distributionOf(valuesOf(own, name))),
      realTimeFactor: total('mixtureSeconds') / total('separationSeconds'),
    },
  ];
}

function difference(results: readonly PairResult[], method: string, reference: string): MethodDifference {
  const own = results.filter((result) => result.method === method);
  const others = own.map(
    ({ pair }) => results.find((result) => result.method === reference && result.pair === pair) as PairResult,
  );
  return {
    method,
    minus: reference,
    scores: perScore((name) => pairedDifference(valuesOf(own, name), valuesOf(others, name))),
  };
}

function valuesOf(results: readonly PairResult[], name: ScoreName): number[] {
  return results.map((result) => result.scores[name]);
}

function perScore<T>(compute: (name: ScoreName) => T): { readonly [Score in ScoreName]: T } {
  return Object.fromEntries(SCORES.map(({ name }) => [name, compute(name)])) as { readonly [Score in ScoreName]: T };
}
