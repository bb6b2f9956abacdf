import { InputError } from '../../engine/core/errors.ts';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { expandAudioFiles } from '../audio/audioFiles.ts';
import { type AudioRecording, readRecording } from '../audio/readRecording.ts';
import { resample } from '../audio/resample.ts';

export interface TrainingRecordings {
  /** At least one, all at `sampleRateHertz`. */
  readonly recordings: readonly AudioRecording[];
  readonly sampleRateHertz: Hertz;
  /** Assumptions and changes, such as resampling, one line each. */
  readonly remarks: readonly string[];
}

/** Voices have no content above 24 kHz, and doubling the rate doubles the work. */
const HIGHEST_RATE_HERTZ = 48_000;
/** Limit of libsamplerate's JavaScript build. */
const HIGHEST_RESAMPLED_HERTZ = 192_000;
/** Seconds of sound read per second of speech required: even slow speakers talk half of the time. */
const READ_PER_SPEECH = 4;
const LONGEST_RECORDING_SECONDS: Seconds = 3600;

/**
 * Reads recordings of one speaker at one sample rate, by default the lowest of all, because the recording with that rate lacks higher frequencies.
 * Opens every file to detect damaged ones, but reads only enough sound for `seconds` of speech.
 * @param rateHertz sample rate of the result
 * @throws InputError for an unreadable file, or no recordings
 */
export async function readTrainingRecordings(
  paths: readonly string[],
  seconds: Seconds,
  rateHertz?: Hertz,
): Promise<TrainingRecordings> {
  const files = await expandAudioFiles(paths);
  if (files.length === 0)
    throw new InputError(`recordings must contain at least one audio file, got none in ${paths.join(', ')}`);
  const rates = new Set<Hertz>();
  for (const file of files) rates.add(await sampleRateOf(file));
  const targetHertz = rateHertz ?? Math.min(...rates, HIGHEST_RATE_HERTZ);
  const remarks: string[] = [];
  const recordings: AudioRecording[] = [];
  let readSeconds = 0;
  for (const file of files) {
    if (readSeconds >= READ_PER_SPEECH * seconds) {
      remarks.push(
        `${files.length - recordings.length} of ${files.length} recordings are not needed for ${seconds} s of speech`,
      );
      break;
    }
    const recording = await readRecording(file, LONGEST_RECORDING_SECONDS);
    if (recording.channels > 1) remarks.push(`${file}: ${recording.channels} channels were averaged to one`);
    if (recording.sampleRateHertz !== targetHertz)
      remarks.push(`${file}: ${recording.sampleRateHertz} Hz were resampled to ${targetHertz} Hz`);
    const samples = await resample(recording.samples, recording.sampleRateHertz, targetHertz);
    recordings.push({ ...recording, samples, sampleRateHertz: targetHertz });
    readSeconds += samples.length / targetHertz;
  }
  return { recordings, sampleRateHertz: targetHertz, remarks };
}

async function sampleRateOf(path: string): Promise<Hertz> {
  const reader = await AudioFileReader.open(path);
  await reader.close();
  if (reader.sampleRateHertz > HIGHEST_RESAMPLED_HERTZ) {
    throw new InputError(
      `${path}: sample rate must be at most ${HIGHEST_RESAMPLED_HERTZ} Hz for training, got ${reader.sampleRateHertz} Hz`,
    );
  }
  return reader.sampleRateHertz;
}
