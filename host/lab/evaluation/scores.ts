import { paired } from '../../../engine/core/paired.ts';
import type { Decibels, Hertz } from '../../../engine/core/units.ts';
import { bssEval, siSdr, stoi } from '../../../engine/evaluation/index.ts';

/** Scores of one pair: means of both speakers. */
export interface PairScores {
  readonly sdrDecibels: Decibels;
  readonly sirDecibels: Decibels;
  /** At its limit of 100 dB for the unprocessed mixture, which has no artifacts. */
  readonly sarDecibels: Decibels;
  readonly siSdrDecibels: Decibels;
  readonly stoi: number;
  readonly estoi: number;
}

export type ScoreName = keyof PairScores;

/** Scores in the order of tables, with their labels and decimals. */
export const SCORES: readonly { readonly name: ScoreName; readonly label: string; readonly digits: number }[] = [
  { name: 'sdrDecibels', label: 'SDR', digits: 2 },
  { name: 'sirDecibels', label: 'SIR', digits: 2 },
  { name: 'sarDecibels', label: 'SAR', digits: 2 },
  { name: 'siSdrDecibels', label: 'SI-SDR', digits: 2 },
  { name: 'stoi', label: 'STOI', digits: 3 },
  { name: 'estoi', label: 'ESTOI', digits: 3 },
];

/** Ratios are clamped to this magnitude: beyond, they are rounding errors that would dominate a mean. */
const LARGEST_RATIO_DECIBELS: Decibels = 100;

/**
 * Scores estimates against references, both in the same order (no permutation search).
 * @throws InputError if a metric is undefined, such as for a silent estimate
 */
export function scorePair(
  references: readonly Float32Array[],
  estimates: readonly Float32Array[],
  sampleRateHertz: Hertz,
): PairScores {
  const ratios = bssEval(references, estimates, { permute: false });
  const perSource = (score: (reference: Float32Array, estimate: Float32Array) => number) =>
    meanOf(paired(references, estimates).map(([reference, estimate]) => score(reference, estimate)));
  return {
    sdrDecibels: meanOf(ratios.sdrDecibels.map(bounded)),
    sirDecibels: meanOf(ratios.sirDecibels.map(bounded)),
    sarDecibels: meanOf(ratios.sarDecibels.map(bounded)),
    siSdrDecibels: perSource((reference, estimate) => bounded(siSdr(reference, estimate))),
    stoi: perSource((reference, estimate) => stoi(reference, estimate, sampleRateHertz)),
    estoi: perSource((reference, estimate) => stoi(reference, estimate, sampleRateHertz, { extended: true })),
  };
}

function bounded(ratioDecibels: Decibels): Decibels {
  return Math.min(LARGEST_RATIO_DECIBELS, Math.max(-LARGEST_RATIO_DECIBELS, ratioDecibels));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
