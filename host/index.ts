/** Unmingle for Node: audio files, presets on disk, separation of whole files, training in a worker thread, live sessions and their panel. */

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
export type { LiveControl } from './live/LiveControl.ts';
export { LiveSession, type LiveSessionOptions } from './live/LiveSession.ts';
export { defaultSettings, speakerStrips } from './live/liveSettings.ts';
export { SessionStore } from './live/SessionStore.ts';
export {
  type PresetEntry,
  type PresetFolders,
  PresetLibrary,
  type PresetOrigin,
  presetFolders,
  readPresetFile,
} from './PresetLibrary.ts';
export { type Panel, type PanelOptions, startPanel } from './panel/PanelServer.ts';
export { type ControlMessage, parseControlMessage } from './protocol/controlMessages.ts';
export type { LiveSettings, LiveState, LiveStatus } from './protocol/LiveState.ts';
export { decodeTelemetryFrame, type TelemetryFrame } from './protocol/telemetryFrame.ts';
export { type MeasuredSource, ReferenceMetrics, type SourceMetrics } from './ReferenceMetrics.ts';
export { type KeptAdaptation, SceneLibrary, type SceneSource } from './SceneLibrary.ts';
export { type AdaptationListener, adaptInThread } from './thread/AdaptationThread.ts';
export { type TrainerListener, type TrainerResult, trainInThread } from './thread/TrainerThread.ts';
export type { MessageFromTrainer, TrainerJob } from './thread/trainerMessages.ts';
