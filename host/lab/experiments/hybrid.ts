import { InputError } from '../../../engine/core/errors.ts';
import { paired } from '../../../engine/core/paired.ts';
import { Random } from '../../../engine/core/Random.ts';
import type { Hertz, Seconds } from '../../../engine/core/units.ts';
import type { CoordinateFunctions } from '../../../engine/factorization/CoordinateBasis.ts';
import { factorizePoints, POINT_METHODS, type PointMethod } from '../../../engine/factorization/factorizePoints.ts';
import { Nmf } from '../../../engine/factorization/Nmf.ts';
import { Kernel } from '../../../engine/kernel/Kernel.ts';
import { chooseBackend } from '../../../engine/trainer/backend.ts';
import { diverseExemplars } from '../../../engine/trainer/exemplars.ts';
import { pointNetworks } from '../../../engine/trainer/pointNetworks.ts';
import { recordingSpectra } from '../../../engine/trainer/spectra.ts';
import {
  ConstantQ,
  filterPoints,
  joinPoints,
  raisePoints,
  SinusoidalModel,
  StftTransform,
  type TimeFrequencyPoints,
  type TimeFrequencyTransform,
} from '../../../engine/transform/index.ts';
import { correlation } from './correlation.ts';

/**
 * repeat: the whole excerpt three times, once in each representation, one after the other on the time axis.
 * split: one third of the excerpt in each.
 */
export type HybridLayout = 'repeat' | 'split';

export interface HybridOptions {
  readonly name: string;
  readonly samples: Float32Array;
  readonly sampleRateHertz: Hertz;
  readonly layout: HybridLayout;
  readonly rank: number;
  readonly seed: number;
  readonly onProgress?: (fraction: number, detail: string) => void;
}

/** The hat method, the networks initialised with its result, and other published methods. */
export type HybridMethod = PointMethod | 'networks';

export interface HybridResult {
  readonly method: HybridMethod;
  /** Mean KL per point, in `HYBRID_UNIT` */
  readonly divergence: number;
  /** Elapsed time from points to functions; for networks including the hats they start from. */
  readonly seconds: Seconds;
  /** Processor time of all cores for the same work. */
  readonly processorSeconds: Seconds;
  /** [thirds][templates] correlation of H with that of the reference matrix factorization. */
  readonly correlations: readonly (readonly number[])[];
  /** [templates] strongest partials, loudest first */
  readonly partials: readonly (readonly { readonly hertz: Hertz; readonly magnitude: number }[])[];
  /** W and H in the reference's order of templates. */
  readonly templates: readonly Float32Array[];
  readonly activations: readonly Float32Array[];
}

export interface Hybrid {
  readonly points: TimeFrequencyPoints;
  readonly thirds: readonly { readonly name: string; readonly points: number; readonly startSeconds: Seconds }[];
  readonly endSeconds: Seconds;
  readonly transformSeconds: Seconds;
  readonly results: readonly HybridResult[];
  /** Positions at which the results' templates and activations are sampled. */
  readonly frequenciesHertz: Float64Array;
  readonly timesSeconds: Float64Array;
}

export const HYBRID_UNIT = 'KL per point of (|X| / sqrt(sum w^2))^0.5, samples from -1 to 1';
/** Points above are dropped: a piano has little energy there. */
const HIGHEST_HERTZ = 10_000;
const EXPONENT = 0.5;
/**
 * Spacing of the knots of W. Bins of short windows are 43 Hz apart: narrower hats would share none with the peaks and the constant-Q
 * bins, and decouple that third (8 Hz: correlation 0.6 instead of 0.9).
 */
const SPACING_HERTZ = 12;
/** Random starts. With two templates they are cheap, and one in three ends in a worse optimum (KL 0.0061 instead of 0.0049). */
const STARTS = 8;
const REFERENCE_SECONDS: Seconds = 0.0465;
const REFERENCE_UPDATES = 200;
const PARTIALS = 6;
const PARTIAL_STEP_HERTZ = 0.5;
const SHORTEST_SECONDS: Seconds = 0.6;

/** Figure 3 of the paper: one factorization of a recording whose representation changes over time. @throws InputError if the sound is too short */
export async function hybrid(options: HybridOptions): Promise<Hybrid> {
  const { samples, sampleRateHertz, layout, rank, seed } = options;
  const durationSeconds = samples.length / sampleRateHertz;
  if (durationSeconds < SHORTEST_SECONDS) {
    throw new InputError(`${options.name}: must last at least ${SHORTEST_SECONDS} s, got ${durationSeconds} s`);
  }
  await chooseBackend();
  const start = performance.now();
  const thirdSeconds = layout === 'repeat' ? durationSeconds : durationSeconds / 3;
  const parts = hybridTransforms(sampleRateHertz).map((transform, index) => {
    const points = transform.points(samples, sampleRateHertz);
    const from = layout === 'repeat' ? 0 : index * thirdSeconds;
    const inside = filterPoints(points, (point) => {
      const time = points.timesSeconds[point]!;
      return time >= from && time < from + thirdSeconds && points.frequenciesHertz[point]! <= HIGHEST_HERTZ;
    });
    const shiftSeconds = index * thirdSeconds - from;
    const moved = { ...inside, timesSeconds: inside.timesSeconds.map((time) => time + shiftSeconds) };
    return { name: transform.name, points: moved, startSeconds: index * thirdSeconds, shiftSeconds };
  });
  const points = joinPoints(parts.map((part) => part.points));
  const raised = raisePoints(points, EXPONENT);
  const transformSeconds = (performance.now() - start) / 1000;

  const reference = referenceActivations(samples, sampleRateHertz, rank, seed);
  const endSeconds = 3 * thirdSeconds;
  const sampled = {
    frequenciesHertz: Float64Array.from({ length: 1200 }, (_, index) => 2 * index + 20),
    timesSeconds: Float64Array.from({ length: 900 }, (_, index) => ((index + 0.5) / 900) * endSeconds),
  };
  const unit = sampleRateHertz ** (EXPONENT / 2);
  const results: HybridResult[] = [];
  for (const [index, method] of POINT_METHODS.entries()) {
    options.onProgress?.(index / POINT_METHODS.length, method);
    const clock = startClock();
    const factors = factorizePoints(raised, rank, { method, seed, spacingHertz: SPACING_HERTZ, starts: STARTS });
    const found = [{ method: method as HybridMethod, factors, time: clock() }];
    if (method === 'hat') {
      options.onProgress?.((index + 0.5) / POINT_METHODS.length, 'networks');
      found.push({ method: 'networks', factors: pointNetworks(raised, factors, { seed }), time: clock() });
    }
    for (const { method, factors, time } of found) {
      const { order, correlations } = compare(factors.activations, reference, parts, thirdSeconds);
      results.push({
        method,
        divergence: factors.divergence * unit,
        ...time,
        correlations,
        partials: strongestPartials(factors.templates, order),
        templates: inOrder(factors.templates.sample(sampled.frequenciesHertz), order),
        activations: inOrder(factors.activations.sample(sampled.timesSeconds), order),
      });
    }
  }
  const thirds = parts.map(({ name, points: { magnitudes }, startSeconds }) => ({
    name,
    points: magnitudes.length,
    startSeconds,
  }));
  return { points, thirds, endSeconds, transformSeconds, results, ...sampled };
}

/** Short windows, then sinusoidal peaks off any grid, then bins at irregular times; sizes scale with the sample rate. */
function hybridTransforms(rate: Hertz): TimeFrequencyTransform[] {
  const samples = (seconds: Seconds) => 2 ** Math.round(Math.log2(seconds * rate));
  const short = samples(0.0232);
  const long = samples(0.093);
  const maximumHertz = Math.min(HIGHEST_HERTZ, 0.475 * rate);
  return [
    new StftTransform(short, short / 2),
    new SinusoidalModel(long, { hopSamples: long / 8 }),
    new ConstantQ({ binsPerOctave: 24, minimumHertz: 50, maximumHertz, hopsPerWindow: 2 }),
  ];
}

function startClock(): () => { seconds: Seconds; processorSeconds: Seconds } {
  const start = performance.now();
  const processor = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(processor);
    return { seconds: (performance.now() - start) / 1000, processorSeconds: (user + system) / 1e6 };
  };
}

interface ReferenceActivations {
  readonly timesSeconds: Float64Array;
  /** [templates] each [frames] */
  readonly rows: readonly Float64Array[];
}

/** Factorizes an STFT matrix of the same sound with ordinary NMF. */
function referenceActivations(samples: Float32Array, rate: Hertz, rank: number, seed: number): ReferenceActivations {
  const windowSamples = 2 ** Math.round(Math.log2(REFERENCE_SECONDS * rate));
  const spectra = recordingSpectra({ name: 'reference', samples, sampleRateHertz: rate }, windowSamples);
  const config = { frames: spectra.frames, bins: spectra.bins, templates: rank };
  const nmf = new Nmf(new Kernel(Nmf.requiredBytes(config)), config, spectra.values);
  nmf.templates.set(diverseExemplars(spectra, rank, new Random(seed)).values);
  nmf.activations.fill(1 / rank);
  nmf.update(5, 'activations');
  nmf.update(REFERENCE_UPDATES, 'both');
  const frames = Array.from({ length: spectra.frames }, (_, frame) => frame);
  return {
    timesSeconds: Float64Array.from(frames, (frame) => ((frame + 1) * windowSamples) / 2 / rate),
    rows: Array.from({ length: rank }, (_, k) => Float64Array.from(frames, (t) => nmf.activations[t * rank + k]!)),
  };
}

/** @returns correlations per third, templates in the order of the highest total correlation with the reference */
function compare(
  activations: CoordinateFunctions,
  reference: ReferenceActivations,
  parts: readonly { readonly startSeconds: Seconds; readonly shiftSeconds: Seconds }[],
  thirdSeconds: Seconds,
): { order: number[]; correlations: number[][] } {
  const rank = activations.count;
  const table = parts.map(({ startSeconds, shiftSeconds }) => {
    const inside = Array.from(reference.timesSeconds.keys()).filter((frame) => {
      const time = reference.timesSeconds[frame]! + shiftSeconds;
      return time >= startSeconds && time < startSeconds + thirdSeconds;
    });
    const times = inside.map((frame) => reference.timesSeconds[frame]! + shiftSeconds);
    const values = activations.sample(times);
    return reference.rows.map((row) =>
      Array.from({ length: rank }, (_, k) =>
        correlation(
          inside.map((frame) => row[frame]!),
          values.subarray(k * times.length, (k + 1) * times.length),
        ),
      ),
    );
  });
  const score = (order: readonly number[]) =>
    table.reduce((sum, third) => sum + inOrderOf(third, order).reduce((part, value) => part + value, 0), 0);
  const order = permutations(rank).reduce((best, next) => (score(next) > score(best) ? next : best));
  return { order, correlations: table.map((third) => inOrderOf(third, order)) };
}

/** @param third [reference rows] of [rank] correlations @param order [reference rows] template of each row */
function inOrderOf(third: readonly (readonly number[])[], order: readonly number[]): number[] {
  return paired(third, order).map(([correlations, k]) => correlations[k] ?? Number.NaN);
}

function permutations(count: number): number[][] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((shorter) =>
    Array.from({ length: count }, (_, place) => shorter.toSpliced(place, 0, count - 1)),
  );
}

function strongestPartials(templates: CoordinateFunctions, order: readonly number[]) {
  const places = Float64Array.from({ length: Math.floor(4000 / PARTIAL_STEP_HERTZ) }, (_, n) => n * PARTIAL_STEP_HERTZ);
  return inOrder(templates.sample(places), order).map((row) => {
    const peaks: { hertz: Hertz; magnitude: number }[] = [];
    for (let n = 1; n < row.length - 1; n++) {
      if (row[n]! > row[n - 1]! && row[n]! >= row[n + 1]!) peaks.push({ hertz: centre(row, n), magnitude: row[n]! });
    }
    return peaks.sort((first, second) => second.magnitude - first.magnitude).slice(0, PARTIALS);
  });
}

/** @returns centre of gravity of a peak over one knot on either side; the maximum itself always lies on a knot of the linear hats */
function centre(row: Float32Array, peak: number): Hertz {
  const reach = Math.min(peak, Math.round(SPACING_HERTZ / PARTIAL_STEP_HERTZ));
  const floor = Math.min(row[peak - reach]!, row[peak + reach] ?? 0);
  let weights = 0;
  let moment = 0;
  for (let n = peak - reach; n <= peak + reach; n++) {
    const weight = Math.max(0, (row[n] ?? 0) - floor);
    weights += weight;
    moment += weight * n;
  }
  return (weights > 0 ? moment / weights : peak) * PARTIAL_STEP_HERTZ;
}

function inOrder(values: Float32Array, order: readonly number[]): Float32Array[] {
  const length = values.length / order.length;
  return order.map((k) => values.slice(k * length, (k + 1) * length));
}
