import { latencySamples } from '../../../engine/stft/StftPlan.ts';
import type { Dataset, DatasetSplit } from '../evaluation/Dataset.ts';
import type { MethodSettings } from '../evaluation/methods/SeparationMethod.ts';
import { medianOf, type PairedDifference, pairedDifference } from '../evaluation/statistics.ts';
import type { ConversationOptions } from './Conversation.ts';
import type { ConversationScores } from './conversationScores.ts';
import type { ConversationResult } from './evaluateConversations.ts';
import type { GroupSex } from './speakerGroups.ts';

export type ConversationScoreName = Exclude<keyof ConversationScores, 'soloShare' | 'overlapShare'>;

/** The table of scores: texts and plots take their columns from it. */
export const CONVERSATION_SCORES: readonly {
  readonly name: ConversationScoreName;
  readonly label: string;
  readonly digits: number;
  /** Which direction is better; the tenth percentile and the worst value lie on the other side. */
  readonly better: 'higher' | 'lower';
}[] = [
  { name: 'leakDecibels', label: 'leak dB', digits: 1, better: 'lower' },
  { name: 'soloSiSdrDecibels', label: 'solo dB', digits: 1, better: 'higher' },
  { name: 'overlapSiSdrDecibels', label: 'overlap dB', digits: 1, better: 'higher' },
  { name: 'onsetLossDecibels', label: 'onset dB', digits: 1, better: 'lower' },
  { name: 'confusionRate', label: 'confused', digits: 3, better: 'lower' },
  { name: 'silenceDecibels', label: 'silence dB', digits: 1, better: 'lower' },
  { name: 'stoi', label: 'STOI', digits: 3, better: 'higher' },
];

/** Of the conversations in which the score exists; null: in none. */
export interface ScoreSummary {
  readonly count: number;
  readonly median: number;
  /** Nine tenths of the conversations are at least as good. */
  readonly tenthPercentile: number;
  readonly worst: number;
}

type PerScore<T> = { readonly [Name in ConversationScoreName]: T | null };

export interface ConversationSummary {
  readonly method: string;
  readonly sex: GroupSex | 'all';
  readonly scores: PerScore<ScoreSummary>;
}

/** A method minus the first one, conversation by conversation. */
export interface ConversationDifference {
  readonly method: string;
  readonly minus: string;
  readonly scores: PerScore<PairedDifference>;
}

export type ConversationReport = ReturnType<typeof conversationReport>;

const SEXES: readonly GroupSex[] = ['female', 'male', 'mixed'];

/** What `evaluate --conversation --json` writes: conditions, summaries, paired differences and every result. */
export function conversationReport(
  dataset: Dataset,
  split: DatasetSplit,
  settings: MethodSettings,
  conditions: readonly ConversationOptions[],
  results: readonly ConversationResult[],
) {
  const { plan, templates, seed } = settings;
  const methods = [...new Set(results.map(({ method }) => method))];
  const [first] = methods;
  return {
    dataset: dataset.folder,
    speakers: dataset.speakers.map(({ name, sex }) => ({ name, sex })),
    split,
    settings: {
      sampleRateHertz: plan.sampleRateHertz,
      windowSamples: plan.windowSamples,
      hopSamples: plan.hopSamples,
      latencyMilliseconds: (1000 * latencySamples(plan)) / plan.sampleRateHertz,
      templates,
      seed,
    },
    conditions,
    summaries: (['all', ...SEXES] as const).flatMap((sex) =>
      methods.flatMap((method) => summarize(results, method, sex)),
    ),
    differences: methods.slice(1).map((method) => differenceOf(results, method, first!)),
    results: results.map(({ picture: _, ...result }) => result),
  };
}

function summarize(results: readonly ConversationResult[], method: string, sex: GroupSex | 'all') {
  const own = results.filter((result) => result.method === method && (sex === 'all' || result.sex === sex));
  if (own.length === 0) return [];
  const summary: ConversationSummary = {
    method,
    sex,
    scores: perScore((name, better) => {
      const values = own.map(({ scores }) => scores[name]).filter((value) => value !== null);
      if (values.length === 0) return null;
      const fromWorst = values.toSorted((one, other) => (better === 'higher' ? one - other : other - one));
      return {
        count: values.length,
        median: medianOf(values),
        tenthPercentile: fromWorst[Math.floor((values.length - 1) / 10)]!,
        worst: fromWorst[0]!,
      };
    }),
  };
  return [summary];
}

function differenceOf(results: readonly ConversationResult[], method: string, minus: string): ConversationDifference {
  const own = results.filter((result) => result.method === method);
  const others = results.filter((result) => result.method === minus);
  return {
    method,
    minus,
    scores: perScore((name) => {
      const pairs = own.flatMap(({ group, overlap, scores }) => {
        const other = others.find((each) => each.group === group && each.overlap === overlap)?.scores[name] ?? null;
        const value = scores[name];
        return value === null || other === null ? [] : [{ value, other }];
      });
      if (pairs.length === 0) return null;
      return pairedDifference(
        pairs.map(({ value }) => value),
        pairs.map(({ other }) => other),
      );
    }),
  };
}

function perScore<T>(compute: (name: ConversationScoreName, better: 'higher' | 'lower') => T | null): PerScore<T> {
  return Object.fromEntries(
    CONVERSATION_SCORES.map(({ name, better }) => [name, compute(name, better)]),
  ) as PerScore<T>;
}
