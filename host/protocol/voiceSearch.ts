import * as v from 'valibot';
import type { Seconds } from '../../engine/core/units.ts';

/**
 * `off`: the input is not listened to. `listening`: it is, and what was heard last is held in memory. `learning`: one of the voices is being
 * learnt meanwhile.
 */
export type VoiceSearchPhase = 'off' | 'listening' | 'learning';

/**
 * `heard`: it has not been alone for long enough. `learnt`: it has a preset in memory, which is forgotten at the end of the session, and a
 * strip. `kept`: its preset is in the library. `known`: it is that of a preset of the library, or of a loaded one.
 */
export type SearchedVoicePhase = 'heard' | 'learnt' | 'kept' | 'known';

export interface SearchedVoice {
  /** From 1, in the order in which the voices of this search were found. */
  readonly number: number;
  readonly phase: SearchedVoicePhase;
  /** Name of its preset; null while it is only heard. */
  readonly name: string | null;
  /** Speech in which it was alone. */
  readonly soloSeconds: Seconds;
  /** Of that, what its preset was learnt from; 0: it has none. */
  readonly learntSeconds: Seconds;
  /** Number of other voices whose templates told, when it was learnt, where it is alone. */
  readonly learntBeside: number;
}

/** Search for the voices at the input, whom nobody has enrolled. */
export interface VoiceSearchState {
  readonly phase: VoiceSearchPhase;
  /** Number of voices to find; null: as many as there seem to be. */
  readonly count: number | null;
  /** Speech heard since the search started, pauses not counted. */
  readonly speechSeconds: Seconds;
  /** Number of the voice that is being learnt; null: none. */
  readonly learning: number | null;
  readonly voices: readonly SearchedVoice[];
  /** Why the search has ended by itself, or a voice could not be learnt; null: it did not, and all could. */
  readonly problem: string | null;
}

export const NO_VOICE_SEARCH: VoiceSearchState = {
  phase: 'off',
  count: null,
  speechSeconds: 0,
  learning: null,
  voices: [],
  problem: null,
};

export const VOICE_SEARCH: v.GenericSchema<unknown, VoiceSearchState> = v.object({
  phase: v.picklist(['off', 'listening', 'learning']),
  count: v.nullable(v.number()),
  speechSeconds: v.number(),
  learning: v.nullable(v.number()),
  voices: v.array(
    v.object({
      number: v.number(),
      phase: v.picklist(['heard', 'learnt', 'kept', 'known']),
      name: v.nullable(v.string()),
      soloSeconds: v.number(),
      learntSeconds: v.number(),
      learntBeside: v.number(),
    }),
  ),
  problem: v.nullable(v.string()),
});
