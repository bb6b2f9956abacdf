import type { RecordingOverviewFacts, RecordingSegments } from '../protocol/recordingState.ts';

/** A part of a level of the overview. */
export interface OverviewRequest {
  readonly level: number;
  /** First column. */
  readonly from: number;
  readonly columns: number;
}

/** A track of one separation. */
export interface TrackRequest {
  /** -1: the mixture; from 0: the voices, then the rest. */
  readonly track: number;
  /** `tracksRevision` of the separation; of no meaning for the mixture. */
  readonly tracks: number;
}

export interface SoundRequest extends TrackRequest {
  /** First sample. */
  readonly from: number;
  readonly samples: number;
}

/** A file of the open recording to download. */
export interface RecordingFile {
  /** Name to save it by. */
  readonly name: string;
  readonly path: string;
}

/**
 * The open recording for those that display it. Numbers may be any; what does not exist, or not any more, is null.
 * @param id of the recording
 */
export interface RecordingAccess {
  /**
   * Opens a recording, which closes the one before when it is uploaded. It is imported afterwards, as the state shows.
   * @param fileName for texts only; it is never used as a path
   * @param content is read completely, whatever its size: the caller limits it
   * @returns its id
   * @throws InputError if another one is being uploaded, the disk is full, or the session ends
   */
  open(fileName: string, content: AsyncIterable<Uint8Array>): Promise<number>;
  segments(): RecordingSegments | null;
  overview(id: number): RecordingOverviewFacts | null;
  /** @returns lowest and highest sample of each column as signed bytes, then the bands of each column */
  overviewPart(id: number, request: OverviewRequest): Promise<Uint8Array | null>;
  /** @returns samples of 16 bits, little endian; fewer at the end */
  sound(id: number, request: SoundRequest): Promise<Uint8Array | null>;
  trackFile(id: number, request: TrackRequest): RecordingFile | null;
  /** @returns the segments as the text of an Audacity label track: start and end in seconds, name */
  labels(id: number): string | null;
  /** The preset learnt of a voice, under the voice's name. */
  presetText(id: number, voice: number): string | null;
}
