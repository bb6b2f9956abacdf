import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../../engine/core/errors.ts';
import type { Hertz, Seconds } from '../../../engine/core/units.ts';
import { checkRecording, joinSpeech } from '../../../engine/trainer/index.ts';
import { expandAudioFiles } from '../../audio/audioFiles.ts';
import type { ChannelChoice } from '../../audio/channelChoice.ts';
import { type AudioRecording, readRecording } from '../../audio/readRecording.ts';
import { fileError } from '../../files/fileErrors.ts';
import { readSpeakerFacts, type Sex } from './speakerFacts.ts';

/** Number of recordings of each speaker: the first by name train, the last test. */
export interface DatasetSplit {
  readonly train: number;
  readonly test: number;
}

export interface DatasetSpeaker {
  readonly name: string;
  /** null if speakers.json does not state it. */
  readonly sex: Sex | null;
  readonly trainingPaths: readonly string[];
  readonly testPaths: readonly string[];
}

/** A folder of speakers. Every recording listed here has been decoded and checked. */
export interface Dataset {
  readonly folder: string;
  readonly sampleRateHertz: Hertz;
  /** At least two, sorted by name, numbers in numeric order. */
  readonly speakers: readonly DatasetSpeaker[];
  /** Skipped files and speakers with the reason, one line each. */
  readonly remarks: readonly string[];
}

export interface DatasetOptions {
  readonly split: DatasetSplit;
  /** JSON file with the sex of each speaker. Default: the folder's speakers.json, if it exists. */
  readonly speakersFile?: string;
  /** Channel of recordings with several. @default 'best' */
  readonly channel?: ChannelChoice;
  /** Skips unusable recordings and speakers with a remark, instead of rejecting the whole folder. */
  readonly isSkipping: boolean;
  readonly signal: AbortSignal;
  /** @param fraction of the speakers read, 0 to 1 */
  readonly onProgress?: (fraction: number) => void;
}

/** BSS_EVAL and STOI need more than half a second of speech. */
const MINIMUM_TEST_SECONDS: Seconds = 1;
const LONGEST_RECORDING_SECONDS: Seconds = 3600;

/**
 * Reads DATASET/<speaker>/<recording>. Decodes every file that will be used, so that errors are reported before work starts.
 * @throws InputError naming the file or speaker: too few files, sample rates that differ, no audio, silence,
 * too little speech, or fewer than two speakers
 */
export async function readDataset(folder: string, options: DatasetOptions): Promise<Dataset> {
  const facts = await readSpeakerFacts(folder, options.speakersFile);
  const names = await speakerNames(folder);
  const remarks: string[] = [];
  const speakers: DatasetSpeaker[] = [];
  let sampleRateHertz: Hertz | null = null;
  for (const [index, name] of names.entries()) {
    options.signal.throwIfAborted();
    const read = await orSkipped(options.isSkipping, remarks, () =>
      readSpeaker(join(folder, name), name, facts.get(name) ?? null, sampleRateHertz, options, remarks),
    );
    if (read !== null) {
      sampleRateHertz ??= read.sampleRateHertz;
      speakers.push(read.speaker);
    }
    options.onProgress?.((index + 1) / names.length);
  }
  if (sampleRateHertz === null || speakers.length < 2) {
    throw new InputError(`${folder}: must contain folders of at least 2 usable speakers, got ${speakers.length}`);
  }
  return { folder, sampleRateHertz, speakers, remarks };
}

async function speakerNames(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    const collator = new Intl.Collator('en', { numeric: true });
    return folders.map((entry) => entry.name).sort(collator.compare);
  } catch (error) {
    throw fileError(error, 'cannot read', folder);
  }
}

async function readSpeaker(
  folder: string,
  name: string,
  sex: Sex | null,
  sampleRateHertz: Hertz | null,
  { split, isSkipping, signal, channel = 'best' }: DatasetOptions,
  remarks: string[],
): Promise<{ readonly speaker: DatasetSpeaker; readonly sampleRateHertz: Hertz }> {
  const usable: AudioRecording[] = [];
  const all = await expandAudioFiles([folder]);
  const needed = split.train + split.test;
  requireFiles(folder, all.length, split);
  // Files between the first and the last ones are not used, unless a skipped one has to be replaced.
  const paths = isSkipping ? all : [...all.slice(0, split.train), ...all.slice(-split.test)];
  for (const path of paths) {
    signal.throwIfAborted();
    const expectedHertz = sampleRateHertz ?? usable[0]?.sampleRateHertz ?? null;
    const recording = await orSkipped(isSkipping, remarks, () => readUsable(path, expectedHertz, channel));
    if (recording === null) continue;
    usable.push(recording);
    remarks.push(...recording.remarks);
  }
  requireFiles(folder, usable.length, split);
  const [first] = usable;
  if (first === undefined) throw new InputError(`${folder}: must contain at least one usable recording, got 0`);
  const training = usable.slice(0, split.train);
  const test = usable.slice(usable.length - needed + split.train);
  requireSpeech(folder, training, test);
  const trainingPaths = training.map((recording) => recording.name);
  const testPaths = test.map((recording) => recording.name);
  return { speaker: { name, sex, trainingPaths, testPaths }, sampleRateHertz: first.sampleRateHertz };
}

function requireFiles(folder: string, files: number, { train, test }: DatasetSplit): void {
  if (files >= train + test) return;
  throw new InputError(
    `${folder}: must contain at least ${train + test} recordings (${train} train, ${test} test; --split), got ${files}`,
  );
}

async function readUsable(path: string, expectedHertz: Hertz | null, channel: ChannelChoice): Promise<AudioRecording> {
  const recording = await readRecording(path, LONGEST_RECORDING_SECONDS, channel);
  const { sampleRateHertz } = recording;
  if (expectedHertz !== null && sampleRateHertz !== expectedHertz) {
    throw new InputError(
      `${path}: sample rate must be ${expectedHertz} Hz, as in the recordings before it, got ${sampleRateHertz} Hz`,
    );
  }
  checkRecording(recording);
  return recording;
}

function requireSpeech(folder: string, training: readonly AudioRecording[], test: readonly AudioRecording[]): void {
  try {
    joinSpeech(training, LONGEST_RECORDING_SECONDS);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${folder}: ${error.message}`) : error;
  }
  const testSeconds = test.reduce((sum, { samples, sampleRateHertz }) => sum + samples.length / sampleRateHertz, 0);
  if (testSeconds < MINIMUM_TEST_SECONDS) {
    throw new InputError(
      `${folder}: the test recordings must be at least ${MINIMUM_TEST_SECONDS} s together, got ${testSeconds.toFixed(2)} s`,
    );
  }
}

/** @returns null for an InputError if unusable files are to be skipped */
async function orSkipped<T>(isSkipping: boolean, remarks: string[], read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!isSkipping || !(error instanceof InputError)) throw error;
    remarks.push(`skipped: ${error.message}`);
    return null;
  }
}
