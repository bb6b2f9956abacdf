import { InputError } from '../core/errors.ts';
import { amplitudeToDecibels, type Decibels, type Hertz, type Samples, type Seconds } from '../core/units.ts';

/** A mono recording. */
export interface Recording {
  /** Name in error messages, such as a file name. */
  readonly name: string;
  readonly samples: Float32Array;
  readonly sampleRateHertz: Hertz;
}

/** Minimum duration of speech, without pauses, to train a speaker. */
export const MINIMUM_SPEECH_SECONDS: Seconds = 3;

const FRAME_SECONDS: Seconds = 0.02;
/** Frames kept before and after speech, 100 ms: preserves the ends of words and pauses within them. */
const HANGOVER_FRAMES = 5;
/** Frames within this range below the loud frames count as speech; pauses in a quiet room are at least 40 dB below. */
const SPEECH_BELOW_LOUD_DECIBELS: Decibels = 35;
/** Quantile of the frames' energies that defines the loud level. */
const LOUD_PERCENTILE = 0.95;
/** -90 dB: below the noise of any microphone, above the dither of a silent file. */
const SILENT_LEVEL = 3e-5;
/** Minimum run of samples at the peak that counts as clipping; unclipped sound has one or two. */
const CLIPPED_RUN_SAMPLES = 3;
/** Largest allowed fraction of clipped samples. */
const CLIPPED_SHARE = 0.002;

/**
 * Checks that a recording is usable.
 * @throws InputError naming the recording if it is empty, not finite, constant, silent or clipped
 */
export function checkRecording({ name, samples }: Recording): void {
  if (samples.length === 0) throw new InputError(`${name}: contains no samples`);
  let peak = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < samples.length; n++) {
    const sample = samples[n]!;
    if (!Number.isFinite(sample)) throw new InputError(`${name}: sample ${n} must be a finite number, got ${sample}`);
    peak = Math.max(peak, Math.abs(sample));
    minimum = Math.min(minimum, sample);
    maximum = Math.max(maximum, sample);
  }
  if (peak < SILENT_LEVEL)
    throw new InputError(`${name}: is silent: its peak must be at least -90 dB, got ${toDecibels(peak)} dB`);
  if (maximum - minimum < SILENT_LEVEL) throw new InputError(`${name}: is constant: every sample is ${samples[0]}`);
  const share = clippedSamples(samples, peak) / samples.length;
  if (share > CLIPPED_SHARE) {
    throw new InputError(
      `${name}: is clipped: at most ${100 * CLIPPED_SHARE} % of its samples may be at the peak, got ${(100 * share).toFixed(1)} %; record again at a lower level`,
    );
  }
}

/**
 * Joins the recordings of one speaker and removes their pauses.
 * @param recordings at least one, all at the same sample rate
 * @param seconds maximum duration of the result; further speech is dropped
 * @throws InputError for unusable recordings or less than 3 s of speech
 */
export function joinSpeech(recordings: readonly Recording[], seconds: Seconds): Recording {
  const [first] = recordings;
  if (first === undefined) throw new InputError('recordings must contain at least one recording, got 0');
  const { sampleRateHertz } = first;
  for (const recording of recordings) {
    checkRecording(recording);
    if (recording.sampleRateHertz !== sampleRateHertz) {
      throw new InputError(
        `${recording.name}: sample rate must equal that of ${first.name}, ${sampleRateHertz} Hz, got ${recording.sampleRateHertz} Hz`,
      );
    }
  }
  const wantedSamples = Math.round(seconds * sampleRateHertz);
  const trimmed: Float32Array[] = [];
  let speechSamples = 0;
  for (const { samples } of recordings) {
    const part = trimPauses(samples, sampleRateHertz, wantedSamples - speechSamples);
    trimmed.push(part);
    speechSamples += part.length;
  }
  const speechSeconds = speechSamples / sampleRateHertz;
  if (speechSeconds < MINIMUM_SPEECH_SECONDS) {
    throw new InputError(
      `too little speech: at least ${MINIMUM_SPEECH_SECONDS} s without pauses are required (20 to 60 s are recommended), got ${speechSeconds.toFixed(1)} s`,
    );
  }
  const joined = new Float32Array(speechSamples);
  let length = 0;
  for (const part of trimmed) {
    joined.set(part, length);
    length += part.length;
  }
  return { name: first.name, samples: joined, sampleRateHertz };
}

/**
 * Removes frames more than 35 dB below the loud ones, except within 100 ms of speech.
 * @param maximumSamples further speech is dropped
 */
export function trimPauses(
  samples: Float32Array,
  sampleRateHertz: Hertz,
  maximumSamples: Samples = Number.POSITIVE_INFINITY,
): Float32Array {
  const frameSamples = Math.max(1, Math.round(FRAME_SECONDS * sampleRateHertz));
  const frames = Math.floor(samples.length / frameSamples);
  const energies = new Float64Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    for (let n = frame * frameSamples; n < (frame + 1) * frameSamples; n++)
      energies[frame]! += samples[n]! * samples[n]!;
  }
  const loud = energies.toSorted()[Math.floor(LOUD_PERCENTILE * frames)] ?? 0;
  const threshold = Math.max(loud * 10 ** (-SPEECH_BELOW_LOUD_DECIBELS / 10), frameSamples * SILENT_LEVEL ** 2);
  const keptFrames: number[] = [];
  for (let frame = 0; frame < frames && keptFrames.length * frameSamples < maximumSamples; frame++) {
    const nearby = energies.subarray(Math.max(0, frame - HANGOVER_FRAMES), frame + HANGOVER_FRAMES + 1);
    if (nearby.some((energy) => energy > threshold)) keptFrames.push(frame);
  }
  const kept = new Float32Array(Math.min(keptFrames.length * frameSamples, Math.max(0, maximumSamples)));
  keptFrames.forEach((frame, index) => {
    const position = index * frameSamples;
    const count = Math.min(frameSamples, kept.length - position);
    kept.set(samples.subarray(frame * frameSamples, frame * frameSamples + count), position);
  });
  return kept;
}

/** Number of samples in runs at the peak. */
function clippedSamples(samples: Float32Array, peak: number): number {
  let clipped = 0;
  let run = 0;
  const atPeak = peak * 0.9999;
  for (let n = 0; n <= samples.length; n++) {
    if (n < samples.length && Math.abs(samples[n]!) >= atPeak) run++;
    else {
      if (run >= CLIPPED_RUN_SAMPLES) clipped += run;
      run = 0;
    }
  }
  return clipped;
}

function toDecibels(level: number): string {
  return level > 0 ? amplitudeToDecibels(level).toFixed(0) : '-infinity';
}
