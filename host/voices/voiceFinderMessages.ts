import type { InputSound } from '../rpc/takeMessages.ts';
import type { Findings, VoicePassages } from './VoiceFinder.ts';

/** Start data of the worker. */
export interface VoiceFinderConfig {
  /** Number of voices; null: as many as are found. */
  readonly count: number | null;
}

/** Calls to the thread in which a `VoiceFinder` listens. They are answered in their order. */
export interface VoiceFinderRequests {
  readonly hear: { readonly argument: InputSound; readonly answer: null };
  readonly find: { readonly argument: null; readonly answer: Findings };
  readonly passages: { readonly argument: { readonly number: number }; readonly answer: VoicePassages };
}
