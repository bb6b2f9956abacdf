/** Public API for Node: audio files, presets on disk, separation of files, training in a worker thread, live sessions and their panel. */

export type { Mixdown } from '../engine/channels/Mixdown.ts';
export { CallError, type CallErrorKind } from '../engine/core/CallError.ts';
export type { ErrorKind, ErrorRecord } from '../engine/core/errorRecord.ts';
export type { FrequencyRange } from '../engine/core/FrequencyRange.ts';
export type { OverloadLevel } from '../engine/realtime/LoadGovernor.ts';
export {
  decodeTelemetryFrame,
  type SignalLevel,
  type SpeakerFrame,
  type TelemetryFrame,
} from '../engine/realtime/telemetryFrame.ts';
export { AudioFileReader } from './audio/AudioFileReader.ts';
export type { AudioFormat } from './audio/audioFormats.ts';
export { AudioError, type AudioErrorKind } from './audio/backend/AudioError.ts';
export type { ChannelChoice } from './audio/channelChoice.ts';
export { type AudioRecording, readRecording } from './audio/readRecording.ts';
export { resample } from './audio/resample.ts';
export type { SoundWriter, TrackFile } from './audio/SoundWriter.ts';
export { TRACK_FORMATS, type TrackFormat } from './audio/trackFormats.ts';
export { WAV_SAMPLE_FORMATS, type WavSampleFormat, WavWriter } from './audio/WavWriter.ts';
export type { WriteMode } from './files/partialFile.ts';
export {
  AdaptationLibrary,
  type AdaptationSource,
  type ImportedAdaptation,
  type KeptAdaptation,
} from './library/AdaptationLibrary.ts';
export { NameTakenError } from './library/NameTakenError.ts';
export {
  type AddedPreset,
  type AddingOptions,
  type PresetEntry,
  type PresetFile,
  type PresetFolders,
  PresetLibrary,
  type PresetOrigin,
  presetFolders,
  readPresetFile,
} from './library/PresetLibrary.ts';
export { type PresetPath, presetPath } from './library/PresetPath.ts';
export {
  type FileSeparationOptions,
  type FileSeparationResult,
  type PipedVoice,
  type SeparatedFile,
  separateFile,
} from './offline/FileSeparation.ts';
export { type MeasuredSource, ReferenceMetrics, type SourceMetrics } from './offline/ReferenceMetrics.ts';
export { type Panel, type PanelOptions, startPanel } from './panel/PanelServer.ts';
export {
  type CheckedMessage,
  type ControlMessage,
  parseControlMessage,
  type RequestId,
} from './protocol/controlMessages.ts';
export type { HostError, HostErrorKind } from './protocol/hostError.ts';
export { type HostMessage, parseHostMessage, type StatusPoint } from './protocol/hostMessages.ts';
export type * from './protocol/LiveState.ts';
export type { RecordingEdit, RecordingMessage } from './protocol/recordingMessages.ts';
export type {
  OpenRecording,
  RecordingOverviewFacts,
  RecordingPhase,
  RecordingSegment,
  RecordingSegments,
  RecordingVoice,
} from './protocol/recordingState.ts';
export type { Snapshot } from './protocol/settingsSchema.ts';
export {
  parseTakeFile,
  TAKE_FILE_NAME,
  type TakeFile,
  type TakeGap,
  type TakeInterval,
  type TakeLatency,
  type TakeVoice,
} from './protocol/takeFile.ts';
export type { SearchedVoice, SearchedVoicePhase, VoiceSearchPhase, VoiceSearchState } from './protocol/voiceSearch.ts';
export type { VoiceStreamFormat } from './protocol/voiceStreamFormat.ts';
export type {
  OverviewRequest,
  RecordingAccess,
  RecordingFile,
  SoundRequest,
  TrackRequest,
} from './recording/RecordingAccess.ts';
export type { SerializedError } from './rpc/SerializedError.ts';
export type { LiveControl } from './session/LiveControl.ts';
export { LiveSession, type LiveSessionOptions } from './session/LiveSession.ts';
export { defaultSettings, speakerStrips } from './session/liveSettings.ts';
export { SessionStore } from './session/SessionStore.ts';
export { type AdaptationListener, adaptInThread } from './workers/AdaptationThread.ts';
export type { AdaptationJob } from './workers/adaptationMessages.ts';
export { type TrainerListener, trainInThread } from './workers/TrainerThread.ts';
export type { MessageFromTrainer, TrainerJob, TrainerResult } from './workers/trainerMessages.ts';
