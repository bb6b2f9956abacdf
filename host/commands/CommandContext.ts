import type { PresetLibrary } from '../library/PresetLibrary.ts';
import type { Terminal } from './Terminal.ts';

/** Environment of a command: its output, the user's presets, and cancellation. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly library: PresetLibrary;
  /** Aborted by Ctrl-C. A command then cleans up and rejects with the signal's reason. */
  readonly signal: AbortSignal;
}
