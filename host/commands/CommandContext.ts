import type { PresetLibrary } from '../library/PresetLibrary.ts';
import type { Terminal } from './Terminal.ts';

/** What every command gets from the program around it. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly library: PresetLibrary;
  /** Aborted by Ctrl-C: a command then cleans up and rejects with the reason. */
  readonly signal: AbortSignal;
}
