import type { AnnotatedSpeech } from '../../engine/recording/annotatedSpeech.ts';
import type { ImportedRecording } from '../../engine/recording/ImportedRecording.ts';
import type { SeparatedVoices } from '../../engine/recording/recordingReducer.ts';
import type { FoundSegments } from '../../engine/recording/SegmentFinder.ts';
import type { PresetFolders } from '../library/PresetLibrary.ts';

export interface ImportJob {
  /** Of the recording, with the upload. */
  readonly folder: string;
  /** Name of the recording in texts for the user. */
  readonly name: string;
}

export interface FindingJob {
  readonly folder: string;
  readonly name: string;
  /** Number of voices; null: as many as are found. */
  readonly voices: number | null;
  /** Library with the presets that voices are recognised by. */
  readonly presets: PresetFolders;
}

export interface SeparationJob extends AnnotatedSpeech {
  readonly folder: string;
  readonly name: string;
  /** New folder for presets and tracks. */
  readonly outFolder: string;
  /** Where the background is found. */
  readonly presets: PresetFolders;
  readonly imported: ImportedRecording;
}

export interface SeparatedRecording extends SeparatedVoices {
  /** [voices + 1] WAV files; the last one is the rest. */
  readonly trackPaths: readonly string[];
}

export interface WorkProgress {
  /** 0 to 1 */
  readonly fraction: number;
  /** What is being done, such as `learning ann`. */
  readonly detail: string | null;
}

export interface RecordingRequests {
  readonly import: {
    readonly argument: ImportJob;
    readonly progress: WorkProgress;
    readonly answer: ImportedRecording;
  };
  readonly find: { readonly argument: FindingJob; readonly progress: WorkProgress; readonly answer: FoundSegments };
  readonly separate: {
    readonly argument: SeparationJob;
    readonly progress: WorkProgress;
    readonly answer: SeparatedRecording;
  };
}
