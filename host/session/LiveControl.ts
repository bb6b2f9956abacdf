import type { Observable } from 'rxjs';
import type { ControlMessage } from '../protocol/controlMessages.ts';
import type { LiveState, LiveStatus } from '../protocol/LiveState.ts';

/** What steers a live session and hears of it: the panel's server, the status line, a script. */
export interface LiveControl {
  /** Begins with the present state; then each change, whole. */
  readonly state$: Observable<LiveState>;
  /** Twice a second while sound goes through; begins with the latest. */
  readonly status$: Observable<LiveStatus>;
  /** Encoded telemetry frames, up to 60 a second. Nobody waits for a listener: who is slow misses some. */
  readonly telemetry$: Observable<Uint8Array>;
  /** Does what is asked, or changes nothing. @throws InputError why not */
  control(message: ControlMessage): Promise<void>;
  /**
   * Adds one audio file to the enrolment that waits for files.
   * @param fileName shown in messages only, never a path
   * @throws InputError for what is no audio, too long, or not waited for
   */
  addEnrolmentFile(fileName: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** @returns the preset's name @throws InputError for what is no preset, or one of its name exists and `isReplacing` is false */
  importPreset(text: string, isReplacing: boolean): Promise<string>;
  /** @returns the preset file's text @throws InputError for an unknown name */
  exportPreset(name: string): Promise<string>;
}
