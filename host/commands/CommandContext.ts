import type { PresetLibrary } from '../PresetLibrary.ts';
import type { Terminal } from '../Terminal.ts';

/** What every command gets from the program around it. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly library: PresetLibrary;
  /** Aborted by Ctrl-C: a command then cleans up and rejects with the reason. */
  readonly signal: AbortSignal;
}

/** Results as JSON: numbers that are not finite, such as the SDR of a perfect copy, become null. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
