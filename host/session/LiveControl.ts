import type { Observable } from 'rxjs';
import type { PresetName } from '../../engine/model/PresetName.ts';
import type { ControlMessage } from '../protocol/controlMessages.ts';
import type { LiveState, LiveStatus } from '../protocol/LiveState.ts';
import type { RecordingAccess } from '../recording/RecordingAccess.ts';

/** Interface of a live session for everything that controls or displays it: the panel's server, the status line, a script. */
export interface LiveControl {
  /** Emits the present state on subscription, then the complete state after each change. */
  readonly state$: Observable<LiveState>;
  /** Emits the latest status on subscription, then one twice a second while devices are open. */
  readonly status$: Observable<LiveStatus>;
  /** Encoded telemetry frames, up to 60 a second. A subscriber that is too slow must drop frames itself. */
  readonly telemetry$: Observable<Uint8Array>;
  /** Sound frames of the mix (soundFrame.ts). It is sent only while there is a subscriber, who must drop frames if too slow. */
  readonly mix$: Observable<Uint8Array>;
  /** Opens and reads the recording that is corrected and separated in the panel. */
  readonly recordings: RecordingAccess;
  /** Resolves when the message has been carried out. @throws InputError with the reason if it is refused; then nothing has changed */
  control(message: ControlMessage): Promise<void>;
  /**
   * Adds one audio file to the enrolment in progress.
   * @param fileName for messages only; it is never used as a path
   * @param content is read completely, whatever its size: the caller limits it
   * @throws InputError if the file is not audio, is too long, or no file is expected
   */
  addEnrolmentFile(fileName: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * @param text of a preset file
   * @returns the preset's name
   * @throws InputError if `text` is not a valid preset; NameTakenError if a preset of this name exists and `isReplacing` is false
   */
  importPreset(text: string, isReplacing: boolean): Promise<string>;
  /** @returns the path of a WAV file of a take; null: the state's `takes` do not list it */
  takeFile(take: string, file: string): string | null;
  /** @returns the text of the preset file @throws InputError for an unknown name */
  exportPreset(name: PresetName): Promise<string>;
}
