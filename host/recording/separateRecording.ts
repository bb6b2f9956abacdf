import { join } from 'node:path';
import { clippingRemarks } from '../../engine/core/pcm16.ts';
import { parsePreset } from '../../engine/model/Preset.ts';
import { learnableSpeech } from '../../engine/recording/annotatedSpeech.ts';
import type { LearntVoice } from '../../engine/recording/learnTwice.ts';
import type { AdaptSpeakers, PreparedVoices } from '../../engine/recording/preparedVoices.ts';
import { AdaptationLibrary } from '../library/AdaptationLibrary.ts';
import { PRESET_EXTENSION, type PresetFile, PresetLibrary } from '../library/PresetLibrary.ts';
import { writePreset } from '../library/writePreset.ts';
import { separateFile } from '../offline/FileSeparation.ts';
import { learnRecordedVoices } from '../offline/learnVoices.ts';
import { voicesWithRest } from '../offline/preparedVoices.ts';
import { mixturePath } from './recordingPaths.ts';
import type { SeparatedRecording, SeparationJob } from './recordingThreadMessages.ts';

interface SeparationListener {
  readonly signal: AbortSignal;
  /** @param fraction of the whole, 0 to 1 @param detail what is being done */
  readonly onProgress: (fraction: number, detail: string) => void;
}

/** Parts of the progress. */
const LEARNING_END = 0.6;
const ADAPTING_END = 0.85;

/**
 * Learns each voice of a recording from where it is alone, adapts the voices to each other, and writes a track of each and of the rest: all
 * as `separate --rest` does.
 * @throws InputError if a voice has no segments or speaks too little, or the disk is full; CallError if it is aborted
 */
export async function separateRecording(job: SeparationJob, listener: SeparationListener): Promise<SeparatedRecording> {
  const { signal, onProgress } = listener;
  const learnt = await learn(job, listener);
  signal.throwIfAborted();
  const { reason, ...voices } = await prepare(job, await written(job, learnt), listener);
  const { imported, name, outFolder } = job;
  const { files, remarks } = await separateFile({
    ...voices,
    mixturePath: mixturePath(job.folder),
    mixtureName: name,
    band: imported.band,
    offset: imported.offset,
    outFolder: join(outFolder, 'tracks'),
    latency: 'studio',
    isRestWritten: true,
    isOffline: true,
    format: 'pcm16',
    signal,
    onProgress: (fraction) => onProgress(ADAPTING_END + (1 - ADAPTING_END) * fraction, 'separating'),
  });
  const clipped = files.flatMap((file) => clippingRemarks(file.speaker ?? 'rest', file.clippedSamples));
  const unadapted = reason === null ? [] : [`the voices were not adapted: ${reason}`];
  return { learnt, trackPaths: files.map(({ path }) => path), remarks: [...remarks, ...clipped, ...unadapted] };
}

/** Adapts the voices to each other, and to the background. */
function prepare(
  { presets, outFolder }: SeparationJob,
  voices: readonly PresetFile[],
  { signal, onProgress }: SeparationListener,
): Promise<PreparedVoices> {
  // Stored beside the tracks, which are deleted with the recording.
  const adaptations = new AdaptationLibrary(new PresetLibrary({ ...presets, own: outFolder }));
  const adapt: AdaptSpeakers<PresetFile> = async (speakers, onFraction) => {
    const source = await adaptations.source(speakers);
    const adapted = await adaptations.adapt(source, { signal, isLowPriority: true, onProgress: onFraction });
    return { adaptation: adapted?.adaptation ?? null, reason: adapted === null ? source.reason : null };
  };
  return voicesWithRest(new PresetLibrary(presets), voices, adapt, (fraction) =>
    onProgress(LEARNING_END + (ADAPTING_END - LEARNING_END) * fraction, 'adapting the voices to each other'),
  );
}

function learn(job: SeparationJob, { signal, onProgress }: SeparationListener): Promise<LearntVoice[]> {
  const { folder, name, names, imported } = job;
  const recording = { path: mixturePath(folder), name, mixdown: null };
  return learnRecordedVoices(recording, learnableSpeech(job), names, imported.offset, {
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
    files.push({ name, origin: 'file', path, preset: parsePreset(presetText) });
  }
  return files;
}
