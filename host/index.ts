/** Unmingle for Node: audio files, presets on disk, separation of whole files, training in a worker thread. */

export { AudioFileReader } from './audio/AudioFileReader.ts';
export { type AudioRecording, readRecording } from './audio/readRecording.ts';
export { resample } from './audio/resample.ts';
export { WAV_SAMPLE_FORMATS, type WavSampleFormat, WavWriter } from './audio/WavWriter.ts';
export {
  type FileSeparationOptions,
  type FileSeparationResult,
  type SeparatedFile,
  separateFile,
} from './FileSeparation.ts';
export {
  type PresetEntry,
  type PresetFolders,
  PresetLibrary,
  type PresetOrigin,
  presetFolders,
  readPresetFile,
} from './PresetLibrary.ts';
export { type MeasuredSource, ReferenceMetrics, type SourceMetrics } from './ReferenceMetrics.ts';
export { type TrainerListener, type TrainerResult, trainInThread } from './thread/TrainerThread.ts';
export type { MessageFromTrainer, TrainerJob } from './thread/trainerMessages.ts';
