import { InputError, requireInteger } from '../core/errors.ts';
import { type Decibels, powerToDecibels, type Samples } from '../core/units.ts';
import { DelayedReferences, type EstimateParts } from './DelayedReferences.ts';
import { bestPermutation } from './permutation.ts';
import { requireSameLength, requireSound, type Signal } from './signal.ts';

export interface BssEvalOptions {
  /** Length of the distortion filter that is not counted as an error; 1 allows a gain only. @default 512 */
  readonly filterTaps?: Samples;
  /** Find the best assignment of estimates to references; false: compare them in the given order. @default true */
  readonly permute?: boolean;
}

/** All lists have one entry per reference, in the order of the references. */
export interface BssEvalResult {
  /** Source to distortion ratio: everything that is not the filtered reference counts as distortion. */
  readonly sdrDecibels: Decibels[];
  /** Source to interference ratio; Infinity for a single source. */
  readonly sirDecibels: Decibels[];
  /** Sources to artifacts ratio. */
  readonly sarDecibels: Decibels[];
  /** Index of the estimate assigned to each reference. */
  readonly permutation: number[];
}

/** 512 taps, 32 ms at 16 kHz: fixed in BSS_EVAL 3 and used for all published figures. */
export const BSS_EVAL_FILTER_TAPS: Samples = 512;

const MAXIMUM_SOURCES = 8;
/** Limit of sources * taps: the matrix of the joint system then has 128 MB. */
const MAXIMUM_UNKNOWNS = 4096;
/** Ratios are limited to +- this value when permutations are ranked, so that their means are finite. */
const RANKED_DECIBELS: Decibels = 1000;

/**
 * BSS_EVAL 3 (`bss_eval_sources`): SDR, SIR and SAR with a time-invariant distortion filter (Vincent, Gribonval and Fevotte,
 * "Performance measurement in blind audio source separation", IEEE TASLP 14(4), 2006). The permutation with the highest mean SIR is
 * chosen. The result does not depend on the scale of the signals.
 * @param references [1 to 8][samples], all of one length, at least `filterTaps`
 * @param estimates same number and length as the references
 * @throws InputError if signals are silent, not finite, too short, or of unequal length or number
 */
export function bssEval(
  references: readonly Signal[],
  estimates: readonly Signal[],
  { filterTaps = BSS_EVAL_FILTER_TAPS, permute = true }: BssEvalOptions = {},
): BssEvalResult {
  requireSignals(references, estimates, filterTaps);
  const sources = references.map((_, source) => source);
  const targets = sources.map((source) => (permute ? sources : [source]));
  const parts = new DelayedReferences(references, filterTaps).decompose(estimates, targets);
  const permutation = permute
    ? bestPermutation(parts.map((row) => row.map((pair) => clampDecibels(sirOf(pair)))))
    : sources;
  const chosen = permutation.map((estimate, reference) => parts[estimate]![permute ? reference : 0]!);
  return {
    sdrDecibels: chosen.map((pair) => ratioDecibels(pair.targetEnergy, pair.distortionEnergy)),
    sirDecibels: chosen.map(sirOf),
    sarDecibels: chosen.map((pair) => ratioDecibels(pair.targetEnergy + pair.interferenceEnergy, pair.artifactEnergy)),
    permutation,
  };
}

function sirOf({ targetEnergy, interferenceEnergy }: EstimateParts): Decibels {
  return ratioDecibels(targetEnergy, interferenceEnergy);
}

function ratioDecibels(energy: number, unwantedEnergy: number): Decibels {
  return unwantedEnergy === 0 ? Number.POSITIVE_INFINITY : powerToDecibels(energy / unwantedEnergy);
}

function clampDecibels(decibels: Decibels): Decibels {
  return Math.min(RANKED_DECIBELS, Math.max(-RANKED_DECIBELS, decibels));
}

function requireSignals(references: readonly Signal[], estimates: readonly Signal[], filterTaps: Samples): void {
  requireInteger('number of references', references.length, 1, MAXIMUM_SOURCES);
  if (estimates.length !== references.length) {
    throw new InputError(`estimates must be as many as references, ${references.length}, got ${estimates.length}`);
  }
  requireInteger('filterTaps', filterTaps, 1, Math.floor(MAXIMUM_UNKNOWNS / references.length));
  const [first = new Float64Array(0)] = references;
  for (const [index, reference] of references.entries()) {
    const name = `references[${index}]`;
    requireSameLength(name, reference, 'references[0]', first);
    if (reference.length < filterTaps) {
      throw new InputError(`${name} must contain at least ${filterTaps} samples (filterTaps), got ${reference.length}`);
    }
    requireSound(name, reference);
  }
  for (const [index, estimate] of estimates.entries()) {
    requireSameLength(`estimates[${index}]`, estimate, 'references[0]', first);
    requireSound(`estimates[${index}]`, estimate);
  }
}
