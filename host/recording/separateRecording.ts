import { join } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { AdaptationLibrary } from '../library/AdaptationLibrary.ts';
import { withBackground } from '../library/Background.ts';
import { PRESET_EXTENSION, type PresetFile, PresetLibrary, readPresetFile } from '../library/PresetLibrary.ts';
import { writePreset } from '../library/writePreset.ts';
import { separateFile } from '../offline/FileSeparation.ts';
import { type LearntVoice, learnTwice } from '../offline/learnVoices.ts';
import { soloPassages } from '../offline/soloPassages.ts';
import { mixturePath } from './recordingPaths.ts';
import type { SeparatedRecording, SeparationJob } from './recordingThreadMessages.ts';

interface SeparationListener {
  readonly signal: AbortSignal;
  /** @param fraction of the whole, 0 to 1 @param detail what is being done */
  readonly onProgress: (fraction: number, detail: string) => void;
}

/** Parts of the progress. */
const LEARNING_END = 0.6;
const ADAPTING_END = 0.8;

/**
 * Learns each voice of a recording from where it is alone, adapts the voices to each other, and writes a track of each and of the rest. One
 * voice alone is adapted to the background.
 * @throws InputError if a voice has no segments or speaks too little, or the disk is full; CallError if it is aborted
 */
export async function separateRecording(job: SeparationJob, listener: SeparationListener): Promise<SeparatedRecording> {
  const { signal, onProgress } = listener;
  requireSpeech(job);
  const learnt = await learn(job, listener);
  signal.throwIfAborted();
  const { voices, isLastBackground } = await loaded(job, await written(job, learnt));
  const adaptations = new AdaptationLibrary(new PresetLibrary(job.presets));
  const source = await adaptations.source(voices);
  const adapted = await adaptations.adapt(source, {
    signal,
    isLowPriority: true,
    onProgress: (fraction) => onProgress(LEARNING_END + (ADAPTING_END - LEARNING_END) * fraction, 'adapting'),
  });
  const { imported, name, outFolder } = job;
  const { files, remarks } = await separateFile({
    mixturePath: mixturePath(job.folder),
    mixtureName: name,
    band: imported.band,
    offset: imported.offset,
    presets: voices.map(({ preset }) => preset),
    adaptation: adapted?.adaptation ?? null,
    outFolder: join(outFolder, 'tracks'),
    latency: 'studio',
    isRestWritten: true,
    isLastBackground,
    isOffline: true,
    format: 'pcm16',
    signal,
    onProgress: (fraction) => onProgress(ADAPTING_END + (1 - ADAPTING_END) * fraction, 'separating'),
  });
  const unadapted = adapted === null && source.reason !== null ? [`the voices were not adapted: ${source.reason}`] : [];
  return { learnt, trackPaths: files.map(({ path }) => path), remarks: [...remarks, ...unadapted] };
}

function requireSpeech({ names, segments }: SeparationJob): void {
  const silent = names.find((_, voice) => !segments.some((segment) => segment.voice === voice));
  if (silent !== undefined) {
    throw new InputError(`"${silent}" has no segments: add one, or merge it with another voice`);
  }
}

function learn(job: SeparationJob, { signal, onProgress }: SeparationListener): Promise<LearntVoice[]> {
  const { folder, name, names, segments, seconds, overlap, imported } = job;
  const recording = { path: mixturePath(folder), name, mixdown: null };
  const found = { segments, solo: soloPassages(segments, names.length, seconds, overlap) };
  return learnTwice(recording, found, names, imported.offset, {
    signal,
    isLowPriority: true,
    onProgress: (fraction, voice) =>
      onProgress(LEARNING_END * fraction, voice === null ? 'listening' : `learning ${voice}`),
  });
}

/** Writes the presets and their evidence, which the adaptation reads. */
async function written({ names, outFolder }: SeparationJob, learnt: readonly LearntVoice[]): Promise<PresetFile[]> {
  const files: PresetFile[] = [];
  for (const [index, { presetText, evidenceText }] of learnt.entries()) {
    const name = names[index]!;
    const path = join(outFolder, `${name}${PRESET_EXTENSION}`);
    await writePreset(path, { preset: presetText, evidence: evidenceText }, null);
    files.push({ name, origin: 'file', path, preset: await readPresetFile(path) });
  }
  return files;
}

/** One voice is loaded with the background, which takes all other sound. */
async function loaded({ presets }: SeparationJob, voices: readonly PresetFile[]) {
  if (voices.length > 1) return { voices, isLastBackground: false };
  const background = await withBackground(new PresetLibrary(presets), voices);
  return { voices: background.voices, isLastBackground: background.isLoaded };
}
