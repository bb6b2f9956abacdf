import { InputError, requireInteger } from '../core/errors.ts';
import { type Decibels, decibelsToAmplitude, type Hertz, type Samples } from '../core/units.ts';
import { polyphaseResample } from './polyphaseResample.ts';
import { requireSameLength, requireSound, type Signal } from './signal.ts';
import {
  BAND_COUNT,
  FRAME_SAMPLES,
  HOP_SAMPLES,
  hannWindow,
  STOI_RATE_HERTZ,
  thirdOctaveBands,
} from './speechBands.ts';

export interface StoiOptions {
  /** Compute extended STOI, which also accounts for temporally modulated maskers. @default false */
  readonly extended?: boolean;
}

/** 30 frames, 384 ms: the time scale on which modulations matter for intelligibility. */
const SEGMENT_FRAMES = 30;
/** Frames of the clean speech that are this far below its loudest frame count as pauses and are omitted. */
const DYNAMIC_RANGE_DECIBELS: Decibels = 40;
/** Lower limit of the signal to distortion ratio of a band, at which it is unintelligible anyway. */
const LOWEST_SDR_DECIBELS: Decibels = -15;
const MINIMUM_RATE_HERTZ: Hertz = 8000;
const MAXIMUM_RATE_HERTZ: Hertz = 192_000;

/**
 * Short-time objective intelligibility (Taal, Hendriks, Heusdens and Jensen, IEEE TASLP 19(7), 2011), or its extended form
 * (Jensen and Taal, IEEE/ACM TASLP 24(11), 2016). Resamples to 10 kHz, omits the pauses of the clean speech, and compares third-octave
 * bands from 150 Hz to 4.3 kHz over segments of 384 ms.
 * @param clean [samples] reference speech
 * @param degraded [samples] of the same length, aligned with the reference
 * @param sampleRateHertz integer, 8000 to 192000
 * @returns about 0 (unintelligible) to 1 (identical to the reference); slightly negative values occur
 * @throws InputError if signals are silent, not finite, of unequal length, or contain less than 30 frames (0.4 s) of speech
 */
export function stoi(
  clean: Signal,
  degraded: Signal,
  sampleRateHertz: Hertz,
  { extended = false }: StoiOptions = {},
): number {
  requireInteger('sampleRateHertz', sampleRateHertz, MINIMUM_RATE_HERTZ, MAXIMUM_RATE_HERTZ);
  requireSameLength('degraded', degraded, 'clean', clean);
  requireSound('clean', clean);
  requireSound('degraded', degraded);
  const resampledClean = polyphaseResample(clean, STOI_RATE_HERTZ, sampleRateHertz);
  const resampledDegraded = polyphaseResample(degraded, STOI_RATE_HERTZ, sampleRateHertz);
  const starts = speechFrames(resampledClean);
  const cleanBands = thirdOctaveBands(joinFrames(resampledClean, starts));
  const degradedBands = thirdOctaveBands(joinFrames(resampledDegraded, starts));
  const frames = cleanBands.length / BAND_COUNT;
  if (frames < SEGMENT_FRAMES) {
    throw new InputError(
      `clean must contain at least ${SEGMENT_FRAMES} frames of 12.8 ms within ${DYNAMIC_RANGE_DECIBELS} dB of its loudest, got ${frames}`,
    );
  }
  const segments = frames - SEGMENT_FRAMES + 1;
  let sum = 0;
  for (let segment = 0; segment < segments; segment++) {
    const cleanSegment = segmentOf(cleanBands, segment);
    const degradedSegment = segmentOf(degradedBands, segment);
    sum += extended
      ? spectralCorrelation(cleanSegment, degradedSegment)
      : bandCorrelation(cleanSegment, degradedSegment);
  }
  return sum / segments;
}

/** First samples of the frames of clean speech that are not pauses. A frame that ends exactly with the signal is omitted, as in Taal's code. */
function speechFrames(clean: Float64Array): Samples[] {
  const window = hannWindow();
  const starts: Samples[] = [];
  const energies: number[] = [];
  for (let start = 0; start + FRAME_SAMPLES < clean.length; start += HOP_SAMPLES) {
    let energy = 0;
    for (let n = 0; n < FRAME_SAMPLES; n++) energy += (window[n]! * clean[start + n]!) ** 2;
    starts.push(start);
    energies.push(energy);
  }
  const loudest = energies.reduce((maximum, energy) => Math.max(maximum, energy), 0);
  const threshold = loudest * decibelsToAmplitude(-DYNAMIC_RANGE_DECIBELS) ** 2;
  return starts.filter((_, frame) => energies[frame]! > threshold);
}

/** Overlap-adds the frames at `starts` one hop apart, which removes the pauses. */
function joinFrames(samples: Float64Array, starts: readonly Samples[]): Float64Array {
  const window = hannWindow();
  const joined = new Float64Array(Math.max(0, starts.length - 1) * HOP_SAMPLES + FRAME_SAMPLES);
  for (const [frame, start] of starts.entries()) {
    for (let n = 0; n < FRAME_SAMPLES; n++) joined[frame * HOP_SAMPLES + n]! += window[n]! * samples[start + n]!;
  }
  return joined;
}

/** @returns [bands x 30] frames [first, first + 30) of `bands`, [frames x bands] */
function segmentOf(bands: Float64Array, first: number): Float64Array {
  const segment = new Float64Array(BAND_COUNT * SEGMENT_FRAMES);
  for (let band = 0; band < BAND_COUNT; band++) {
    for (let frame = 0; frame < SEGMENT_FRAMES; frame++) {
      segment[band * SEGMENT_FRAMES + frame] = bands[(first + frame) * BAND_COUNT + band]!;
    }
  }
  return segment;
}

/** STOI of one segment: mean over bands of the correlation between the clean and the scaled and clipped degraded envelope. */
function bandCorrelation(clean: Float64Array, degraded: Float64Array): number {
  const clip = 1 + decibelsToAmplitude(-LOWEST_SDR_DECIBELS);
  for (let band = 0; band < BAND_COUNT; band++) {
    const first = band * SEGMENT_FRAMES;
    const degradedNorm = norm(degraded, first, 1, SEGMENT_FRAMES);
    const scale = degradedNorm === 0 ? 0 : norm(clean, first, 1, SEGMENT_FRAMES) / degradedNorm;
    for (let at = first; at < first + SEGMENT_FRAMES; at++) {
      degraded[at] = Math.min(degraded[at]! * scale, clean[at]! * clip);
    }
    standardize(clean, first, 1, SEGMENT_FRAMES);
    standardize(degraded, first, 1, SEGMENT_FRAMES);
  }
  return innerProduct(clean, degraded) / BAND_COUNT;
}

/** ESTOI of one segment: mean over frames of the correlation of spectra, each band standardised over time before. */
function spectralCorrelation(clean: Float64Array, degraded: Float64Array): number {
  for (const segment of [clean, degraded]) {
    for (let band = 0; band < BAND_COUNT; band++) standardize(segment, band * SEGMENT_FRAMES, 1, SEGMENT_FRAMES);
    for (let frame = 0; frame < SEGMENT_FRAMES; frame++) standardize(segment, frame, SEGMENT_FRAMES, BAND_COUNT);
  }
  return innerProduct(clean, degraded) / SEGMENT_FRAMES;
}

/** Shifts and scales `count` values, `stride` apart, to mean 0 and norm 1; constant values become 0. */
function standardize(values: Float64Array, first: number, stride: number, count: number): void {
  const end = first + stride * count;
  let sum = 0;
  for (let at = first; at < end; at += stride) sum += values[at]!;
  for (let at = first; at < end; at += stride) values[at]! -= sum / count;
  const length = norm(values, first, stride, count);
  // Constant values leave the rounding error of their mean, which must not be scaled up to norm 1.
  const scale = length > count * Number.EPSILON * Math.abs(sum) ? 1 / length : 0;
  for (let at = first; at < end; at += stride) values[at]! *= scale;
}

function norm(values: Float64Array, first: number, stride: number, count: number): number {
  let sum = 0;
  for (let at = first; at < first + stride * count; at += stride) sum += values[at]! ** 2;
  return Math.sqrt(sum);
}

function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
