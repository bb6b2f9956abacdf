import { distributionOf, pairedDifference } from '../../../../host/lab/evaluation/statistics.ts';
import type { SceneKind } from './scenes.ts';
import { type WordErrors, wordErrorRate, wordsOf } from './wordErrors.ts';

export const SIGNALS = ['alone', 'mixture', 'separated'] as const;
export type Signal = (typeof SIGNALS)[number];

/** What the recogniser made of one voice of a scene, as one of the signals. */
export interface Transcript extends WordErrors {
  readonly scene: string;
  readonly kind: SceneKind;
  readonly speaker: string;
  readonly signal: Signal;
  readonly text: string;
  readonly recognized: string;
}

/** Highest word error rate, alone, of a speaker whom the recogniser understands. */
const UNDERSTOOD_RATE = 0.4;

/** @returns table in Markdown of word error rates, means over the speakers with standard errors, and of how many words were heard for each word said */
export function reportText(transcripts: readonly Transcript[]): string {
  const kinds = [...new Set(transcripts.map(({ kind }) => kind))];
  const rows = kinds.flatMap((kind) => {
    const own = transcripts.filter((each) => each.kind === kind);
    const understood = speakersOf(own).filter((speaker) => rateOf(own, speaker, 'alone') < UNDERSTOOD_RATE);
    return [row(kind, own, speakersOf(own)), row(`${kind}, understood alone`, own, understood)];
  });
  return [
    '| | speakers | words | alone | mixture | separated | separated - mixture | heard per word said |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function row(title: string, transcripts: readonly Transcript[], speakers: readonly string[]): string {
  if (speakers.length === 0) return `| ${title} | 0 | | | | | | |`;
  const of = (signal: Signal) =>
    transcripts.filter((each) => each.signal === signal && speakers.includes(each.speaker));
  const words = of('alone').reduce((sum, each) => sum + each.words, 0);
  const heard = SIGNALS.map((signal) => {
    const recognized = of(signal).reduce((sum, each) => sum + wordsOf(each.recognized).length, 0);
    return (recognized / words).toFixed(2);
  });
  const ratesOf = (signal: Signal) => speakers.map((speaker) => 100 * rateOf(transcripts, speaker, signal));
  const means = SIGNALS.map((signal) => {
    const { mean, standardDeviation, count } = distributionOf(ratesOf(signal));
    return percentText(mean, standardDeviation === null ? null : standardDeviation / Math.sqrt(count));
  });
  const { mean, standardError } = pairedDifference(ratesOf('separated'), ratesOf('mixture'));
  const difference = percentText(mean, standardError);
  return `| ${[title, speakers.length, words, ...means, difference, heard.join(', ')].join(' | ')} |`;
}

function speakersOf(transcripts: readonly Transcript[]): string[] {
  return [...new Set(transcripts.map(({ speaker }) => speaker))];
}

function rateOf(transcripts: readonly Transcript[], speaker: string, signal: Signal): number {
  return wordErrorRate(transcripts.filter((each) => each.speaker === speaker && each.signal === signal));
}

function percentText(mean: number, standardError: number | null): string {
  return `${mean.toFixed(0)}${standardError === null ? '' : ` ± ${standardError.toFixed(0)}`} %`;
}
