import type { InputSound } from '../rpc/takeMessages.ts';
import type { Findings, FoundPreset, VoicePassages } from './VoiceFinder.ts';

/** Start data of the worker. */
export interface VoiceFinderConfig {
  /** Number of voices; null: as many as are found. */
  readonly count: number | null;
}

export interface PassagesRequest {
  /** Of the voice to learn. */
  readonly number: number;
  /** Presets of voices that have one, by which the finder tells where the voice is alone; unused without that of the voice itself. */
  readonly presets: readonly FoundPreset[];
}

/** Calls to the thread in which a `VoiceFinder` listens. They are answered in their order. */
export interface VoiceFinderRequests {
  readonly hear: { readonly argument: InputSound; readonly answer: null };
  readonly find: { readonly argument: null; readonly answer: Findings };
  readonly passages: { readonly argument: PassagesRequest; readonly answer: VoicePassages };
}
