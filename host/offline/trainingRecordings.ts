import { bestRuns, framesOf } from '../../engine/channels/bestRuns.ts';
import { DcBlocker } from '../../engine/channels/DcBlocker.ts';
import { LevelTrack } from '../../engine/channels/LevelTrack.ts';
import { InputError } from '../../engine/core/errors.ts';
import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { expandAudioFiles } from '../audio/audioFiles.ts';
import { type ChannelChoice, type ChosenChannels, chooseChannels } from '../audio/channelChoice.ts';
import type { AudioRecording } from '../audio/readRecording.ts';
import { SignalResampler } from '../audio/SignalResampler.ts';

/** A recording, or a stretch of one. */
export interface TrainingRecording extends AudioRecording {
  /** Time in the file at which it starts. */
  readonly startSeconds: Seconds;
}

export interface TrainingRecordings {
  /** At least one, all at `sampleRateHertz`; of long recordings, the stretches that are used, in order. */
  readonly recordings: readonly TrainingRecording[];
  /** Number of files. */
  readonly files: number;
  readonly sampleRateHertz: Hertz;
  /** Assumptions and changes, such as resampling, one line each. */
  readonly remarks: readonly string[];
}

export interface TrainingRecordingOptions {
  /** Sample rate of the result. @default the lowest of all files, at most 48 kHz: the file with that rate lacks higher frequencies */
  readonly rateHertz?: Hertz;
  /** Channel of files with several. @default 'best' */
  readonly channel?: ChannelChoice;
  readonly signal?: AbortSignal;
}

/** Voices have no content above 24 kHz, and doubling the rate doubles the work. */
export const HIGHEST_TRAINING_RATE_HERTZ: Hertz = 48_000;
/** Limit of libsamplerate's JavaScript build. */
const HIGHEST_RESAMPLED_HERTZ = 192_000;
/** Up to so many seconds of sound per second of speech required, everything is used: even slow speakers talk half of the time. */
const READ_PER_SPEECH = 4;
/** Length of the stretches taken from longer recordings, and how much they are together, per second of speech required. */
const RUN_SECONDS: Seconds = 5;
const TAKEN_PER_SPEECH = 1.4;
/** -90 dB. */
const SILENT_PEAK = 3e-5;

/** A file that has been read once. */
interface MeasuredFile {
  readonly path: string;
  readonly chosen: ChosenChannels;
  readonly sampleRateHertz: Hertz;
  readonly samples: Samples;
  readonly track: LevelTrack;
  readonly remarks: readonly string[];
}

/** Samples of a file, from `start` up to `end`. */
interface Stretch {
  readonly start: Samples;
  readonly end: Samples;
}

/**
 * Reads recordings of one speaker at one sample rate. Of more sound than is needed for `seconds` of speech, only the best stretches are
 * kept, spread over all of it, so the memory does not depend on the length. Reads every file, which also detects damaged ones.
 * @throws InputError for an unreadable file, or no recordings
 */
export async function readTrainingRecordings(
  paths: readonly string[],
  seconds: Seconds,
  { rateHertz, channel = 'best', signal }: TrainingRecordingOptions = {},
): Promise<TrainingRecordings> {
  const files = await expandAudioFiles(paths);
  if (files.length === 0)
    throw new InputError(`recordings must contain at least one audio file, got none in ${paths.join(', ')}`);
  const rates = new Set<Hertz>();
  for (const file of files) rates.add(await sampleRateOf(file));
  const targetHertz = rateHertz ?? Math.min(...rates, HIGHEST_TRAINING_RATE_HERTZ);
  const measured: MeasuredFile[] = [];
  for (const file of files) measured.push(await measure(file, channel, signal));
  const remarks = measured.flatMap((file) => file.remarks);
  for (const { path, sampleRateHertz } of measured) {
    if (sampleRateHertz !== targetHertz)
      remarks.push(`${path}: ${sampleRateHertz} Hz were resampled to ${targetHertz} Hz`);
  }
  const soundSeconds = measured.reduce((sum, file) => sum + secondsOf(file), 0);
  const isLong = soundSeconds > READ_PER_SPEECH * seconds;
  const recordings: TrainingRecording[] = [];
  for (const [index, stretches] of (isLong ? chosenStretches(measured, seconds) : measured.map(() => null)).entries())
    recordings.push(...(await readStretches(measured[index]!, stretches, targetHertz, signal)));
  if (isLong) {
    const used = recordings.reduce((sum, { samples }) => sum + samples.length / targetHertz, 0);
    remarks.push(
      `of ${(soundSeconds / 60).toFixed(1)} min in ${files.length} recordings, the best ${used.toFixed(0)} s are used, spread over all of them`,
    );
  }
  if (recordings.length === 0) throw new InputError(`no speech was found in ${paths.join(', ')}`);
  return { recordings, files: files.length, sampleRateHertz: targetHertz, remarks };
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

/** Chooses the file's channels and measures its level. */
async function measure(path: string, channel: ChannelChoice, signal?: AbortSignal): Promise<MeasuredFile> {
  const chosen = await chooseChannels(path, channel, signal === undefined ? {} : { signal });
  const reader = await AudioFileReader.open(path);
  const track = new LevelTrack(reader.sampleRateHertz);
  let samples = 0;
  for await (const block of reader.blocks(chosen.mixdown)) {
    signal?.throwIfAborted();
    track.add(block);
    samples += block.length;
  }
  const remarks = [...(chosen.remark === null ? [] : [chosen.remark]), ...reader.remarks];
  return { path, chosen, sampleRateHertz: reader.sampleRateHertz, samples, track, remarks };
}

function secondsOf({ track, sampleRateHertz }: MeasuredFile): Seconds {
  return (track.frames * track.frameSamples) / sampleRateHertz;
}

/** @returns [files] stretches of each file to use */
function chosenStretches(files: readonly MeasuredFile[], seconds: Seconds): Stretch[][] {
  const [first] = files;
  const frameSeconds = first === undefined ? 1 : first.track.frameSamples / first.sampleRateHertz;
  const runs = bestRuns(
    files.map(({ track }) => track),
    framesOf(RUN_SECONDS, frameSeconds),
    Math.ceil((TAKEN_PER_SPEECH * seconds) / RUN_SECONDS),
  );
  return files.map(({ track }, recording) =>
    runs
      .filter((run) => run.recording === recording)
      .map(({ startFrame, endFrame }) => ({
        start: startFrame * track.frameSamples,
        end: endFrame * track.frameSamples,
      })),
  );
}

/** @param stretches in order, without overlap; null: the whole file */
async function readStretches(
  { path, chosen, sampleRateHertz, samples }: MeasuredFile,
  stretches: readonly Stretch[] | null,
  targetHertz: Hertz,
  signal?: AbortSignal,
): Promise<TrainingRecording[]> {
  if (stretches !== null && stretches.length === 0) return [];
  const { mixdown, channels, finding } = chosen;
  const wanted = stretches ?? [{ start: 0, end: samples }];
  const parts = wanted.map(({ start, end }) => new Float32Array(end - start));
  const blocker = DcBlocker.forOffset(finding.offset, sampleRateHertz);
  const reader = await AudioFileReader.open(path);
  let position = 0;
  let isConstant = true;
  for await (const block of reader.blocks(mixdown)) {
    signal?.throwIfAborted();
    const before = peakOf(block);
    blocker?.process(block);
    isConstant &&= before > SILENT_PEAK && peakOf(block) < SILENT_PEAK;
    wanted.forEach(({ start, end }, index) => {
      const part = block.subarray(Math.max(0, start - position), Math.max(0, Math.min(block.length, end - position)));
      if (part.length > 0) parts[index]!.set(part, Math.max(0, position - start));
    });
    position += block.length;
  }
  if (isConstant) {
    throw new InputError(`${path}: is constant: every sample is about ${finding.offset.toFixed(3)}`);
  }
  const recordings: TrainingRecording[] = [];
  const resampler = new SignalResampler(targetHertz);
  try {
    for (const [index, part] of parts.entries()) {
      recordings.push({
        name: path,
        samples: await resampler.convert(part, sampleRateHertz),
        sampleRateHertz: targetHertz,
        channels,
        remarks: [],
        startSeconds: wanted[index]!.start / sampleRateHertz,
      });
    }
  } finally {
    resampler.close();
  }
  return recordings;
}

function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (let n = 0; n < samples.length; n++) peak = Math.max(peak, Math.abs(samples[n]!));
  return peak;
}
