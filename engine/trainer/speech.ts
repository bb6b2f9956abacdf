import { InputError } from '../core/errors.ts';
import type { Decibels, Hertz, Seconds } from '../core/units.ts';

/** One recording, mono. */
export interface Recording {
  /** How errors call it, such as its file name. */
  readonly name: string;
  readonly samples: Float32Array;
  readonly sampleRateHertz: Hertz;
}

export const MINIMUM_SPEECH_SECONDS: Seconds = 3;

const FRAME_SECONDS: Seconds = 0.02;
/** Word ends and the pauses within words stay. */
const HANGOVER_FRAMES = 5;
/** Speech is what comes this near to the loud frames; pauses in a quiet room lie 40 dB and more below. */
const SPEECH_BELOW_LOUD_DECIBELS: Decibels = 35;
const LOUD_PERCENTILE = 0.95;
/** -90 dB: under the noise of any microphone, over the dither of a silent file. */
const SILENT_LEVEL = 3e-5;
/** Runs of at least this many equal samples at the peak are clipping; music and speech touch their peak for one or two. */
const CLIPPED_RUN_SAMPLES = 3;
const CLIPPED_SHARE = 0.002;

/**
 * Checks a recording before any work is done with it.
 * @throws InputError naming the recording where it is empty, not finite, constant, silent or clipped
 */
export function checkRecording({ name, samples }: Recording): void {
  if (samples.length === 0) throw new InputError(`${name}: holds no samples`);
  let peak = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < samples.length; n++) {
    const sample = samples[n]!;
    if (!Number.isFinite(sample)) throw new InputError(`${name}: sample ${n} is ${sample}, not a finite number`);
    peak = Math.max(peak, Math.abs(sample));
    minimum = Math.min(minimum, sample);
    maximum = Math.max(maximum, sample);
  }
  if (peak < SILENT_LEVEL)
    throw new InputError(`${name}: is silent (peak ${toDecibels(peak)} dB, at least -90 dB is needed)`);
  if (maximum - minimum < SILENT_LEVEL)
    throw new InputError(`${name}: is constant (every sample is ${samples[0]}), not sound`);
  const share = clippedSamples(samples, peak) / samples.length;
  if (share > CLIPPED_SHARE) {
    throw new InputError(
      `${name}: is clipped (${(100 * share).toFixed(1)} % of its samples stand at the peak, at most ${100 * CLIPPED_SHARE} % is allowed); record again at a lower level`,
    );
  }
}

/**
 * Joins recordings of one speaker without their pauses.
 * @param recordings checked, of one sample rate
 * @param seconds at most this much speech is kept, from the start
 * @throws InputError where less than 3 s of speech are left
 */
export function joinSpeech(recordings: readonly Recording[], seconds: Seconds): Recording {
  const [first] = recordings;
  if (first === undefined) throw new InputError('recordings must be at least 1, got 0');
  const { sampleRateHertz } = first;
  for (const recording of recordings) {
    checkRecording(recording);
    if (recording.sampleRateHertz !== sampleRateHertz) {
      throw new InputError(
        `${recording.name}: sample rate must be that of ${first.name}, ${sampleRateHertz} Hz, got ${recording.sampleRateHertz} Hz`,
      );
    }
  }
  const trimmed = recordings.map((recording) => trimPauses(recording.samples, sampleRateHertz));
  const speechSamples = trimmed.reduce((sum, samples) => sum + samples.length, 0);
  const speechSeconds = speechSamples / sampleRateHertz;
  if (speechSeconds < MINIMUM_SPEECH_SECONDS) {
    throw new InputError(
      `too little speech: ${speechSeconds.toFixed(1)} s are left without pauses, at least ${MINIMUM_SPEECH_SECONDS} s are needed (20 to 60 s are good)`,
    );
  }
  const joined = new Float32Array(Math.min(speechSamples, Math.round(seconds * sampleRateHertz)));
  let length = 0;
  for (const samples of trimmed) {
    const part = samples.subarray(0, joined.length - length);
    joined.set(part, length);
    length += part.length;
  }
  return { name: first.name, samples: joined, sampleRateHertz };
}

/** Drops the frames whose level lies 35 dB and more under the loud ones, but for 100 ms around speech. */
export function trimPauses(samples: Float32Array, sampleRateHertz: Hertz): Float32Array {
  const frameSamples = Math.max(1, Math.round(FRAME_SECONDS * sampleRateHertz));
  const frames = Math.floor(samples.length / frameSamples);
  const energies = new Float64Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    for (let n = frame * frameSamples; n < (frame + 1) * frameSamples; n++)
      energies[frame]! += samples[n]! * samples[n]!;
  }
  const loud = energies.toSorted()[Math.floor(LOUD_PERCENTILE * frames)] ?? 0;
  const threshold = Math.max(loud * 10 ** (-SPEECH_BELOW_LOUD_DECIBELS / 10), frameSamples * SILENT_LEVEL ** 2);
  const kept = new Float32Array(samples.length);
  let length = 0;
  for (let frame = 0; frame < frames; frame++) {
    const nearby = energies.subarray(Math.max(0, frame - HANGOVER_FRAMES), frame + HANGOVER_FRAMES + 1);
    if (!nearby.some((energy) => energy > threshold)) continue;
    kept.set(samples.subarray(frame * frameSamples, (frame + 1) * frameSamples), length);
    length += frameSamples;
  }
  return kept.slice(0, length);
}

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
  return level > 0 ? (20 * Math.log10(level)).toFixed(0) : '-infinity';
}
